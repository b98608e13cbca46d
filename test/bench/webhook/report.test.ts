import { judgeWebhook, type Round, summarise, tableOf } from "../../../bench/webhook/report.ts";
import type { Measured } from "../../../bench/webhook/round.ts";
import { NAMES } from "../../../bench/webhook/variants.ts";

const at = (perSecond: number, more: Partial<Measured> = {}): Measured => ({
  perSecond,
  p50Ms: 10,
  p99Ms: 20,
  cpuMs: 0.6,
  failed: 0,
  ...more,
});
const round = (changes: Partial<Round> = {}): Round =>
  ({ ...Object.fromEntries(NAMES.map((name) => [name, at(500)])), original: at(100), ...changes }) as Round;

test("the median round counts: one that was disturbed does not", () => {
  const rounds = [round(), round({ ours: at(20), oursAlone: at(30) }), round()];
  expect(summarise(rounds).ours).toEqual(at(500));
  expect(judgeWebhook(rounds).map(({ ok }) => ok)).toEqual([true, true, true, true]);
});

test.each([
  ["own cost", { oursAlone: at(500, { cpuMs: 1.2 }) }, "1.2 ms"],
  ["requests/s", { ours: at(400) }, "0.8"],
  ["LiveKit stubbed", { oursAlone: at(450) }, "4.5 ×"],
  ["the middleware answers", { ours: at(500, { failed: 3 }) }, "3 were not"],
])("%s: missed is told with what was seen", (what, changes, seen) => {
  const missed = judgeWebhook([round(changes)]).filter(({ ok }) => !ok);
  expect(missed).toEqual([{ what: expect.stringContaining(what), seen, ok: false }]);
});

test("each service has a line", () => {
  expect(tableOf(round()).split("\n")).toHaveLength(NAMES.length + 2);
});
