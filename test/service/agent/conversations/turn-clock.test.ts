import { TurnClock } from "../../../../service/agent/conversations/turn-clock.ts";

test("a turn lasts from the caller's last sound to the agent's first", () => {
  const clock = new TurnClock();
  clock.agentSpeaks(500, undefined); // the greeting
  expect(clock.agentSpeaks(1_700, 1_000)).toBe(700);
});

test("a greeting is no answer, also to a caller who speaks first", () => {
  expect(new TurnClock().agentSpeaks(500, 200)).toBeUndefined();
});

test("an agent who speaks on answers nothing", () => {
  const clock = new TurnClock();
  clock.agentSpeaks(500, undefined);
  clock.agentSpeaks(1_700, 1_000);
  expect(clock.agentSpeaks(3_000, 1_000)).toBeUndefined();
});
