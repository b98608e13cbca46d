import { tableOf } from "../../../bench/start/report.ts";
import { runOf, type StartRun } from "../../../bench/start/run.ts";

const result = (heardMs: number) => ({
  steps: [{ name: "agent", ms: 600 }],
  calls: [
    {
      timeline: [
        { event: "caller_invite", ms: 0 },
        { event: "agent_audio_heard_by_caller", ms: heardMs },
      ],
    },
  ],
});

test("a start is over when a caller has heard the agent, not when the call has ended", () => {
  const { steps, calls } = result(2_100);
  expect(runOf(5_000.4, { steps, calls: calls as never })).toEqual({ answeredMs: 7_100, steps });
});

test("each step has a line: what only the clean clone has to do is none of the warm start", () => {
  const clone: StartRun = {
    answeredMs: 50_000,
    steps: [
      { name: "npm packages", ms: 34_000 },
      { name: "agent", ms: 700 },
    ],
  };
  const warm = [400, 600, 5_000].map((ms) => ({ answeredMs: ms * 10, steps: [{ name: "agent", ms }] }));
  const lines = tableOf({ clone, warm })
    .split("\n")
    .map((line) => line.replace(/\s{2,}/g, " | "));
  expect(lines).toEqual(
    expect.arrayContaining([
      "npm packages | 34.0 s | –",
      "agent | 0.7 s | 0.6 s",
      "to the answered call | 50.0 s | 6.0 s",
    ]),
  );
});
