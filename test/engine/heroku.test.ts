import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { AGENT, describeDeployments, MIDDLEWARE, type Surroundings, setHeroku } from "../heroku-api/heroku-stack.ts";
import { API_KEY, type HerokuApi } from "../heroku-api/server.ts";
import type { StoredApp } from "../heroku-api/store.ts";
import { type LiveKit, must, type Stack } from "./stack.ts";

/** The stack `dev` with both apps, from nothing to nothing. */

const UP = ["up", "--yes", "--skip-preview"];
const DRAIN = "https://canary-of-the-drain@logs.example.com";
const DRIFT = ["refresh", "--preview-only", "--expect-no-changes", "--diff"];

jest.setTimeout(300_000);

describeDeployments("new apps", (start) => {
  let surroundings: Surroundings;
  let livekit: LiveKit;
  let api: HerokuApi;
  let stack: Stack;

  beforeAll(async () => {
    surroundings = await start();
    ({ livekit, api, stack } = surroundings);
    await setHeroku(stack, { "middleware.domain": "calls.example.com" });
    await must(stack.pulumi(["config", "set", "--secret", "herokuDrain", DRAIN]));
  });
  afterAll(() => surroundings?.stop());

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
    expect(app(MIDDLEWARE)).toMatchObject({ acm: true, domains: [{ hostname: "calls.example.com" }] });
    for (const name of [MIDDLEWARE, AGENT]) expect(app(name).drains).toMatchObject([{ url: DRAIN }]);
    const running = /\/(config-vars|builds|formation\/web)$/;
    const steps = api.changes().filter((one) => one.includes(`/apps/${MIDDLEWARE}/`) && running.test(one));
    expect(steps.at(-1)).toMatch(/PATCH .*\/formation\/web/);
    expect(steps.at(-2)).toMatch(/POST .*\/builds/);
    expect(steps.at(-3)).toMatch(/PATCH .*\/config-vars/);
  });

  test("keeps secrets and the key out of the state, and paths of this machine, too", async () => {
    const { stdout } = await must(stack.pulumi(["stack", "export"]));
    for (const secret of ["canary-of-the", API_KEY, DRAIN, livekit.apiSecret, "secret-of-heroku-redis", stack.project])
      expect(stdout.includes(secret)).toBe(false);
  });

  test("does nothing on a second up, and sees no drift", async () => {
    const before = api.changes().length;
    await must(stack.pulumi([...UP, "--expect-no-changes"]));
    await must(stack.pulumi(DRIFT));
    expect(api.changes().length).toBe(before);
  });

  test("deploys only the app whose sources changed", async () => {
    const before = api.changes().length;
    change("service/middleware/server.ts");
    await must(stack.pulumi(UP));
    const builds = api
      .changes()
      .slice(before)
      .filter((one) => one.endsWith("/builds"));
    expect(builds).toEqual([`POST /apps/${MIDDLEWARE}/builds`]);
  });

  test("sees a config var that was changed by hand, and heals it", async () => {
    app(MIDDLEWARE).vars.CALL_FLOW = "dial";
    const drift = await stack.pulumi(DRIFT);
    expect(drift.code).toBe(7);
    expect(drift.stdout).toContain("CALL_FLOW");
    await must(stack.pulumi([...UP, "--refresh"]));
    expect(app(MIDDLEWARE).vars.CALL_FLOW).toBe("callback");
  });

  test("sees a deployment by hand through the ready check", async () => {
    const deployed = app(MIDDLEWARE).builds.at(-1);
    if (deployed === undefined) throw new Error("nothing is deployed");
    const { version } = deployed.source;
    deployed.source.version = "fedcba9876543210";
    const drift = await stack.pulumi(DRIFT);
    deployed.source.version = version;
    expect(drift.code).toBe(7);
    expect(drift.stdout).toMatch(/~ buildHash\s*: "[0-9a-f]{16}" => "fedcba9876543210"/);
  });

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
  });

  test("destroy leaves no app", async () => {
    await must(stack.pulumi(["destroy", "--yes", "--skip-preview"]));
    expect(api.store.apps).toEqual([]);
    expect(await livekit.sip.listSipOutboundTrunk()).toEqual([]);
  });
});
