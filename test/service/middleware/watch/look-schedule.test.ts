import { type CallState, initialState } from "../../../../service/middleware/calls/call-state.ts";
import { nextStep, type ScheduleView } from "../../../../service/middleware/watch/look-schedule.ts";
import { TIMERS } from "../../../../service/shared/index.ts";

const START = 1_780_000_000_000;
const state = (changes: Partial<CallState>): CallState => ({ ...initialState(START, 0), ...changes });
const next = (changes: Partial<CallState>, view: Partial<ScheduleView> = {}) =>
  nextStep(state(changes), { now: START, looks: 0, isTold: false, isSuspect: false, ...view });

/** The looks of a phase in which nothing happens, ms after its beginning. */
function looksOf(changes: Partial<CallState>, view: Partial<ScheduleView>, untilMs: number): number[] {
  const found: number[] = [];
  for (let atMs = 0; ; ) {
    const { afterMs, isLook } = next(changes, { ...view, now: START + atMs, looks: found.length });
    atMs += afterMs;
    if (atMs > untilMs) return found;
    if (isLook) found.push(atMs);
  }
}

const talking = { phase: "talking", agentReady: true, inQueue: true } as const;

describe("nextStep", () => {
  test("a talk whose agent tells how it goes costs no look, once LiveKit's id of its leg is known; one whose agent does not, at most 0.1 in a second", () => {
    expect(looksOf({ ...talking, livekitCallId: "SCL_1" }, { isTold: true }, 600_000)).toEqual([]);
    expect(looksOf(talking, { isTold: true }, 600_000)).toEqual([2_000]); // once, for LiveKit's id of the leg
    expect(looksOf(talking, { isTold: false }, 600_000).length).toBeLessThanOrEqual(60);
  });

  test("an agent that tells nothing is there after two looks, as a rule; one that tells, after none", () => {
    const waiting = { phase: "waiting", inQueue: true } as const;
    expect(looksOf(waiting, { isTold: false }, 1_000)).toEqual([500, 1_000]);
    expect(looksOf(waiting, { isTold: true }, 1_400)).toEqual([]);
  });

  test("no limit of a call that waits for its agent is missed by more than the shortest pause", () => {
    for (const isTold of [true, false]) {
      const found = looksOf({ phase: "waiting", inQueue: true }, { isTold }, TIMERS.agentLimitMs + 1_000);
      expect(found).toContain(TIMERS.agentRedispatchMs);
      expect(found).toContain(TIMERS.agentLimitMs);
    }
  });

  test("a leg that LiveKit was asked for is not looked for before it can be missed, and then until it has to be there", () => {
    const dialling = { phase: "dialling", agentReady: true, inQueue: true } as const;
    expect(next(dialling)).toEqual({ afterMs: 2_000, isLook: false });
    const found = looksOf({ ...dialling, legCreatedAt: START }, {}, 12_000);
    expect(found).toEqual([2_000, 4_000, 6_000, 8_000, 10_000, 12_000]);
  });

  test("whatever is missing, or may be dead, is looked for twice a second; a room without anybody less often", () => {
    for (const missing of [{ agentMissingSince: START }, { legMissingSince: START }])
      expect(next({ ...talking, ...missing }, { isTold: true })).toEqual({ afterMs: 500, isLook: true });
    expect(next(talking, { isTold: true, isSuspect: true })).toEqual({ afterMs: 500, isLook: true });
    expect(next({ ...talking, emptySince: START }, { isTold: true })).toEqual({ afterMs: 2_000, isLook: true });
  });

  test("a caller who is not in the queue yet needs no look", () => {
    expect(next({ phase: "waiting", agentReady: true }).isLook).toBe(false);
  });
});
