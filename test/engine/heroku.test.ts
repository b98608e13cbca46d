import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { AGENT, AgentDyno, createHerokuStack, MIDDLEWARE } from "../heroku-api/heroku-stack.ts";
import { findPlugins, HOW_TO_GET_PLUGINS } from "../heroku-api/plugins.ts";
import { API_KEY, HerokuApi } from "../heroku-api/server.ts";
import type { StoredApp } from "../heroku-api/store.ts";
import { type LiveKit, must, type Stack, startLiveKit } from "./stack.ts";

/** The stack `dev` with both apps: the real engine, the real plug-ins, a real livekit-server, the real agent. */

const UP = ["up", "--yes", "--skip-preview"];
const DRIFT = ["refresh", "--preview-only", "--expect-no-changes", "--diff"];
const plugins = findPlugins();
if (plugins === undefined) process.stderr.write(`${HOW_TO_GET_PLUGINS}\n`);

(plugins === undefined ? describe.skip : describe)("on the real plug-ins", () => {
  let livekit: LiveKit;
  let api: HerokuApi;
  let stack: Stack;
  const dyno = new AgentDyno();

  beforeAll(async () => {
    if (plugins === undefined) throw new Error(HOW_TO_GET_PLUGINS);
    livekit = await startLiveKit();
    api = await new HerokuApi().start();
    api.store.onStart = (app) => dyno.restart(app);
    stack = await createHerokuStack(livekit, api, plugins);
  }, 120_000);

  afterAll(async () => {
    await dyno.stop();
    await api?.stop();
    await livekit?.stop();
    stack?.remove();
  });

  const app = (name: string): StoredApp => {
    const found = api.store.app(name);
    if (found === undefined) throw new Error(`there is no app ${name}`);
    return found;
  };
  const change = (file: string) => appendFileSync(join(stack.project, file), "\n// changed\n");

  test("deploys both apps in order, the middleware with the trunk's id", async () => {
    await must(stack.pulumi(UP));
    const [trunk] = await livekit.sip.listSipOutboundTrunk();
    expect(app(MIDDLEWARE)).toMatchObject({ region: "eu", vars: { LIVEKIT_OUTBOUND_TRUNK_ID: trunk?.sipTrunkId } });
    expect(app(MIDDLEWARE).formation.get("web")).toMatchObject({ quantity: 1 });
    expect(app(AGENT).formation.get("worker")).toMatchObject({ quantity: 1 });
    expect(app(MIDDLEWARE).addons.map(({ plan }) => plan)).toEqual(["heroku-redis:mini"]);
    const steps = api.changes().filter((one) => one.includes(`/apps/${MIDDLEWARE}/`) && !one.includes("/addons"));
    expect(steps.at(-1)).toMatch(/PATCH .*\/formation\/web/);
    expect(steps.at(-2)).toMatch(/POST .*\/builds/);
    expect(steps.at(-3)).toMatch(/PATCH .*\/config-vars/);
  }, 120_000);

  test("keeps secrets and the key out of the state, and paths of this machine, too", async () => {
    const { stdout } = await must(stack.pulumi(["stack", "export"]));
    for (const secret of ["canary-of-the", API_KEY, livekit.apiSecret, "secret-of-heroku-redis", stack.project])
      expect(stdout.includes(secret)).toBe(false);
  }, 60_000);

  test("does nothing on a second up, and sees no drift", async () => {
    const before = api.changes().length;
    await must(stack.pulumi([...UP, "--expect-no-changes"]));
    await must(stack.pulumi(DRIFT));
    expect(api.changes().length).toBe(before);
  }, 120_000);

  test("deploys only the app whose sources changed", async () => {
    const before = api.changes().length;
    change("service/middleware/server.ts");
    await must(stack.pulumi(UP));
    const builds = api
      .changes()
      .slice(before)
      .filter((one) => one.endsWith("/builds"));
    expect(builds).toEqual([`POST /apps/${MIDDLEWARE}/builds`]);
  }, 120_000);

  test("sees a config var that was changed by hand, and heals it", async () => {
    app(MIDDLEWARE).vars.CALL_FLOW = "dial";
    const drift = await stack.pulumi(DRIFT);
    expect(drift.code).toBe(7);
    expect(drift.stdout).toContain("CALL_FLOW");
    await must(stack.pulumi([...UP, "--refresh"]));
    expect(app(MIDDLEWARE).vars.CALL_FLOW).toBe("callback");
  }, 120_000);

  test("sees a deployment by hand through the ready check", async () => {
    const deployed = app(MIDDLEWARE).builds.at(-1);
    if (deployed === undefined) throw new Error("nothing is deployed");
    const { version } = deployed.source;
    deployed.source.version = "fedcba9876543210";
    const drift = await stack.pulumi(DRIFT);
    deployed.source.version = version;
    expect(drift.code).toBe(7);
    expect(drift.stdout).toMatch(/~ buildHash\s*: "[0-9a-f]{16}" => "fedcba9876543210"/);
  }, 120_000);

  test("a release that fails stops the update before anything that depends on it", async () => {
    api.store.failNextRelease = true;
    change("service/middleware/server.ts");
    await must(stack.pulumi(["config", "set", "announcement", "Hello."]));
    const { code, stdout } = await stack.pulumi(UP);
    expect(code).toBe(1);
    expect(stdout).toContain("failed");
    expect(app(MIDDLEWARE).builds).toHaveLength(2);
    await must(stack.pulumi(UP));
    expect(app(MIDDLEWARE).vars.ANNOUNCEMENT).toBe("Hello.");
  }, 120_000);

  test("destroy leaves no app", async () => {
    await must(stack.pulumi(["destroy", "--yes", "--skip-preview"]));
    expect(api.store.apps).toEqual([]);
    expect(await livekit.sip.listSipOutboundTrunk()).toEqual([]);
  }, 120_000);
});
