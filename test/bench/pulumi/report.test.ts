import { COMMANDS, type Command } from "../../../bench/pulumi/project.ts";
import { judgeTimings, type Timing, tableOf, timingOf } from "../../../bench/pulumi/report.ts";

test("trunks are held against the no-op resources of the same round: a round that was slow for all is none that was bad", () => {
  const times = { empty: [1, 1, 5], noop: [2, 2, 10], trunks: [2.2, 2.4, 11] };
  expect(timingOf("up", 10, times)).toEqual({ command: "up", count: 10, empty: 1, noop: 2, trunks: 2.4, ofNoop: 1.1 });
});

const timing = (command: Command, count: number, trunks: number, ofNoop = 1.1): Timing => ({
  command,
  count,
  empty: 1,
  noop: trunks / ofNoop,
  trunks,
  ofNoop,
});
const all = (seconds: (count: number) => number) =>
  COMMANDS.flatMap((command) => [1, 10, 100, 1_000].map((count) => timing(command, count, seconds(count))));

test("linear growth and a small share are good", () => {
  const aims = judgeTimings(all((count) => 2 + count / 50));
  expect(aims).toHaveLength(9);
  expect(aims.filter(({ ok }) => !ok)).toEqual([]);
});

test("trunks that get dearer with their number are told, with what each costs", () => {
  const [aim] = judgeTimings(all((count) => 2 + count ** 2 / 10_000)).filter(({ ok }) => !ok);
  expect(aim).toEqual({ what: "preview: grows linearly", seen: "11 ms each up to 100, 110 ms up to 1000", ok: false });
});

test("a share above the limit is told at 10 and at 1000, and nowhere else", () => {
  const dear = [1, 10, 100].map((count) => timing("up", count, 2, 1.3));
  expect(judgeTimings(dear)).toEqual([{ what: expect.stringContaining("up of 10 trunks"), seen: "1.30 ×", ok: false }]);
  expect(tableOf(dear)).toContain("1.30 ×");
});
