import fc from "fast-check";
import {
  type CallEvent,
  type CallState,
  isOver,
  PHASES,
  transition,
} from "../../../../service/middleware/calls/call-state.ts";
import { type Run, run, START } from "./call-run.ts";

type Happening = CallEvent extends infer Event ? Omit<Extract<Event, CallEvent>, "at"> : never;

describe("whatever order things happen in", () => {
  const flag = fc.boolean();
  const view = fc.record({ agentReady: flag, callerPresent: flag, callerActive: flag, agentDead: flag });
  const happening: fc.Arbitrary<Happening> = fc.oneof(
    fc.constantFrom<Happening>(
      { type: "room.created" },
      { type: "caller.waiting" },
      { type: "caller.moved" },
      { type: "leg.created" },
      { type: "leg.ended" },
    ),
    fc
      .constantFrom("refused" as const, "room.failed" as const, "leg.failed" as const, "caller.ended" as const)
      .map((type) => ({ type, reason: "any" })),
    fc
      .tuple(fc.constantFrom("leg.arrived", "leg.answered", "leg.dialled"), fc.constantFrom("leg-1", "leg-2"))
      .map(([type, legSid]) => ({ type, legSid }) as Happening),
    fc.constant({ type: "transfer.asked" as const, target: "+4989300777" }),
    fc.constantFrom("completed", "no-answer", "failed").map((status) => ({ type: "dial.done" as const, status })),
    fc
      .constantFrom("bridged", "hangup", "leave", "error", "unknown")
      .map((result) => ({ type: "queue.left" as const, result })),
    fc.oneof(
      view.map((room) => ({ type: "tick" as const, room })),
      fc.constant({ type: "tick" as const }),
    ),
  );
  // Mostly lively: otherwise an early end hides everything that could follow it.
  const lively = fc.oneof(
    { weight: 1, arbitrary: happening },
    { weight: 2, arbitrary: happening.filter(({ type }) => !/failed|ended|left|done|refused/.test(type)) },
  );
  const history = fc.array(fc.tuple(lively, fc.nat(4_000)), { maxLength: 40 }).map((entries) => {
    let at = START;
    return entries.map(([event, pause]) => {
      at += pause;
      return { ...event, at } as CallEvent;
    });
  });
  const always = (property: (call: Run) => void) => () =>
    fc.assert(
      fc.property(history, fc.constantFrom("callback", "dial"), (events, flow) => property(run(events, 0, flow))),
      { numRuns: 2_000 },
    );
  const rank = (state: CallState) => PHASES.indexOf(state.phase);

  test(
    "a call never goes back to an earlier phase; ended stays ended, untouched",
    always((call) => {
      for (const { before, step } of call.steps) {
        expect(rank(step.state)).toBeGreaterThanOrEqual(rank(before));
        if (before.phase === "ended") expect(step.state).toBe(before);
      }
    }),
  );

  test(
    "LiveKit is asked for one leg at most, and only for a ready agent and a queued caller",
    always((call) => {
      expect(call.effects.filter((effect) => effect === "connect").length).toBeLessThanOrEqual(1);
      for (const { step } of call.steps) {
        if (step.effects.includes("connect"))
          expect(step.state).toMatchObject({ phase: "dialling", agentReady: true, inQueue: true });
      }
    }),
  );

  test(
    "one leg is joined at most: the first",
    always((call) => {
      const sids = call.steps.flatMap(({ step }) => step.state.legSid ?? []);
      expect(new Set(sids).size).toBeLessThanOrEqual(1);
      expect(call.marks.filter((mark) => mark === "agent_leg.webhook").length).toBeLessThanOrEqual(1);
    }),
  );

  test(
    "every mark is set once at most",
    always((call) => {
      expect(new Set(call.marks).size).toBe(call.marks.length);
    }),
  );

  test(
    "the room is deleted the moment the call is over, and each time something is made after that",
    always((call) => {
      for (const { event, before, step } of call.steps) {
        const over = isOver(step.state) && !isOver(before);
        const late = isOver(before) && (event.type === "room.created" || event.type === "leg.created");
        expect(step.effects.includes("deleteRoom")).toBe(over || late);
      }
    }),
  );

  test(
    "whoever is over knows why; an ended caller ends the call from everywhere",
    always((call) => {
      if (isOver(call.state)) expect(call.state.reason).toEqual(expect.any(String));
      expect(transition(call.state, { type: "caller.ended", at: START, reason: "completed" }).state.phase).toBe(
        "ended",
      );
    }),
  );

  test(
    "states are plain data: a copy through JSON behaves alike",
    always((call) => {
      expect(JSON.parse(JSON.stringify(call.state))).toEqual(call.state);
    }),
  );
});
