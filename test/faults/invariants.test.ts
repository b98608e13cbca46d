import type { Verdict } from "../../bench/calls/judge.ts";
import { type Observed, violationsOf } from "./invariants.ts";

const caller = (changes: Partial<Verdict> = {}): Verdict => ({
  flow: "dial",
  outcome: "agent",
  echoed: true,
  waitMs: 700,
  inTime: true,
  startMs: 100,
  gapMs: 0,
  seen: "200",
  ...changes,
});

const fine: Observed = {
  roomsSeen: ["one", "two"],
  records: [
    { callId: "one", callSid: "sid-1", phase: "ended", wasPutAgain: false },
    { callId: "two", callSid: "sid-2", phase: "ended", wasPutAgain: false },
  ],
  roomsLeft: [],
  legsLeft: 0,
  callers: [caller(), caller({ flow: "callback", outcome: "fallback", waitMs: 18_000 })],
  limitMs: { callback: 19_000, dial: 14_000 },
};

test("all is well with a room and an ended record for each call, and somebody for each caller in time", () => {
  expect(violationsOf(fine)).toEqual([]);
});

test("a caller who was put to the agent again had a room for each try", () => {
  const records = fine.records.map((record, index) => ({ ...record, callSid: "sid-1", wasPutAgain: index === 0 }));
  expect(violationsOf({ ...fine, records })).toEqual([]);
});

test.each<[string, Partial<Observed>, RegExp]>([
  [
    "two rooms of one call_sid",
    { records: fine.records.map((record) => ({ ...record, callSid: "sid-1" })) },
    /^the call sid-1 had 2 rooms: one, two$/,
  ],
  ["a room without a record", { roomsSeen: ["one", "stray"] }, /^the room of stray has no record$/],
  [
    "a caller who hears nothing for too long",
    { callers: [{ ...caller(), silenceMs: 3_001 }], mostSilenceMs: 3_000 },
    /^the caller of the flow dial heard nothing for 3001 ms, not 3000$/,
  ],
  [
    "a record that stays active",
    { records: [{ callId: "one", callSid: "sid-1", phase: "leaving", wasPutAgain: false }], roomsSeen: ["one"] },
    /^the record of one stays leaving$/,
  ],
  ["a room that is left", { roomsLeft: ["two"] }, /^the room of two is left$/],
  ["a leg that is left", { legsLeft: 1 }, /^1 SIP legs are left$/],
  ["a caller with nobody", { callers: [caller({ outcome: "lost" })] }, /^the caller of the flow dial got nobody: 200$/],
  [
    "a fallback that comes too late",
    { callers: [caller({ outcome: "fallback", waitMs: 14_001 })] },
    /got the fallback after 14001 ms, not 14000$/,
  ],
])("%s is told", (_what, changes, told) => {
  expect(violationsOf({ ...fine, ...changes })).toEqual([expect.stringMatching(told)]);
});

test("a call that was refused before it had a room has none, and that is fine", () => {
  expect(violationsOf({ ...fine, roomsSeen: [] })).toEqual([]);
});
