import { clockMs } from "@trunkline/shared";
import { newRecord } from "../../../../service/middleware/calls/call-record.ts";
import type { CallState } from "../../../../service/middleware/calls/call-state.ts";
import { LiveCallError, type Moved } from "../../../../service/middleware/jambonz/live-call-control.ts";
import { Rescue } from "../../../../service/middleware/watch/rescue.ts";
import { CALLER_SID } from "../support.ts";

const context = { callId: "c", flow: "callback", caller: "+1", called: "+2" } as never;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function setUp(answers: (Moved | Error)[] | undefined, changes: Partial<CallState> = {}) {
  const at = clockMs();
  const made = newRecord({
    context,
    callSid: CALLER_SID,
    origin: { jambonzAccountSid: "account" },
    at,
  });
  let state: CallState = { ...made.state, phase: "leaving", phaseSince: at, ...changes };
  const become = (phase: CallState["phase"]) => {
    state = { ...state, phase };
  };
  const asked: { at: number; args: unknown[] }[] = [];
  const logged: string[] = [];
  const note = ({ event }: { event: string }) => void logged.push(event);
  const rescue = new Rescue({
    control: answers && {
      move: async (...args) => {
        asked.push({ at: clockMs() - at, args });
        const answer = answers.shift() ?? "asked";
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    read: async () => ({ ...made, state }),
    onGone: async () => become("ended"),
    log: { error: note, warn: note, info: note } as never,
  });
  const freed = rescue.free({ ...made, state });
  return { rescue, freed, asked, logged, become };
}
const after = (ms: number) => jest.advanceTimersByTimeAsync(ms);

test("a caller whom jambonz moves on by itself is left alone", async () => {
  const { asked, become, freed } = setUp([]);
  await after(300);
  become("ended");
  await after(5_000);
  await freed;
  expect(asked).toEqual([]);
});

test("a caller of whom nothing is heard is asked for, and again while the hook has not come", async () => {
  const { asked, become, freed } = setUp([]);
  await after(2_000);
  expect(asked.map(({ at }) => at)).toEqual([400, 1_900]);
  expect(asked[0]?.args).toEqual(["account", CALLER_SID, "/livekit-api/rescue"]);
  become("fallback");
  await after(5_000);
  await freed;
  expect(asked).toHaveLength(2);
});

test("a call that jambonz does not have any more is ended", async () => {
  const { asked, freed } = setUp(["gone"]);
  await after(5_000);
  await freed;
  expect(asked).toHaveLength(1);
});

test("music that has just begun is not cut (jambonz-live, section 10)", async () => {
  const { asked } = setUp([], { queuedAt: clockMs() + 390 });
  await after(2_000);
  expect(asked[0]?.at).toBe(640);
});

test("429 is waited out", async () => {
  const { asked, logged } = setUp([new LiveCallError("LIVE_CALL_LIMITED", "429", 30_000)]);
  await after(30_399);
  expect(asked).toHaveLength(1);
  await after(1);
  expect(asked).toHaveLength(2);
  expect(logged).toContain("rescue.failed");
});

test.each([
  ["without a key", undefined],
  ["whose hook never comes", []],
])("a caller %s rings an alarm after 10 s, once", async (_who, answers) => {
  const { logged } = setUp(answers);
  await after(9_900);
  expect(logged).not.toContain("caller.stranded");
  await after(20_000);
  expect(logged.filter((event) => event === "caller.stranded")).toHaveLength(1);
});

test("the end of the instance ends it", async () => {
  const { rescue, freed, asked } = setUp([]);
  rescue.close();
  await freed;
  expect(asked).toEqual([]);
});
