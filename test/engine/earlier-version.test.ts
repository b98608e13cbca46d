import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dispatch } from "@trunkline/providers";
import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { LiveKitClient } from "../../providers/livekit/client.ts";
import { liveObjects } from "./live-objects.ts";
import { createStack, type LiveKit, must, type Stack, startLiveKit } from "./stack.ts";

/**
 * A stack that the first version has made, in the flow `dial`: its state and its objects, recorded with the version before stacks had an
 * identity (2026-11-28). The marks have names only.
 */

jest.setTimeout(120_000);

const UP = ["up", "--yes", "--skip-preview"];
const RECORDED = "test/engine/states/first-version.json";

let livekit: LiveKit;
let stack: Stack;
let settings: Record<string, unknown>;
let state: string;

beforeAll(async () => {
  livekit = await startLiveKit();
  stack = await createStack("local", livekit.keys);
  settings = {
    livekitUrl: livekit.url,
    sbcAddress: "127.0.0.1:5099",
    callFlow: "dial",
    sipPassword: "canary/sip+password",
    jambonzWebhookSecret: "canary&webhook=secret",
  };
  stack.settings(settings);
  const file = join(stack.folder, "state.json");
  state = await recordedState();
  writeFileSync(file, state);
  await must(stack.pulumi(["stack", "import", "--file", file]));
}, 300_000); // the servers may have to be built first

afterAll(async () => {
  await livekit?.stop();
  stack?.remove();
});

/** Makes the recorded objects; returns the recorded state with their ids and this server's address. */
async function recordedState(): Promise<string> {
  const { host, live, state: exported } = JSON.parse(readFileSync(RECORDED, "utf8"));
  const client = new LiveKitClient(livekit.url, livekit);
  let text: string = JSON.stringify(exported).replaceAll(host, livekit.url);
  for (const recorded of live.outboundTrunks) {
    const { sipTrunkId } = await client.createOutboundTrunk(
      SIPOutboundTrunkInfo.fromJson({ ...recorded, sipTrunkId: "" }),
    );
    text = text.replaceAll(recorded.sipTrunkId, sipTrunkId);
  }
  const made = new Map<string, string>();
  for (const recorded of live.inboundTrunks) {
    const { sipTrunkId } = await client.createInboundTrunk(
      SIPInboundTrunkInfo.fromJson({ ...recorded, sipTrunkId: "" }),
    );
    made.set(recorded.sipTrunkId, sipTrunkId);
    text = text.replaceAll(recorded.sipTrunkId, sipTrunkId);
  }
  for (const recorded of live.dispatchRules) {
    const trunkIds = recorded.trunkIds.map((id: string) => made.get(id));
    const rule = await client.createDispatchRule(
      SIPDispatchRuleInfo.fromJson({ ...recorded, sipDispatchRuleId: "", trunkIds }),
    );
    text = text.replaceAll(recorded.sipDispatchRuleId, rule.sipDispatchRuleId);
  }
  return text;
}

const live = () => liveObjects(livekit);

const expectedMarks = (mark: object) =>
  ["sbc", "dial", "dial"].map((name) => ({ project: "trunkline", ...mark, name }));

interface Recorded {
  type: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** Secrets as `stack export --show-secrets` writes them. */
function plain(_key: string, value: unknown): unknown {
  const isSecret = typeof value === "object" && value !== null && "plaintext" in value;
  return isSecret ? JSON.parse(String(value.plaintext)) : value;
}

test("today's identity is no change of any recorded resource, and no drift", async () => {
  Object.assign(process.env, livekit.keys);
  const before = await live();
  expect(before.marks).toEqual(expectedMarks({ stack: "local" }));
  const { deployment } = JSON.parse(state, plain);
  const recorded: Recorded[] = deployment.resources.filter(({ type }: Recorded) => type.includes("dynamic/livekit:"));
  expect(recorded).toHaveLength(5);
  for (const { type, id, inputs, outputs } of recorded) {
    const kind = dispatch(type.replace("pulumi-nodejs:dynamic/", ""));
    const owner = { stackId: "trunkline/local", ...(inputs.owner as object) };
    const checked = await kind.check(inputs, { ...inputs, owner });
    expect([type, checked.failures]).toEqual([type, []]);
    expect([type, await kind.diff(id, outputs, checked.inputs)]).toMatchObject([type, { changes: false }]);
    const { __provider: _, ...props } = outputs;
    expect([type, (await kind.read(id, outputs)).props]).toEqual([type, props]);
  }
  expect(await live()).toEqual(before);
});

test("a new stack of these names, in another backend, is refused", async () => {
  const second = await createStack("local", livekit.keys);
  second.settings(settings);
  const before = await live();
  const { code, stdout } = await second.pulumi(["preview"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/OWNED_BY_ANOTHER: .* adopt: "ST_\w+@trunkline\/local"/);
  expect(await live()).toEqual(before);
  second.remove();
});

test("the first update writes the mark of today, in place, with the identity that the stack has", async () => {
  const before = await live();
  stack.settings({ ...settings, mediaEncryption: "allow" });
  await must(stack.pulumi(UP));
  const after = await live();
  expect(after.ids).toEqual(before.ids);
  const [sbc, trunk, rule] = after.marks;
  expect([sbc, trunk]).toEqual(expectedMarks({ stack: "local", stackId: "trunkline/local" }).slice(0, 2));
  expect(rule).toEqual({ project: "trunkline", stack: "local", name: "dial" }); // nothing of it has changed
  expect((await stack.pulumi([...UP, "--refresh", "--expect-no-changes"])).code).toBe(0);
});

test("destroy leaves nothing", async () => {
  await must(stack.pulumi(["destroy", "--yes", "--skip-preview"]));
  expect((await live()).all).toEqual([]);
});
