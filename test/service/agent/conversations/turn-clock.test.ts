import { TurnClock } from "../../../../service/agent/conversations/turn-clock.ts";

test("a turn lasts from the caller's last sound to the agent's first", () => {
  const clock = new TurnClock();
  clock.callerSpeaks();
  clock.callerStopped(1_000);
  expect(clock.agentSpeaks(1_700)).toBe(700);
});

test("an agent who greets, or speaks on, answers nobody", () => {
  const clock = new TurnClock();
  expect(clock.agentSpeaks(500)).toBeUndefined();
  clock.callerStopped(1_000);
  clock.agentSpeaks(1_700);
  expect(clock.agentSpeaks(3_000)).toBeUndefined();
});

test("a caller who goes on speaking has not waited yet", () => {
  const clock = new TurnClock();
  clock.callerStopped(1_000);
  clock.callerSpeaks();
  clock.callerStopped(2_500);
  expect(clock.agentSpeaks(3_000)).toBe(500);
});
