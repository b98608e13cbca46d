import { AGENT, describeDeployments, MIDDLEWARE, type Surroundings, setHeroku } from "../heroku-api/heroku-stack.ts";
import type { HerokuApi } from "../heroku-api/server.ts";
import type { StoredApp } from "../heroku-api/store.ts";
import { must, type Stack } from "./stack.ts";

/** Both names are taken by apps that somebody made by hand, in a team: the usual case. */

const UP = ["up", "--yes", "--skip-preview"];
const REDIS = "redis-curved-12345";
const SECRET_BY_HAND = "canary-of-the-existing-app";
const IMPORTED_ONCE_MORE = "heroku:index:Formation middleware";
const DRAIN = "syslog+tls://canary-of-the-drain@logs.example.com:6514";

jest.setTimeout(300_000);

describeDeployments("apps that exist", (start) => {
  let surroundings: Surroundings;
  let api: HerokuApi;
  let stack: Stack;
  let middleware: StoredApp;
  let agent: StoredApp;

  beforeAll(async () => {
    surroundings = await start();
    ({ api, stack } = surroundings);
    middleware = madeByHand(MIDDLEWARE, "web", { size: "Standard-1X", quantity: 3 });
    api.store.addAddon(middleware, "heroku-redis:mini", REDIS);
    agent = madeByHand(AGENT, "worker", { size: "Basic", quantity: 1 });
    await must(stack.pulumi(["config", "rm", "announcement"])); // so that the app keeps its own
    await setHeroku(stack, {
      "middleware.existing": "true",
      "middleware.quantity": "1",
      "middleware.addons[0].plan": "heroku-redis:mini",
      "middleware.addons[0].existing": REDIS,
      "agent.existing": "true",
    });
  });
  afterAll(() => surroundings?.stop());

  function madeByHand(name: string, type: string, dynos: { size: string; quantity: number }): StoredApp {
    const app = api.store.addApp({ name, region: "eu", stack: "heroku-22", team: "my-team" });
    Object.assign(app.vars, { LIVEKIT_URL: "wss://by-hand.livekit.cloud", OPENAI_API_KEY: SECRET_BY_HAND });
    Object.assign(app.vars, { ANNOUNCEMENT: "By hand.", AGENT_CONVERSATION: "realtime" });
    app.formation.set(type, { id: crypto.randomUUID(), ...dynos });
    return app;
  }

  test("one in another region is refused before anything is done to it", async () => {
    agent.region = "us";
    const { code, stdout } = await stack.pulumi(["preview"]);
    agent.region = "eu";
    expect(code).toBe(1);
    expect(stdout).toContain(`HEROKU_REGION: the app "${AGENT}" is in the region "us", and has to be in "eu"`);
    expect(stdout).not.toMatch(/replace|at .*heroku-service/);
    expect(api.changes()).toEqual([]);
  });

  test("a preview shows what is imported, and what becomes of the dynos and of each config var", async () => {
    const { stdout } = await must(stack.pulumi(["preview", "--diff"]));
    for (const imported of [middleware.id, agent.id, REDIS]) expect(stdout).toContain(`[id=${imported}]`);
    expect(stdout.match(/quantity\s*: 3 => 1/g)).toHaveLength(1);
    expect(stdout).not.toMatch(/size\s*: .*=>/);
    expect(stdout).toMatch(/LIVEKIT_URL\s*: .*wss:\/\/by-hand\.livekit\.cloud.* → /);
    expect(stdout).not.toContain(SECRET_BY_HAND);
    expect(api.changes()).toEqual([]);
  });

  test("up takes them over: the same apps, add-on and team, our dynos and config vars beside theirs", async () => {
    const before = [middleware.id, agent.id];
    await must(stack.pulumi(UP));
    expect(api.store.apps.map(({ id }) => id)).toEqual(before);
    const made = (change: string) => change.endsWith("/apps") || change.includes("/addons");
    expect(api.changes().filter((one) => made(one) || one.startsWith("DELETE"))).toEqual([]);
    const [trunk] = await surroundings.livekit.sip.listSipOutboundTrunk();
    expect(middleware).toMatchObject({
      team: "my-team",
      stack: "heroku-22",
      addons: [{ name: REDIS }],
      vars: {
        LIVEKIT_URL: surroundings.livekit.url,
        LIVEKIT_OUTBOUND_TRUNK_ID: trunk?.sipTrunkId,
        OPENAI_API_KEY: SECRET_BY_HAND,
        ANNOUNCEMENT: "By hand.",
      },
    });
    expect(agent.vars).toMatchObject({ AGENT_CONVERSATION: "realtime" });
    expect(middleware.formation.get("web")).toMatchObject({ size: "Standard-1X", quantity: 1 });
    expect(agent.formation.get("worker")).toMatchObject({ size: "Basic", quantity: 1 });
  });

  /** Engines before 3.252 forget an import that an update followed: they import those dynos once more, which changes nothing. */
  test("a second up changes nothing, and there is no drift", async () => {
    const before = api.changes().length;
    const { stdout } = await must(stack.pulumi(UP));
    for (const [, again] of stdout.matchAll(/^ +[-+~=>]+ +(\S+ \S+)/gm)) expect(again).toBe(IMPORTED_ONCE_MORE);
    await must(stack.pulumi([...UP, "--expect-no-changes"]));
    await must(stack.pulumi(["refresh", "--preview-only", "--expect-no-changes", "--diff"]));
    expect(api.changes().length).toBe(before);
  });

  test("a domain and a log drain are added, and stay as they are; certificates are the app's own matter", async () => {
    await setHeroku(stack, { "middleware.domain": "calls.example.com" });
    await must(stack.pulumi(["config", "set", "--secret", "herokuDrain", DRAIN]));
    await must(stack.pulumi(UP));
    expect(middleware).toMatchObject({ acm: false, domains: [{ hostname: "calls.example.com" }] });
    for (const app of [middleware, agent]) expect(app.drains).toMatchObject([{ url: DRAIN }]);
    await must(stack.pulumi([...UP, "--refresh", "--expect-no-changes"]));
  });

  test("what was taken over is not replaced: Pulumi refuses; config vars and builds stay the app's", async () => {
    const { stdout } = await must(stack.pulumi(["stack", "export"]));
    const { deployment } = JSON.parse(stdout) as { deployment: { resources: { urn: string; type: string }[] } };
    const isOf = (kinds: string[], type: string) =>
      kinds.some((kind) => type.startsWith("heroku:") && type.endsWith(kind));
    const imported = deployment.resources.filter(({ type }) => isOf([":App", ":Addon", ":Formation"], type));
    const others = deployment.resources.filter(({ type }) => isOf([":AppConfigAssociation", ":Build"], type));
    expect([imported.length, others.length]).toEqual([5, 4]);
    const seen = () => api.store.apps.map(({ releases: _, builds: __, ...app }) => structuredClone(app));
    const before = seen();
    for (const { urn } of imported) expect((await stack.pulumi([...UP, "--replace", urn])).code).not.toBe(0);
    await must(stack.pulumi([...UP, ...others.flatMap(({ urn }) => ["--replace", urn])]));
    expect(seen()).toEqual(before);
    await must(stack.pulumi([...UP, "--expect-no-changes"]));
  });

  test("the state holds no secret of theirs, nor the drain's address", async () => {
    const { stdout } = await must(stack.pulumi(["stack", "export"]));
    for (const secret of [SECRET_BY_HAND, DRAIN, "secret-of-redis"]) expect(stdout.includes(secret)).toBe(false);
  });

  test("destroy leaves them running; what was added to them goes", async () => {
    await must(stack.pulumi(["destroy", "--yes", "--skip-preview"]));
    expect(api.store.apps).toEqual([middleware, agent]);
    expect(middleware).toMatchObject({ addons: [{ name: REDIS }], domains: [], drains: [] });
    expect(middleware.formation.get("web")).toMatchObject({ quantity: 1 });
    expect(middleware.vars).toMatchObject({ LIVEKIT_URL: surroundings.livekit.url, OPENAI_API_KEY: SECRET_BY_HAND });
  });
});
