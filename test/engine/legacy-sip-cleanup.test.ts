import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { dispatch } from "@trunkline/providers";
import { AccessToken } from "livekit-server-sdk";
import { writeMetadata } from "../../providers/dynamic/marks.ts";
import { checkout } from "../../sandbox/root.ts";
import { type LiveKit, sharedReadsExpire, startLiveKit } from "./stack.ts";

/** The resource's methods as the engine calls them, against a real livekit-server. */

const cleanup = dispatch("livekit:LegacySipCleanup");
const owner = { project: "trunkline", stack: "test", name: "legacy" };
let livekit: LiveKit;

let work: string;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "trunkline-work-"));
  process.env.TRUNKLINE_WORK_FOLDER = work;
  livekit = await startLiveKit();
  Object.assign(process.env, livekit.keys);
  delete process.env.LIVEKIT_URL;
}, 60_000);
afterAll(async () => {
  await livekit?.stop();
  rmSync(work, { recursive: true });
});
beforeEach(() => livekit.wipe());

async function inputs(inboundTrunkIds: string[], dispatchRuleIds: string[] = []): Promise<Record<string, unknown>> {
  const { inputs: checked, failures } = await cleanup.check(
    {},
    { host: livekit.url, owner, inboundTrunkIds, dispatchRuleIds },
  );
  expect(failures).toEqual([]);
  return checked;
}

const legacyTrunk = (name: string, metadata = "") =>
  livekit.sip.createSipInboundTrunk(name, [`+49301234${name}`], { metadata });
const numbers = async () => (await livekit.sip.listSipInboundTrunk()).flatMap((trunk) => trunk.numbers);
const names = async () => (await livekit.sip.listSipInboundTrunk()).map(({ name }) => name).sort();

test("an object with a mark, of whichever stack, is never removed, nor is anything beside it; preview says so", async () => {
  const plain = await legacyTrunk("01");
  const marked = await legacyTrunk("02", writeMetadata({ project: "trunkline", stack: "prod", name: "dial" }, {}));
  const listed = { host: livekit.url, owner, inboundTrunkIds: [plain.sipTrunkId, marked.sipTrunkId] };
  await expect(cleanup.check({}, listed)).rejects.toThrow(/^OWNED_BY_ANOTHER: .*trunkline\/prod\/dial/);
  const declared = { ...(await inputs([])), ...listed };
  await expect(cleanup.create(declared)).rejects.toThrow(/^OWNED_BY_ANOTHER/);
  expect(await names()).toEqual(["01", "02"]);
});

test("a rule with a mark in its name is never removed", async () => {
  const rule = await livekit.sip.createSipDispatchRule(
    { type: "individual", roomPrefix: "x" },
    { name: "calls [trunkline:trunkline/prod/rule]" },
  );
  const declared = { ...(await inputs([])), dispatchRuleIds: [rule.sipDispatchRuleId] };
  await expect(cleanup.create(declared)).rejects.toThrow(/^OWNED_BY_ANOTHER/);
  expect(await livekit.sip.listSipDispatchRule()).toHaveLength(1);
});

test("an outbound trunk's id removes nothing", async () => {
  const outbound = await livekit.sip.createSipOutboundTrunk("out", "sbc", ["+4930123456"], { transport: 0 });
  const { outs } = await cleanup.create(await inputs([outbound.sipTrunkId]));
  expect(outs).toMatchObject({ removedIds: [], copies: [] });
  expect(await livekit.sip.listSipOutboundTrunk()).toHaveLength(1);
});

test("an id added later is removed, too; the first copies stay, also when their id leaves the list", async () => {
  const [first, second] = [await legacyTrunk("01"), await legacyTrunk("02")];
  const { id, outs } = await cleanup.create(await inputs([first.sipTrunkId]));
  const { outs: later } = await cleanup.update(id, outs, await inputs([second.sipTrunkId]));
  expect(later).toMatchObject({
    removedIds: [first.sipTrunkId, second.sipTrunkId],
    copies: [{ object: { name: "01" } }, { object: { name: "02" } }],
  });
  expect(await names()).toEqual([]);
});

