import { table } from "../../cli/output/table.ts";
import type { Aim } from "../measure/aims.ts";
import { round, type Spread, spreadOf } from "../measure/spread.ts";
import type { Setup } from "./measure.ts";
import { WAYS, type Way } from "./way.ts";

/** All calls of one way. */
export interface WayReport {
  calls: number;
  ok: number;
  answeredMs: Spread;
  livekitMs: Spread;
  greetedMs: Spread;
  /** What callers without greeting saw. */
  failures: string[];
}

/** `dial-standby` must take at most this share of the usual way's time. */
const MOST_OF_USUAL = 0.5;

export function reportWay(setups: readonly Setup[]): WayReport {
  const good = setups.filter(({ ok }) => ok);
  return {
    calls: setups.length,
    ok: good.length,
    answeredMs: spreadOf(good.map(({ answeredMs }) => answeredMs)),
    livekitMs: spreadOf(good.map(({ livekitMs }) => livekitMs)),
    greetedMs: spreadOf(good.map(({ greetedMs }) => greetedMs)),
    failures: setups.filter(({ ok }) => !ok).map(({ seen }) => seen),
  };
}

/** What a room and an agent ahead of the call are worth where LiveKit is called, and that no call is lost. */
export function judgeWays(ways: Record<Way, WayReport>): Aim[] {
  const shares = (["p50", "p95"] as const).map((at) => {
    const share = round(ways["dial-standby"].livekitMs[at] / ways.usual.livekitMs[at], 2);
    const what = `LiveKit's INVITE → 200 in dial-standby, ${at}: at most ${MOST_OF_USUAL} of usual`;
    return { what, seen: `${share}`, ok: share <= MOST_OF_USUAL };
  });
  const kept = (["dial-standby", "dial", "callback"] as const).map((way) => {
    const { ok, calls } = ways[way];
    return { what: `${way}: every caller hears the agent`, seen: `${ok} of ${calls}`, ok: ok === calls };
  });
  return [...shares, ...kept];
}

export function tableOf(ways: Record<Way, WayReport>): string {
  const both = ({ p50, p95 }: Spread) => (Number.isNaN(p50) ? "–" : `${p50}, ${p95} ms`);
  const rows = WAYS.map((way) => {
    const { ok, calls, answeredMs, livekitMs, greetedMs } = ways[way];
    return [way, `${ok} of ${calls}`, both(livekitMs), both(answeredMs), both(greetedMs)];
  });
  const head = ["WAY", "GREETED", "LIVEKIT'S INVITE → 200 (p50, p95)", "CALLER'S INVITE → 200", "→ AGENT HEARD"];
  return table(head, rows);
}
