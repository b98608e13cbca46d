import { linesOf, ModelCaller } from "../../sandbox/calls/model-caller.ts";
import { type FlowName, System } from "../../sandbox/calls/system.ts";
import type { Models } from "../../sandbox/models/models.ts";
import { assistant, PHRASES, type Script } from "../../sandbox/models/script.ts";
import type { Running } from "../../sandbox/processes/supervisor.ts";
import { checkout } from "../../sandbox/root.ts";
import { requireSpeech } from "../../sandbox/toolchain/debian.ts";

// Agents of the user's own in real calls: a module within our handling of calls, and a stock LiveKit worker.
jest.setTimeout(90_000);

const FLOWS = ["callback", "dial"] as const satisfies FlowName[];
const NOTHING = { rooms: [], calls: [], legs: 0 };
const system = new System(false);

beforeAll(async () => {
  await requireSpeech(() => undefined);
  await system.startServers();
}, 300_000); // the servers may have to be built first

afterAll(() => system.stop());

/** Asked for the opening hours the model looks them up; else it is polite. */
const looksUp: Script = (turn) =>
  turn.by === "caller" && turn.text.includes(PHRASES.question.words)
    ? { call: [{ name: "openingHours", args: { day: "Saturday" } }] }
    : assistant(turn);

describe("a module of the user's, under a name of the user's", () => {
  let models: Models;

  beforeAll(async () => {
    await system.startMiddleware({ AGENT_NAME: "flower-shop" });
    models = await system.startModelAgent("pipeline", {
      AGENT_NAME: "flower-shop",
      AGENT_MODULE: "examples/own-agent/agent.ts",
    });
    models.script = looksUp;
  }, 60_000);
  afterAll(() => system.agent?.stop());

  test("greets, looks something up, and hangs up with a good-bye, all heard whole", async () => {
    const callers = FLOWS.map((flow) => new ModelCaller(system, flow));
    for (const caller of callers) {
      await caller.saw("greeting.finished");
      await caller.say("question");
    }
    await untilTold(models, 2);
    for (const caller of callers) await caller.say("goodbye");
    for (const caller of callers) {
      const call = await caller.over;
      expect(linesOf(call).map(({ line }) => line)).toEqual(["greeting", "answer", "goodbye"]);
      expect(call.caller.endedBy).toBe("callee");
    }
    expect(await system.leftovers()).toEqual(NOTHING);
  });

  test("has its own instructions for a called number, from a file, and its own models", () => {
    const requests = models.of("llm").map(({ settings }) => JSON.stringify(settings));
    for (const words of ["assistant of a flower shop", "wholesale department"])
      expect(requests.filter((request) => request.includes(words)).length).toBeGreaterThan(0);
    const asked = [...models.of("stt"), ...models.of("tts")].map(({ settings }) => JSON.stringify(settings));
    expect(asked.filter((settings) => settings.includes("assemblyai/universal-streaming"))).toHaveLength(2);
    expect(asked.filter((settings) => settings.includes("elevenlabs/eleven_turbo_v2_5"))).toHaveLength(2);
  });
});

describe("a module with a filter for noise", () => {
  afterAll(() => system.agent?.stop());

  test("has its models hear what the filter leaves, here nothing at all", async () => {
    await system.startMiddleware();
    const models = await system.startModelAgent("pipeline", {
      AGENT_MODULE: "test/calls/filtering-agent.ts",
      AGENT_SILENCE_SECONDS: "6",
    });
    const before = models.of("stt").length; // of the agent before
    const callers = FLOWS.map((flow) => new ModelCaller(system, flow));
    for (const caller of callers) {
      await caller.saw("greeting.finished");
      await caller.say("question");
    }
    for (const caller of callers) {
      const lines = linesOf(await caller.over).map(({ line }) => line);
      expect(lines).toEqual(["greeting", "stillThere", "goodbye"]);
    }
    const heard = models.of("stt").slice(before);
    expect(heard.map(({ heardHz }) => heardHz)).toEqual([[], []]);
    expect(await system.leftovers()).toEqual(NOTHING);
  });
});

/** Until so many look-ups were told to the model, and what it said of them has been heard. */
async function untilTold(models: Models, count: number): Promise<void> {
  const told = () =>
    models
      .of("llm")
      .filter(({ texts }) => texts.some(({ who, text }) => who === "tool" && text.includes("ten to two")));
  for (const end = Date.now() + 20_000; told().length < count; await new Promise((done) => setTimeout(done, 50)))
    if (Date.now() > end) throw new Error(`only ${told().length} look-ups were told`);
  await new Promise((done) => setTimeout(done, 5_000));
}

describe("a stock LiveKit worker", () => {
  let worker: Running;

  beforeAll(async () => {
    await system.startMiddleware({ AGENT_NAME: "stock-agent" });
    const models = system.models as Models;
    models.script = assistant;
    const { url, apiKey, apiSecret } = system.livekit;
    let isUp = () => {};
    const registered = new Promise<void>((resolve) => {
      isUp = resolve;
    });
    worker = await system.supervisor.start({
      name: "stock-agent",
      command: process.execPath,
      args: [checkout("examples/stock-agent/agent.ts"), "start"],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        LIVEKIT_URL: url,
        LIVEKIT_API_KEY: apiKey,
        LIVEKIT_API_SECRET: apiSecret,
        ...models.environment("realtime"),
      },
      onLine: (line) => {
        if (line.includes("registered worker")) isUp();
      },
    });
    await registered;
  }, 60_000);
  afterAll(() => worker.stop());

  test.each(FLOWS)("%s: greets and answers", async (flow) => {
    const caller = new ModelCaller(system, flow, { holdMs: 13_000, bye: "caller" });
    await new Promise((done) => setTimeout(done, 7_000));
    await caller.say("question");
    const call = await caller.over;
    expect(linesOf(call).map(({ line }) => line)).toEqual(["greeting", "answer"]);
    expect(call.caller.endedBy).toBe("caller");
    expect(await system.leftovers(20_000)).toEqual(NOTHING);
  });
});
