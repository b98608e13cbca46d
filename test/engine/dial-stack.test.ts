import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createStack, type LiveKit, must, type Stack, startLiveKit } from "./stack.ts";

/** The stack `local` in the flow `dial`, on the real engine, with two LiveKit projects: its own and somebody else's. */

const UP = ["up", "--yes", "--skip-preview"];
const LEGACY_PASSWORD = "canary?legacy/password";

let own: LiveKit;
let other: LiveKit;
let stack: Stack;

beforeAll(async () => {
  [own, other] = await Promise.all([startLiveKit(), startLiveKit()]);
  stack = await createStack("local", own.keys);
}, 60_000);

afterAll(async () => {
  await Promise.all([own?.stop(), other?.stop()]);
  stack?.remove();
});

function settings(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const secrets = { sipPassword: "canary/sip+password", jambonzWebhookSecret: "canary&webhook=secret" };
  return { livekitUrl: own.url, sbcAddress: "127.0.0.1:5099", callFlow: "dial", ...secrets, ...changes };
}

const routing = async ({ sip }: LiveKit) => ({
  trunks: (await sip.listSipInboundTrunk()).map((trunk) => trunk.toJson()),
  rules: (await sip.listSipDispatchRule()).map((rule) => rule.toJson()),
  outbound: (await sip.listSipOutboundTrunk()).map((trunk) => trunk.toJson()),
});

describe("beside a trunk made by hand that takes the same calls", () => {
  let legacyTrunk: string;
  let legacyRule: string;
  let before: unknown;

  beforeAll(async () => {
    const credentials = { authUsername: "old", authPassword: LEGACY_PASSWORD };
    legacyTrunk = (await own.sip.createSipInboundTrunk("by hand", [], credentials)).sipTrunkId;
    const rule = { name: "old rule", trunkIds: [legacyTrunk] };
    legacyRule = (await own.sip.createSipDispatchRule({ type: "direct", roomName: "old" }, rule)).sipDispatchRuleId;
    before = await routing(own);
  });

  test("a preview refuses, with the id and a call that would be answered 503", async () => {
    stack.settings(settings());
    const { code, stdout } = await stack.pulumi(["preview"]);
    expect(code).toBe(1);
    expect(stdout).toContain("ROUTING_CONFLICT");
    expect(stdout).toContain(`inbound trunk ${legacyTrunk} "by hand" (made by hand)`);
    expect(stdout).toMatch(/a call from .* to .* is answered 503 Try again later/);
    expect(stdout).not.toContain(LEGACY_PASSWORD);
    expect(await routing(own)).toEqual(before);
  }, 30_000);

  test("a preview of the stack that removes it tells what would go, by id, name and numbers", async () => {
    stack.settings(settings({ legacy: { inboundTrunkIds: [legacyTrunk], dispatchRuleIds: [legacyRule] } }));
    const { stdout } = await must(stack.pulumi(["preview", "--diff"]));
    expect(stdout).toMatch(new RegExp(`${legacyTrunk}\\s*: "inbound trunk \\\\?"by hand\\\\?" for every number"`));
    expect(stdout).toMatch(new RegExp(`${legacyRule}\\s*: "dispatch rule .*old rule.* on ${legacyTrunk}"`));
    expect(await routing(own)).toEqual(before);
  }, 30_000);

  test("the first up goes through: one trunk with credentials, one callee rule for it; the old ones are gone, with copies", async () => {
    const { stdout } = await must(stack.pulumi(UP));
    expect(stdout).not.toContain(LEGACY_PASSWORD);
    const { trunks, rules } = await routing(own);
    expect(trunks).toMatchObject([{ name: "trunkline-local", authUsername: "livekit", ringingTimeout: "30s" }]);
    expect(rules).toMatchObject([
      {
        name: expect.stringMatching(/^trunkline-local \[trunkline:trunkline\/local\/dial #[a-z2-7]{20}\]$/),
        rule: { dispatchRuleCallee: {} },
      },
    ]);
    const kept = JSON.parse(readFileSync(join(stack.folder, "legacy-trunkline-local.json"), "utf8"));
    expect(kept.copies).toMatchObject([
      { id: legacyRule, object: { name: "old rule", trunkIds: [legacyTrunk] } },
      { id: legacyTrunk, object: { name: "by hand", authPassword: LEGACY_PASSWORD } },
    ]);
  }, 30_000);

  test("a second up changes nothing, nor is there drift", async () => {
    expect((await stack.pulumi([...UP, "--refresh", "--expect-no-changes"])).code).toBe(0);
  }, 30_000);

  test("the ids are outputs; the rule is bound to the trunk", async () => {
    const { stdout } = await must(stack.pulumi(["stack", "output", "--json"]));
    const { sipInboundTrunkId, ruleId, support } = JSON.parse(stdout);
    const { rules } = await routing(own);
    expect(rules).toMatchObject([{ sipDispatchRuleId: ruleId, trunkIds: [sipInboundTrunkId] }]);
    expect(support).toMatchObject({ sipInboundTrunkId, dispatchRuleId: ruleId, callFlow: "dial" });
  }, 30_000);
});

describe("with the variables of another project nothing changes, here or there", () => {
  const theirs = () => [{ ...other.keys, LIVEKIT_URL: other.url }, { ...other.keys }];
  let before: unknown[];
  beforeAll(async () => {
    await other.sip.createSipInboundTrunk("theirs", ["+4930111111"]);
    before = [await routing(own), await routing(other)];
  });

  test.each([
    ["up --refresh", [...UP, "--refresh"]],
    ["refresh", ["refresh", "--yes", "--skip-preview"]],
    ["destroy", ["destroy", "--yes", "--skip-preview"]],
  ])(
    "%s",
    async (_name, command) => {
      for (const environment of theirs()) {
        const { code, stdout, stderr } = await stack.pulumi(command, environment);
        expect(code).toBe(1);
        expect(stdout + stderr).toContain("ENVIRONMENT_MISMATCH: ");
        expect(stdout + stderr).not.toContain(other.apiSecret);
      }
      expect([await routing(own), await routing(other)]).toEqual(before);
      expect((await stack.pulumi([...UP, "--expect-no-changes"])).code).toBe(0);
    },
    60_000,
  );

  test("destroy with the right ones removes what the stack made, and leaves the other project alone", async () => {
    await must(stack.pulumi(["destroy", "--yes", "--skip-preview"]));
    expect(await routing(own)).toEqual({ trunks: [], rules: [], outbound: [] });
    expect((await routing(other)).trunks).toHaveLength(1);
  }, 30_000);
});

test("a project that cannot be reached: the preview says that it could not look, and goes on when that is accepted", async () => {
  const nowhere = { livekitUrl: "ws://127.0.0.1:1", legacy: { inboundTrunkIds: ["ST_old"] } };
  stack.settings(settings(nowhere));
  const blind = await stack.pulumi(["preview"]);
  expect(blind.code).toBe(1);
  expect(blind.stdout).toMatch(/CANNOT_CHECK_ROUTING: .*API_UNREACHABLE.*set lookAt to "declared"/);
  stack.settings(settings({ ...nowhere, routingCheck: "declared" }));
  await must(stack.pulumi(["preview"]));
}, 60_000);
