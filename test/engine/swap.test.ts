import { cpSync } from "node:fs";
import { join } from "node:path";
import { routingRule } from "../../providers/livekit/clashes.ts";
import { findConflicts, trunkOf } from "../../providers/livekit/routing/index.ts";
import { type FaultProxy, startProxy } from "./proxy.ts";
import { createStack, type LiveKit, must, type Stack, startLiveKit } from "./stack.ts";

/**
 * Changes in which one trunk takes what another one has: after each single request of a real `pulumi up` no two of them clash.
 * One of each pair names its callers: then LiveKit's API accepts both, and answers their calls with 503.
 */

jest.setTimeout(120_000);

const ONE = "+4930111111";
const TWO = "+4930222222";
const callerNumbers = ["+4915112345678"];
let livekit: LiveKit;
let proxy: FaultProxy;
let stack: Stack;
let legacyId: string;
/** Which numbers the trunks had after each change, and the clashes there were then. */
let states: { after: string; numbers: Record<string, string[]>; clashes: string[] }[];

beforeAll(async () => {
  livekit = await startLiveKit();
  proxy = await startProxy(livekit.httpUrl, look);
  stack = await createStack("dev", livekit.keys);
  cpSync("test/engine/swap-program.ts", join(stack.project, "infra", "index.ts"));
  legacyId = (await livekit.sip.createSipInboundTrunk("by hand", [ONE])).sipTrunkId;
}, 300_000); // the servers may have to be built first
afterAll(async () => {
  await proxy?.stop();
  await livekit?.stop();
  stack?.remove();
});

async function look(after: string): Promise<void> {
  const [trunks, rules] = await Promise.all([livekit.sip.listSipInboundTrunk(), livekit.sip.listSipDispatchRule()]);
  const clashes = findConflicts(trunks.map(trunkOf), rules.map(routingRule)).map(({ ids }) => ids.join(" and "));
  const numbers = Object.fromEntries(trunks.map((trunk) => [trunk.sipTrunkId, trunk.numbers]));
  states.push({ after, numbers, clashes });
}

type Trunks = Record<string, { name: string; calledNumbers: string[]; callerNumbers?: string[] }>;

/** `pulumi up` with these trunks; every state it went through. */
async function up(trunks: Trunks, retires: string[] = []): Promise<typeof states> {
  states = [];
  const config = { livekitUrl: proxy.url, trunks, legacyIds: [legacyId], retires };
  const settings = Object.entries(config).flatMap(([name, value]) => [
    "--config",
    `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  ]);
  await must(stack.pulumi(["up", "--yes", "--skip-preview", ...settings]));
  return states;
}

/** Each trunk's id and number, by its name. */
async function live(): Promise<Record<string, { id: string; numbers: string[] }>> {
  const trunks = await livekit.sip.listSipInboundTrunk();
  return Object.fromEntries(trunks.map(({ name, sipTrunkId, numbers }) => [name, { id: sipTrunkId, numbers }]));
}

const clashesIn = (seen: typeof states) => seen.flatMap(({ clashes }) => clashes);
const changes = (seen: typeof states) => seen.map(({ after }) => after);
const isParked = ({ numbers }: (typeof states)[number], id: string) => numbers[id]?.join() === `trunkline-parked-${id}`;

const first: Trunks = {
  berlin: { name: "Berlin", calledNumbers: [ONE], callerNumbers },
  hamburg: { name: "Hamburg", calledNumbers: [TWO] },
};

test("a first up beside a legacy trunk with the same number, which the stack removes", async () => {
  const seen = await up(first);
  expect(clashesIn(seen)).toEqual([]);
  expect(changes(seen).at(-1)).toBe("DeleteSIPTrunk");
  expect(seen.some((state) => isParked(state, legacyId))).toBe(true);
  const { Berlin, Hamburg, ...others } = await live();
  expect([Berlin?.numbers, Hamburg?.numbers, others]).toEqual([[ONE], [TWO], {}]);
});

test("two trunks swap their numbers, and one gets another name: the ids stay", async () => {
  const before = await live();
  const seen = await up({
    berlin: { name: "Berlin and around", calledNumbers: [TWO], callerNumbers },
    hamburg: { name: "Hamburg", calledNumbers: [ONE] },
  });
  expect(clashesIn(seen)).toEqual([]);
  expect(new Set(changes(seen))).toEqual(new Set(["UpdateSIPInboundTrunk"]));
  expect(changes(seen)).toHaveLength(3); // one is put aside, the other one takes its number, the first one takes the other's
  expect(await live()).toEqual({
    "Berlin and around": { id: before.Berlin?.id, numbers: [TWO] },
    Hamburg: { id: before.Hamburg?.id, numbers: [ONE] },
  });
});

test("a trunk that is declared under another resource name takes the number over from the one that retires", async () => {
  const before = await live();
  const seen = await up(
    {
      berlin: { name: "Berlin and around", calledNumbers: [TWO], callerNumbers },
      altona: { name: "Altona", calledNumbers: [ONE], callerNumbers },
    },
    ["hamburg"],
  );
  expect(clashesIn(seen)).toEqual([]);
  expect(seen.some((state) => isParked(state, before.Hamburg?.id ?? ""))).toBe(true);
  const after = await live();
  expect(Object.keys(after).sort()).toEqual(["Altona", "Berlin and around"]);
  expect(after.Altona?.numbers).toEqual([ONE]);
  expect(after["Berlin and around"]).toEqual(before["Berlin and around"]);
});

test("a clash would have been seen: LiveKit itself does not refuse it", async () => {
  states = [];
  await livekit.sip.createSipInboundTrunk("beside", [ONE], { allowedNumbers: ["+4930333333"] });
  await livekit.sip.createSipInboundTrunk("everybody", [ONE]);
  await look("two by hand");
  expect(clashesIn(states)).not.toEqual([]);
});
