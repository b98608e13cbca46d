import { leave } from "../../cli/commands/leave.ts";
import { recordedIO } from "../cli/recorded-io.ts";
import { liveObjects as live } from "./live-objects.ts";
import { type FaultProxy, startProxy } from "./proxy.ts";
import { createStack, type LiveKit, must, type Stack, startLiveKit } from "./stack.ts";

/** The stack `local`, in the flow `dial`, moves between two LiveKit projects with different keys, on the real engine. */

jest.setTimeout(120_000);

const UP = ["up", "--yes", "--skip-preview"];

let berlin: LiveKit;
let hamburg: LiveKit;
/** Before Hamburg: its requests can be made to fail. */
let proxy: FaultProxy;
let stack: Stack;

beforeAll(async () => {
  [berlin, hamburg] = await Promise.all([startLiveKit(), startLiveKit()]);
  proxy = await startProxy(hamburg.httpUrl);
  stack = await createStack("local", {});
}, 300_000); // the servers may have to be built first

afterAll(async () => {
  await proxy?.stop();
  await Promise.all([berlin?.stop(), hamburg?.stop()]);
  stack?.remove();
});

const keysOf = ({ apiKey, apiSecret }: LiveKit) => ({ LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret });
const previousKeysOf = ({ apiKey, apiSecret }: LiveKit) => ({
  LIVEKIT_PREVIOUS_API_KEY: apiKey,
  LIVEKIT_PREVIOUS_API_SECRET: apiSecret,
});

function settings(livekitUrl: string, livekitMovedFrom?: string): void {
  const secrets = { sipPassword: "canary/sip+password", jambonzWebhookSecret: "canary&webhook=secret" };
  stack.settings({ livekitUrl, livekitMovedFrom, sbcAddress: "127.0.0.1:5099", callFlow: "dial", ...secrets });
}

async function output(name: string): Promise<string> {
  return (await must(stack.pulumi(["stack", "output", name]))).stdout.trim();
}

/** All objects of the state are those of one project, and the next `up` has nothing to do. */
async function isIn(project: LiveKit): Promise<void> {
  const { ids } = await live(project);
  expect(ids).toHaveLength(3);
  const outputs = await Promise.all(["outboundTrunkId", "sipInboundTrunkId", "ruleId"].map(output));
  expect(outputs).toEqual(ids);
  expect((await stack.pulumi(["preview", "--expect-no-changes"], keysOf(project))).code).toBe(0);
}

test("there, with the keys of both: the new project has everything before the old one loses it, and the identity stays", async () => {
  settings(berlin.url);
  await must(stack.pulumi(UP, keysOf(berlin)));
  const before = await live(berlin);

  settings(proxy.url, berlin.url);
  await must(stack.pulumi(UP, { ...keysOf(hamburg), ...previousKeysOf(berlin) }));
  await isIn(hamburg);
  expect((await live(hamburg)).stackIds).toEqual(before.stackIds);
  expect((await live(berlin)).ids).toEqual([]);
});

test("and back, without the keys of the project that is left: what is there stays, is named, and a command removes it", async () => {
  const left = await live(hamburg);
  settings(berlin.url, proxy.url);
  const { stdout, stderr } = await must(stack.pulumi(UP, keysOf(berlin)));
  await isIn(berlin);
  expect(await live(hamburg)).toEqual(left);
  const told = stdout + stderr;
  expect(told).toContain("LEFT_BEHIND: ");
  for (const id of left.ids) expect(told).toContain(id);
  expect(told).toContain("npx --no-install trunkline leave");

  const byHand = await hamburg.sip.createSipInboundTrunk("by hand", ["+4930111111"]);
  const io = recordedIO({ ...stack.env, ...previousKeysOf(hamburg) }, stack.project);
  expect(await leave(["--stack", "local"], io)).toBe(1);
  for (const id of left.ids) expect(io.text()).toContain(id);
  expect((await live(hamburg)).ids).toHaveLength(4);
  expect(await leave(["--stack", "local", "--yes"], io)).toBe(0);
  expect((await live(hamburg)).ids).toEqual([byHand.sipTrunkId]);
  await isIn(berlin);
  await hamburg.wipe();
});

describe("what fails on the way leaves the old project as it was", () => {
  let before: Awaited<ReturnType<typeof live>>;
  beforeAll(async () => {
    before = await live(berlin);
  });
  const back = async () => {
    settings(berlin.url);
    await must(stack.pulumi(UP, keysOf(berlin)));
    expect(await live(berlin)).toEqual(before);
    await isIn(berlin);
  };

  test("the keys of the old project only: refused in preview", async () => {
    settings(proxy.url, berlin.url);
    const { code, stdout } = await stack.pulumi(["preview"], keysOf(berlin));
    expect(code).toBe(1);
    expect(stdout).toContain("ENVIRONMENT_MISMATCH: ");
    await back();
  });

  test.each([
    ["the outbound trunk", "CreateSIPOutboundTrunk"],
    ["the inbound trunk", "CreateSIPInboundTrunk"],
    ["the rule", "CreateSIPDispatchRule"],
  ])("%s cannot be made: back, in place, and there in a second try", async (_what, method) => {
    settings(proxy.url, berlin.url);
    proxy.fail(method, { status: 400 });
    const failed = await stack.pulumi(UP, keysOf(hamburg));
    expect(failed.code).toBe(1);
    expect(await live(berlin)).toEqual(before);
    await back();
    await hamburg.wipe();
  });

  test("a failure on the way, then on with the keys of both", async () => {
    settings(proxy.url, berlin.url);
    proxy.fail("CreateSIPInboundTrunk", { status: 400 });
    expect((await stack.pulumi(UP, keysOf(hamburg))).code).toBe(1);
    await must(stack.pulumi(UP, { ...keysOf(hamburg), ...previousKeysOf(berlin) }));
    await isIn(hamburg);
    expect((await live(berlin)).ids).toEqual([]);
  });

  test("wrong keys of the project that is left: the new one works, and the next up clears the old one", async () => {
    settings(berlin.url, proxy.url);
    const wrong = {
      LIVEKIT_PREVIOUS_API_KEY: "APIother",
      LIVEKIT_PREVIOUS_API_SECRET: "another-secret-of-some-length-000000",
    };
    const failed = await stack.pulumi(UP, { ...keysOf(berlin), ...wrong });
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain("LIVEKIT_PREVIOUS_API_KEY");
    expect((await live(berlin)).ids).toHaveLength(3);
    await must(stack.pulumi(UP, { ...keysOf(berlin), ...previousKeysOf(hamburg) }));
    await isIn(berlin);
    expect((await live(hamburg)).ids).toEqual([]);
  });
});
