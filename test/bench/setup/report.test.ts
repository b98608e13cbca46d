import type { Setup } from "../../../bench/setup/measure.ts";
import { judgeWays, reportWay, tableOf } from "../../../bench/setup/report.ts";
import { WAYS, type Way } from "../../../bench/setup/way.ts";

const took = (livekitMs: number, ok = true): Setup => ({
  ok,
  answeredMs: livekitMs,
  livekitMs,
  greetedMs: livekitMs + 100,
  seen: ok ? "200" : "486",
});
const ways = (changes: Partial<Record<Way, Setup[]>>) =>
  Object.fromEntries(WAYS.map((way) => [way, reportWay(changes[way] ?? [took(400), took(500)])])) as Record<
    Way,
    ReturnType<typeof reportWay>
  >;

test("dial with a room ahead is held against the usual way at p50 and at p95", () => {
  const aims = judgeWays(ways({ "dial-standby": [took(200), took(251)] }));
  expect(aims.map(({ ok, seen }) => [ok, seen])).toEqual([
    [true, "0.5"],
    [true, "0.5"],
    [true, "2 of 2"],
    [true, "2 of 2"],
    [true, "2 of 2"],
  ]);
  expect(judgeWays(ways({ "dial-standby": [took(200), took(300)] })).map(({ ok }) => ok)).toEqual([
    true,
    false,
    true,
    true,
    true,
  ]);
});

test("a caller without agent is told, and does not make the way faster", () => {
  const report = reportWay([took(400), took(1, false)]);
  expect(report).toMatchObject({ calls: 2, ok: 1, failures: ["486"], livekitMs: { p50: 400 } });
  const all = ways({ callback: [took(400), took(1, false)] });
  expect(judgeWays(all).at(-1)).toMatchObject({ ok: false, seen: "1 of 2" });
  expect(tableOf(all)).toContain("1 of 2");
});
