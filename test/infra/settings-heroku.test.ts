import { capacityOf, herokuProblems, herokuSchema } from "../../infra/settings-heroku.ts";

test.each(["basic", "eco", "standard-1x", "Standard-1X"])("a dyno of 512 MB (%s) takes 12 calls", (size) => {
  expect(capacityOf(size)).toEqual({ AGENT_MAX_CALLS: "12" });
});

test("with a model fewer calls fit into it", () => {
  expect(capacityOf("basic", "realtime")).toEqual({ AGENT_MAX_CALLS: "4" });
  expect(capacityOf("basic", "pipeline")).toEqual({ AGENT_MAX_CALLS: "3" });
});

test.each(["standard-2x", "performance-m"])("%s takes as many as the agent takes by itself", (size) => {
  expect(capacityOf(size)).toEqual({});
});

describe("an app that exists", () => {
  const agentOf = (agent: object) => {
    const { middleware, agent: read } = herokuSchema.parse({ middleware: { name: "calls", existing: true }, agent });
    return { middleware, read };
  };

  test("keeps what is not said of its dynos, and gets no second store", () => {
    const { middleware, read } = agentOf({ name: "my-agent", existing: true, size: "standard-2x" });
    expect(middleware).toMatchObject({ keeps: ["size", "quantity"], addons: [] });
    expect(read).toMatchObject({ keeps: ["quantity"], size: "standard-2x" });
  });

  test("has nothing to keep where its process type is new there, or the app is", () => {
    for (const app of [{ existing: true, hasProcess: false }, {}])
      expect(agentOf({ name: "my-agent", ...app }).read).toMatchObject({ keeps: [], size: "basic", quantity: 1 });
    expect(herokuSchema.parse({ middleware: { name: "calls" } }).middleware.addons).toEqual([
      { plan: "heroku-redis:mini" },
    ]);
  });
});

test("preboot is refused for a size that is known not to have it", () => {
  const problems = (middleware: object) =>
    herokuProblems(
      "dev",
      herokuSchema.parse({ middleware: { name: "calls", ...middleware } }),
      "wss://dev.livekit.cloud",
      undefined,
    );
  const refused = ["heroku.middleware.preboot: is not there for basic dynos; use standard-1x or larger"];
  expect(problems({ preboot: true })).toEqual(refused);
  expect(problems({ preboot: true, existing: true, size: "basic" })).toEqual(refused);
  expect(problems({ preboot: true, existing: true })).toEqual([]);
});

test("the key is sent to no API whose address is not encrypted", () => {
  const heroku = herokuSchema.parse({ middleware: { name: "calls" }, agent: { name: "my-agent" } });
  const problems = (url?: string) => herokuProblems("dev", heroku, "wss://dev.livekit.cloud", url);
  expect(problems("http://heroku.example.com")).toEqual(["HEROKU_API_URL: is not encrypted: use https://"]);
  for (const url of ["https://heroku.example.com", "http://127.0.0.1:8080", undefined])
    expect(problems(url)).toEqual([]);
});