test("a full copy of each is kept in a file of the work folder, for its owner only; a second removal adds to it", async () => {
  const [first, second] = [await legacyTrunk("01"), await legacyTrunk("02")];
  const { id, outs } = await cleanup.create(await inputs([first.sipTrunkId]));
  await cleanup.update(id, outs, await inputs([first.sipTrunkId, second.sipTrunkId]));
  const file = join(work, "legacy-trunkline-test.json");
  const { copies } = JSON.parse(readFileSync(file, "utf8"));
  const mine = copies.filter((copy: { id: string }) => [first.sipTrunkId, second.sipTrunkId].includes(copy.id));
  expect(mine).toMatchObject([
    { id: first.sipTrunkId, kind: "inboundTrunk", object: { name: "01", numbers: ["+4930123401"] } },
    { id: second.sipTrunkId, kind: "inboundTrunk", object: { name: "02" } },
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("where the copies cannot be kept, nothing is removed", async () => {
  const trunk = await legacyTrunk("01");
  const declared = await inputs([trunk.sipTrunkId]);
  process.env.TRUNKLINE_WORK_FOLDER = "/dev/null/nowhere";
  await expect(cleanup.create(declared)).rejects.toThrow(/^COPY_NOT_WRITTEN: .*Nothing was removed/);
  process.env.TRUNKLINE_WORK_FOLDER = work;
  expect(await names()).toEqual(["01"]);
});

test("a name pattern removes nothing: an object that is not listed is drift, with its name and numbers", async () => {
  const [listed, back] = [await legacyTrunk("01"), await legacyTrunk("02")];
  const declared = { ...(await inputs([listed.sipTrunkId])), namePatterns: ["0*"] };
  const { id, outs } = await cleanup.create(declared);
  expect(await names()).toEqual(["02"]);
  await sharedReadsExpire();
  const { inputs: found } = await cleanup.read(id, outs);
  expect(found.unlisted).toEqual({ [back.sipTrunkId]: 'inbound trunk "02" for +4930123402' });
});

test("a preview shows what would be removed: id, name and numbers; afterwards it stays as it was", async () => {
  const trunk = await legacyTrunk("01");
  const rule = await livekit.sip.createSipDispatchRule(
    { type: "individual", roomPrefix: "old" },
    { name: "old rule", trunkIds: [trunk.sipTrunkId] },
  );
  await sharedReadsExpire();
  const shown = await inputs([trunk.sipTrunkId, "ST_gone"], [rule.sipDispatchRuleId]);
  expect(shown.objects).toEqual({
    [trunk.sipTrunkId]: 'inbound trunk "01" for +4930123401',
    [rule.sipDispatchRuleId]: `dispatch rule "old rule" for every number on ${trunk.sipTrunkId}`,
    ST_gone: "not there",
  });
  await cleanup.create(shown);
  const again = await cleanup.check(shown, shown);
  expect(again.inputs).toEqual(shown);
});

test("nothing is restored on destroy", async () => {
  const trunk = await legacyTrunk("01");
  const { id, outs } = await cleanup.create(await inputs([trunk.sipTrunkId]));
  await cleanup.delete(id, outs ?? {});
  expect(await names()).toEqual([]);
});

test("a listed object that lives is drift: it is missing from what is read", async () => {
  const trunk = await legacyTrunk("01");
  const declared = await inputs([trunk.sipTrunkId, "ST_gone"]);
  const { inputs: found } = await cleanup.read("any", { ...declared, removedIds: [], copies: [] });
  expect(found).toEqual({ ...declared, inboundTrunkIds: ["ST_gone"] });
});

describe("a call that runs over a legacy trunk", () => {
  let end: () => void;
  let trunkId: string;

  beforeEach(async () => {
    trunkId = (await legacyTrunk("01")).sipTrunkId;
    end = await startCall(trunkId);
  });
  afterEach(() => end());

  test("is waited for, while the trunk takes no new ones; then the trunk goes, and its copy is as it was", async () => {
    const removing = cleanup.create({ ...(await inputs([trunkId])), drainSeconds: 20 });
    await until(async () => (await numbers()).join() === `trunkline-parked-${trunkId}`);
    end();
    const { outs } = await removing;
    expect(outs?.copies).toMatchObject([{ id: trunkId, object: { name: "01", numbers: ["+4930123401"] } }]);
    expect(await names()).toEqual([]);
  });

  test("is not waited for longer than drainSeconds, and not at all without it", async () => {
    const started = performance.now();
    await cleanup.create({ ...(await inputs([trunkId])), drainSeconds: 1 });
    expect(await names()).toEqual([]);
    const second = await legacyTrunk("02");
    await cleanup.create(await inputs([second.sipTrunkId]));
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

test.each([[["all"]], [["SDR_1"]], [["ST_*"]]])("%j is no list of trunk ids", async (inboundTrunkIds) => {
  const { failures } = await cleanup.check({}, { host: livekit.url, owner, inboundTrunkIds });
  expect(failures).toEqual([{ property: "inboundTrunkIds.0", reason: "is no id of a trunk (ST_…)" }]);
});

/** A participant as livekit-sip makes one for a call over this trunk. Returns what ends the call. */
async function startCall(trunkId: string): Promise<() => void> {
  const token = new AccessToken(livekit.apiKey, livekit.apiSecret, {
    identity: "caller",
    attributes: { "sip.trunkID": trunkId },
  });
  token.addGrant({ roomJoin: true, room: "call" });
  const script = checkout("test/service/agent/caller.ts");
  const child = spawn("node", [script, livekit.url, await token.toJwt()], { stdio: ["pipe", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) if (line.includes("joined")) break;
  child.stdin.on("error", () => {}); // it may have left already
  return () => void child.stdin.write("leave\n");
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error("it did not happen within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
