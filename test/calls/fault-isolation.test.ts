import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { heardBy, longestSilence, scoreOf } from "../../sandbox/calls/heard.ts";
import { type FlowName, type PlacedCall, System } from "../../sandbox/calls/system.ts";
import { checkout } from "../../sandbox/root.ts";
import type { SeenEvent } from "../../sandbox/start/event-log.ts";
import { callerWith, DEADLY, type Fault, SURVIVED } from "./faults-of-a-call.ts";

// One call's fault is never another's: healthy callers notice nothing of a call that fails beside them.
jest.setTimeout(120_000);

const FLOWS = ["callback", "dial"] as const satisfies FlowName[];
const UNTIL_THE_END = { holdMs: 40_000, bye: "callee" } as const;
/** The first tone of the one that tells of a failure. */
const FAILURE_HZ = 950;
/** What the jitter of a busy machine makes, seen without any fault. */
const LONGEST_GAP_MS = 400;
/** Faults that a caller may not even notice, or that leave the hanging up to them. */
const MILD: readonly Fault[] = ["a listener throws", "the conversation forgets the end"];
const NOTHING = { rooms: [], calls: [], legs: 0 };
const system = new System(false);
const seen: SeenEvent[] = [];

beforeAll(async () => {
  system.events.onEvent((event) => void seen.push(event));
  await system.startServers();
  await system.startMiddleware();
  const faulty = pathToFileURL(checkout("test/calls/faulty-echo.ts")).href;
  await system.startAgent({ NODE_OPTIONS: `--import=${faulty}` });
}, 300_000); // the servers may have to be built first

afterAll(() => system.stop());

/** Four callers, two of each flow, who say something all the time. */
async function healthyCalls(holdMs: number): Promise<{ over: Promise<PlacedCall[]> }> {
  let greeted = 0;
  const stop = system.events.onEvent(({ event }) => void (event === "greeting.finished" && ++greeted));
  const over = Promise.all(
    [...FLOWS, ...FLOWS].map((flow, index) => system.call(flow, { from: `+49171002${50 + index}`, holdMs })),
  );
  for (const end = Date.now() + 15_000; greeted < 4 && Date.now() < end; ) await pause(50);
  stop();
  expect(greeted).toBe(4);
  return { over };
}

const greetings = ({ caller }: PlacedCall) => heardBy(caller).filter(({ what }) => what === "greeting");

/** One greeting, then the caller's own voice to the end. */
function expectUnharmed(call: PlacedCall): void {
  expect(call.caller.endedBy).toBe("caller");
  expect(greetings(call)).toHaveLength(1);
  const { toMs: greeted = Number.NaN } = greetings(call)[0] ?? {};
  const { toMs: end = Number.NaN } = call.caller.heard.at(-1) ?? {};
  expect(longestSilence(call.caller, greeted, end)).toBeLessThanOrEqual(LONGEST_GAP_MS);
}

const named = (event: string) => seen.filter((one) => one.event === event);

/** What comes of an agent that cannot take its call, or fails in it: the fallback, or the failure's tone. */
const isTold = ({ caller }: PlacedCall) =>
  scoreOf(caller).includes("speech") || caller.heard.some(({ hz }) => Math.abs(hz - FAILURE_HZ) < 15);

test("a call's fault that its process outlives ends that call at most, with a word to its caller, and no other", async () => {
  const { over } = await healthyCalls(24_000);
  const faulty = SURVIVED.map(async (fault, index) => {
    await pause(index * 500);
    const isMild = MILD.includes(fault);
    const options = { from: callerWith(fault), ...(isMild ? { holdMs: 4_000 } : UNTIL_THE_END) };
    return { fault, isMild, call: await system.call(FLOWS[index % 2] as FlowName, options) };
  });
  for (const { fault, isMild, call } of await Promise.all(faulty)) {
    const { endedBy } = call.caller;
    expect({ fault, endedBy, isTold: isTold(call) }).toEqual({
      fault,
      endedBy: isMild ? "caller" : "callee",
      isTold: !isMild,
    });
  }
  for (const call of await over) expectUnharmed(call);
  expect([named("host.lost"), named("host.stuck")]).toEqual([[], []]);
  expect(await system.leftovers()).toEqual(NOTHING);
});

test.each(DEADLY)(
  "%s: the calls in it go on in the other process, which the guilty call never enters",
  async (fault) => {
    const before = named("host.lost").length;
    const givenUp = named("call.given_up").length;
    const { over } = await healthyCalls(12_000);
    const guilty = system.call("callback", { from: callerWith(fault), holdMs: 12_000 });
    const [calls] = await Promise.all([over, guilty]);
    await system.events.waitFor(() => named("call.given_up").length > givenUp, 15_000);
    const lost = named("host.lost")
      .slice(before)
      .map(({ fields }) => fields.calls);
    expect(lost).toEqual([3, 1]); // then the fresh one that the guilty call was tried in, alone
    const harmed = calls.filter((call) => greetings(call).length > 1);
    for (const { caller } of calls) expect(caller.endedBy).toBe("caller");
    expect(harmed).toHaveLength(2);
    for (const call of calls.filter((one) => !harmed.includes(one))) expectUnharmed(call);
    expect(await system.leftovers()).toEqual(NOTHING);
  },
);
