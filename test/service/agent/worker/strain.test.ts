import { Strain } from "../../../../service/agent/worker/strain.ts";

/** The last of these seconds decides. */
function after(...seconds: { lagMs?: number; busy?: number }[]): boolean {
  const strain = new Strain();
  for (const { lagMs = 0, busy = 0.3 } of seconds) strain.note({ lagMs, busy });
  return strain.isTooMuch;
}

test("a host that has said nothing yet, or is at ease, can take calls", () => {
  expect(after()).toBe(false);
  expect(after({ lagMs: 149, busy: 0.84 }, { lagMs: 20, busy: 0.84 })).toBe(false);
});

test("a lag that callers hear is too much at once, and forgotten with it", () => {
  expect(after({ lagMs: 150 })).toBe(true);
  expect(after({ lagMs: 400 }, { lagMs: 10 })).toBe(false);
});

test("a few busy seconds are the start of a few calls, four in a row are too much", () => {
  const busy = { busy: 1 };
  expect(after(busy, busy, busy)).toBe(false);
  expect(after(busy, busy, busy, { busy: 0.98 })).toBe(true);
  expect(after(busy, busy, busy, { busy: 0.97 })).toBe(false);
  expect(after(busy, busy, busy, busy, { busy: 0.5 })).toBe(false);
});
