import fc from "fast-check";
import { initialState, PHASES, type Phase } from "../../../../service/middleware/calls/call-state.ts";
import { type OverdueView, whyOverdue } from "../../../../service/middleware/calls/overdue.ts";

const MINUTE = 60_000;
const state = (phase: Phase, since = 0) => ({ ...initialState(0), phase, phaseSince: since });
const view = (now: number, changes: Partial<OverdueView> = {}): OverdueView => ({
  now,
  hasRoom: true,
  callLimitMs: 60 * MINUTE,
  fallbackDials: false,
  ...changes,
});

describe("whyOverdue", () => {
  test.each(["preparing", "waiting", "dialling", "leaving", "fallback"] as const)(
    "%s ends by itself within a minute",
    (phase) => {
      expect(whyOverdue(state(phase), view(MINUTE))).toBeUndefined();
      expect(whyOverdue(state(phase), view(MINUTE + 1))).toMatch(phase);
    },
  );

  test("a conversation goes on while its room is there, up to the call limit", () => {
    expect(whyOverdue(state("talking"), view(59 * MINUTE))).toBeUndefined();
    expect(whyOverdue(state("talking"), view(61 * MINUTE + 1))).toBe("the call limit has passed");
  });

  test("a conversation whose room is gone is over, but not in its first seconds", () => {
    expect(whyOverdue(state("talking"), view(5_000, { hasRoom: false }))).toBeUndefined();
    expect(whyOverdue(state("talking"), view(11_000, { hasRoom: false }))).toBe("the room is gone");
  });

  test("a fallback that dials is a conversation without a room", () => {
    const dialling = { fallbackDials: true, hasRoom: false };
    expect(whyOverdue(state("fallback"), view(30 * MINUTE, dialling))).toBeUndefined();
    expect(whyOverdue(state("fallback"), view(62 * MINUTE, dialling))).toBe("the call limit has passed");
  });

  test("in the end every call is over, and an ended one stays as it is", () => {
    fc.assert(
      fc.property(fc.constantFrom(...PHASES), fc.boolean(), fc.boolean(), (phase, hasRoom, fallbackDials) => {
        const why = whyOverdue(state(phase), view(61 * MINUTE + 1, { hasRoom, fallbackDials }));
        return (why === undefined) === (phase === "ended");
      }),
    );
  });
});
