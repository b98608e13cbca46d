import { Silence } from "../../../../service/agent/worker/silence.ts";

/** Looks once a second for so long, at a process that waits for a CPU for `share` of the time. Returns the second of the verdict. */
function stuckAfter(silence: Silence, waits: { ms: number }, { share = 0, seconds = 60, from = 0 } = {}) {
  silence.heard(from);
  for (let second = 1; second <= seconds; second++) {
    waits.ms += share * 1_000;
    if (silence.isStuck(from + second * 1_000)) return second;
  }
  return undefined;
}

function newSilence() {
  const waits = { ms: 0 };
  return { waits, silence: new Silence(undefined, () => waits.ms) };
}

test.each([
  ["loops or sleeps", 0, 5],
  ["has half a CPU", 0.5, 9],
  ["has hardly any CPU", 0.9, 30],
  ["has none", 1, 30],
])(
  "a process that %s and does not answer is stuck when it could have answered for 5 s, or after 30 s",
  (_, share, second) => {
    const { silence, waits } = newSilence();
    expect(stuckAfter(silence, waits, { share })).toBe(second);
  },
);

test("an answer begins the time anew", () => {
  const { silence, waits } = newSilence();
  expect(stuckAfter(silence, waits, { seconds: 4 })).toBeUndefined();
  expect(stuckAfter(silence, waits, { from: 4_000 })).toBe(5);
});

test("a worker that was held up itself has seen nothing", () => {
  const { silence } = newSilence();
  silence.heard(0);
  expect(silence.isStuck(20_000)).toBe(false);
  expect(silence.isStuck(21_000)).toBe(false);
  expect(silence.isStuck(25_000)).toBe(false);
});

test("how long a process waits for a CPU is known of Linux, and does not hide one that is stuck", () => {
  const silence = new Silence(process.pid);
  silence.heard(0);
  const verdicts = [1, 2, 3, 4, 5, 6].map((second) => silence.isStuck(second * 1_000));
  expect(verdicts).toEqual([false, false, false, false, expect.any(Boolean), true]);
});
