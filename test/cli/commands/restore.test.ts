import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispatch } from "@trunkline/providers";
import { restore } from "../../../cli/commands/restore.ts";
import { type LiveKit, startLiveKit } from "../../engine/stack.ts";
import { recordedIO } from "../recorded-io.ts";

/** What the cleanup removed from a real livekit-server comes back. */

let livekit: LiveKit;
let folder: string;
let file: string;

beforeAll(async () => {
  livekit = await startLiveKit();
}, 60_000);
afterAll(() => livekit?.stop());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "trunkline-restore-"));
  file = join(folder, "copies.json");
  process.env.TRUNKLINE_WORK_FOLDER = folder;
  Object.assign(process.env, livekit.keys);
  delete process.env.LIVEKIT_URL;
  await livekit.wipe();
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const io = () => recordedIO({ LIVEKIT_URL: livekit.url, ...livekit.keys });
const trunks = () => livekit.sip.listSipInboundTrunk();
const rules = () => livekit.sip.listSipDispatchRule();

async function seed() {
  const trunk = await livekit.sip.createSipInboundTrunk("carrier", ["+493012345678"], {
    authUsername: "carrier",
    authPassword: "only-in-the-copy",
    headers: { "X-Carrier": "Schmidtkom" },
    metadata: '{"since":2023}',
  });
  const rule = await livekit.sip.createSipDispatchRule(
    { type: "direct", roomName: "lobby", pin: "4711" },
    { name: "to the lobby", trunkIds: [trunk.sipTrunkId] },
  );
  return { trunk, rule };
}

/** Removes as a stack does, and keeps the copies as it does. */
async function remove(inboundTrunkIds: string[], dispatchRuleIds: string[]): Promise<void> {
  const cleanup = dispatch("livekit:LegacySipCleanup");
  const owner = { project: "trunkline", stack: "test", name: "legacy" };
  const { inputs } = await cleanup.check({}, { host: livekit.url, owner, inboundTrunkIds, dispatchRuleIds });
  const { outs } = await cleanup.create(inputs);
  writeFileSync(file, JSON.stringify(outs?.copies));
}

test("removed objects come back as they were, with new ids, the rule pointing to the new trunk", async () => {
  const { trunk, rule } = await seed();
  await remove([trunk.sipTrunkId], [rule.sipDispatchRuleId]);
  expect(await trunks()).toEqual([]);

  expect(await restore([file, "--yes"], io())).toBe(0);
  const [back, ...others] = await trunks();
  expect(others).toEqual([]);
  expect(back?.sipTrunkId).not.toBe(trunk.sipTrunkId);
  expect(back).toMatchObject({
    name: "carrier",
    numbers: ["+493012345678"],
    authUsername: "carrier",
    authPassword: "only-in-the-copy",
    headers: { "X-Carrier": "Schmidtkom" },
    metadata: '{"since":2023}',
  });
  const [ruleBack] = await rules();
  expect(ruleBack).toMatchObject({ name: "to the lobby", trunkIds: [back?.sipTrunkId] });
  expect(ruleBack?.rule?.toJson()).toEqual(rule.rule?.toJson());
});

test("a second time nothing is made, and no --yes is needed", async () => {
  const { trunk, rule } = await seed();
  await remove([trunk.sipTrunkId], [rule.sipDispatchRuleId]);
  await restore([file, "--yes"], io());
  const ids = [(await trunks())[0]?.sipTrunkId, (await rules())[0]?.sipDispatchRuleId];

  const second = io();
  expect(await restore([file, "--json"], second)).toBe(0);
  expect(second.json()).toMatchObject({
    format: "trunkline.restore/1",
    steps: [
      { action: "found", kind: "inboundTrunk", oldId: trunk.sipTrunkId, id: ids[0] },
      { action: "found", kind: "dispatchRule", oldId: rule.sipDispatchRuleId, id: ids[1] },
    ],
  });
  expect(await trunks()).toHaveLength(1);
  expect(await rules()).toHaveLength(1);
});

test("without --yes it says what it would do, and does nothing", async () => {
  const { trunk, rule } = await seed();
  await remove([trunk.sipTrunkId], [rule.sipDispatchRuleId]);
  const shown = io();
  await expect(restore([file], shown)).rejects.toMatchObject({ code: "NOT_CONFIRMED" });
  expect(shown.text()).toBe(
    `create   "carrier" (was ${trunk.sipTrunkId})\ncreate   "to the lobby" (was ${rule.sipDispatchRuleId})`,
  );
  expect(shown.text()).not.toContain("only-in-the-copy");
  expect(await trunks()).toEqual([]);
});

