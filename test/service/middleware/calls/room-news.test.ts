import { newRecord } from "../../../../service/middleware/calls/call-record.ts";
import { initialState, type RoomView, transition } from "../../../../service/middleware/calls/call-state.ts";
import { viewOf } from "../../../../service/middleware/calls/call-view.ts";
import { noteNews } from "../../../../service/middleware/calls/room-news.ts";

const state = initialState(1_000);
const report = {
  joinMs: 310,
  firstAudioMs: 90,
  turns: 2,
  turnLatencyMs: { mean: 600, longest: 700 },
  interruptions: 1,
};
const look = (agentReport?: RoomView["agentReport"]) => {
  const room = { agentReady: true, callerPresent: true, ...(agentReport && { agentReport }) };
  return { type: "tick" as const, at: 2_000, room };
};

test("the agent's latest report stays with the call", () => {
  const first = transition(state, look(report)).state;
  expect(first.agentReport).toEqual(report);
  expect(transition(first, look({ ...report, turns: 3 })).state.agentReport).toMatchObject({ turns: 3 });
  expect(transition(first, look()).state.agentReport).toEqual(report);
});

test("the same report again is no change, so that nothing is written", () => {
  const { state: first } = transition(state, look(report));
  expect(transition(first, look({ ...report })).state).toBe(first);
});

test("a report changes nothing else", () => {
  const { agentReport, ...rest } = noteNews({ state, effects: [], marks: [] }, look(report)).state;
  expect(agentReport).toEqual(report);
  expect(rest).toEqual(state);
});

test("whoever looks at the call sees it", () => {
  const context = { callId: "id", flow: "dial" as const, caller: "anonymous", called: "1", headers: {} };
  const record = newRecord({ callSid: "sid", context, at: 1_000 });
  expect(viewOf(record, true).agent).not.toHaveProperty("report");
  const told = { ...record, state: { ...record.state, agentReport: report } };
  expect(viewOf(told, true).agent).toMatchObject({ report });
});
