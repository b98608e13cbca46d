import { freePort } from "../../../sandbox/processes/ports.ts";
import { type LiveKit, startLiveKit } from "../../engine/stack.ts";
import { Slug } from "./dyno.ts";

/** What is deployed, started as a dyno would start it, beside a real livekit-server. */

let livekit: LiveKit;
let variables: Record<string, string>;

beforeAll(async () => {
  livekit = await startLiveKit();
  const { sipTrunkId } = await livekit.sip.createSipOutboundTrunk("sbc", "sbc.example.com", ["+4930123456"]);
  variables = {
    ...livekit.keys,
    LIVEKIT_URL: livekit.url,
    LIVEKIT_OUTBOUND_TRUNK_ID: sipTrunkId,
    JAMBONZ_WEBHOOK_SECRETS: "webhook-secret",
    TRUNKLINE_STACK: "dev",
  };
}, 60_000);

afterAll(() => livekit?.stop());

describe("the middleware", () => {
  let slug: Slug;
  beforeAll(async () => {
    slug = await Slug.build("middleware");
  }, 150_000);
  afterAll(() => slug?.remove());

  test("its release goes on with a good configuration", async () => {
    expect(await slug.run("release", variables).ended).toMatchObject({ code: 0 });
  }, 30_000);

  test.each([
    ["a config var is missing", { JAMBONZ_WEBHOOK_SECRETS: "" }, 2, "JAMBONZ_WEBHOOK_SECRETS"],
    ["the trunk is gone", { LIVEKIT_OUTBOUND_TRUNK_ID: "ST_gone" }, 1, "RELEASE_TRUNK_MISSING"],
    ["LiveKit refuses the key", { LIVEKIT_API_SECRET: "x".repeat(32) }, 1, "RELEASE_LIVEKIT_REFUSED"],
  ])(
    "its release stops when %s",
    async (_what, changes, code, told) => {
      const ended = await slug.run("release", { ...variables, ...changes }).ended;
      expect(ended.code).toBe(code);
      expect(ended.output).toContain(told);
      expect(ended.output).not.toContain(livekit.apiSecret);
    },
    30_000,
  );

  test("listens on PORT, says which build with which trunk it is, and ends at SIGTERM", async () => {
    const port = await freePort();
    const web = slug.run("web", { ...variables, PORT: String(port) });
    await web.says("Server listening");
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(await answer.json()).toMatchObject({
      status: "ready",
      build: slug.buildHash,
      trunkId: variables.LIVEKIT_OUTBOUND_TRUNK_ID,
    });
    expect(await web.stop()).toMatchObject({ code: 0 });
  }, 30_000);
});

describe("the agent", () => {
  let slug: Slug;
  beforeAll(async () => {
    slug = await Slug.build("agent");
  }, 150_000);
  afterAll(() => slug?.remove());

  test("its release goes on with a good key only", async () => {
    expect(await slug.run("release", variables).ended).toMatchObject({ code: 0 });
    const refused = await slug.run("release", { ...variables, LIVEKIT_API_SECRET: "x".repeat(32) }).ended;
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("RELEASE_LIVEKIT_REFUSED") });
  }, 30_000);

  test("registers with LiveKit, and ends at SIGTERM", async () => {
    const worker = slug.run("worker", variables);
    await worker.says("agent.registered");
    expect(await worker.stop()).toMatchObject({ code: 0 });
  }, 60_000);
});