test("a rule that stayed and points to the removed trunk is rewritten; another stack's rule is not touched", async () => {
  const { trunk, rule } = await seed();
  const marked = await livekit.sip.createSipDispatchRule(
    { type: "individual", roomPrefix: "x" },
    { name: "calls [trunkline:trunkline/prod/rule]", trunkIds: [trunk.sipTrunkId] },
  );
  await remove([trunk.sipTrunkId], []);

  const shown = io();
  expect(await restore([file, "--yes"], shown)).toBe(0);
  const newId = (await trunks())[0]?.sipTrunkId;
  const after = new Map((await rules()).map((found) => [found.sipDispatchRuleId, found.trunkIds]));
  expect(after.get(rule.sipDispatchRuleId)).toEqual([newId]);
  expect(after.get(marked.sipDispatchRuleId)).toEqual([trunk.sipTrunkId]);
  expect(shown.text()).toContain(`leave    "calls [trunkline:trunkline/prod/rule]" ${marked.sipDispatchRuleId}`);
});

test("goes on where an earlier run was stopped", async () => {
  const { trunk, rule } = await seed();
  await remove([trunk.sipTrunkId], [rule.sipDispatchRuleId]);
  await livekit.sip.createSipInboundTrunk("carrier", ["+493012345678"], {
    authUsername: "carrier",
    authPassword: "only-in-the-copy",
    headers: { "X-Carrier": "Schmidtkom" },
    metadata: '{"since":2023}',
  });
  expect(await restore([file, "--yes"], io())).toBe(0);
  expect(await trunks()).toHaveLength(1);
  expect((await rules())[0]?.trunkIds).toEqual([(await trunks())[0]?.sipTrunkId]);
});

test("what was removed twice comes back once", async () => {
  const { trunk, rule } = await seed();
  await remove([trunk.sipTrunkId], [rule.sipDispatchRuleId]);
  const first = JSON.parse(readFileSync(file, "utf8"));
  await restore([file, "--yes"], io());
  await remove([(await trunks())[0]?.sipTrunkId ?? ""], [(await rules())[0]?.sipDispatchRuleId ?? ""]);
  writeFileSync(file, JSON.stringify({ copies: [...first, ...JSON.parse(readFileSync(file, "utf8"))] }));

  expect(await restore([file, "--yes"], io())).toBe(0);
  expect(await trunks()).toHaveLength(1);
  expect(await rules()).toMatchObject([{ trunkIds: [(await trunks())[0]?.sipTrunkId] }]);
});

test("one of several can be chosen", async () => {
  const { trunk, rule } = await seed();
  await remove([trunk.sipTrunkId], [rule.sipDispatchRuleId]);
  await expect(restore([file, "--only", "ST_none"], io())).rejects.toMatchObject({ code: "USAGE" });
  expect(await restore([file, "--only", trunk.sipTrunkId, "--yes"], io())).toBe(0);
  expect(await trunks()).toHaveLength(1);
  expect(await rules()).toEqual([]);
});

test("a clash that it would bring is told before, with a call", async () => {
  const old = await livekit.sip.createSipInboundTrunk("by caller", [], {
    allowedNumbers: ["+4930123456"],
    allowedAddresses: ["127.0.0.1"],
  });
  await remove([old.sipTrunkId], []);
  const current = await livekit.sip.createSipInboundTrunk("by address", [], { allowedAddresses: ["127.0.0.0/8"] });
  const shown = io();
  await expect(restore([file], shown)).rejects.toMatchObject({ code: "NOT_CONFIRMED" });
  expect(shown.printed[0]).toMatch(
    /^warning {2}brings a clash: ST_\w+ and ST_\w+: a call from \+4930123456 to .* is answered 503/,
  );
  expect(shown.printed[0]).toContain(current.sipTrunkId);
});

test("what the project refuses is told, with what was done before", async () => {
  const { trunk, rule } = await seed();
  await remove([trunk.sipTrunkId], [rule.sipDispatchRuleId]);
  await livekit.sip.createSipInboundTrunk("another", ["+493012345678"]);
  await expect(restore([file, "--yes"], io())).rejects.toMatchObject({
    code: "API_REFUSED",
    message: expect.stringContaining("Conflicting inbound SIP Trunks"),
  });
});
