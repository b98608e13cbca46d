import { parseArgs } from "node:util";
import { System } from "../sandbox/calls/system.ts";
import { LIMITS } from "./calls/judge.ts";
import { type LoadReport, load } from "./calls/load.ts";

export const usage =
  "calls [--calls 20] [--rate 0.5] [--talk 3] [--full] [--json]   both flows, alternating; --full: 200 calls at 0.5/s, then 200 at 2/s";

/** Of 200 calls at 2 per second on two cores, the framework's own worker answered this share (29 of 40). */
const STOCK_SHARE = 0.725;
const LIGHT_LOAD = 0.5;

interface Loaded {
  loads: LoadReport[];
  ok: boolean;
}

/** Whole calls on real servers, callers with SIP and RTP; a table on stderr unless `--json`. */
export async function run(args: string[]): Promise<Loaded> {
  const { values } = parseArgs({
    args,
    options: {
      calls: { type: "string", default: "20" },
      rate: { type: "string", default: "0.5" },
      talk: { type: "string", default: "3" },
      full: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const calls = values.full ? 200 : Number(values.calls);
  const rates = values.full ? [LIGHT_LOAD, 2] : [Number(values.rate)];
  const loads: LoadReport[] = [];
  for (const perSecond of rates) loads.push(await measure({ calls, perSecond, talkMs: Number(values.talk) * 1_000 }));
  const result = { loads, ok: loads.every((one) => criteria(one).every(({ ok }) => ok)) };
  if (!values.json) process.stderr.write(`${loads.map(table).join("\n")}\n`);
  if (!result.ok) process.exitCode = 1;
  return result;
}

async function measure(options: { calls: number; perSecond: number; talkMs: number }): Promise<LoadReport> {
  const system = new System(false);
  try {
    await system.startServers();
    await system.startMiddleware();
    await system.startAgent();
    return await load(system, options, (done) => {
      if (done % 10 === 0) process.stderr.write(`  ${done} of ${options.calls} calls at ${options.perSecond}/s\n`);
    });
  } finally {
    await system.stop();
  }
}

/** What has to hold. Above what two cores can start agents for, a share of the callers may get the fallback. */
function criteria(report: LoadReport): { what: string; value: string; ok: boolean }[] {
  const { calls, agent, bothWays, fallback, late, silent, hooks5xx, hooksUnanswered, left } = report;
  const wanted = report.perSecond <= LIGHT_LOAD ? calls : Math.ceil(calls * STOCK_SHARE);
  const active = left.rooms + left.calls + left.legs;
  return [
    {
      what: `with the agent, at least ${wanted}`,
      value: `${agent} of ${calls}, ${bothWays} heard both ways`,
      ok: agent >= wanted,
    },
    {
      what: "with the agent or the fallback in time",
      value: `${agent + fallback - late} of ${calls}`,
      ok: agent + fallback - late === calls,
    },
    {
      what: `in silence over ${LIMITS.startMs} ms at first or ${LIMITS.gapMs} ms later`,
      value: `${silent}`,
      ok: silent === 0,
    },
    {
      what: "webhooks answered 5xx, or not at all",
      value: `${hooks5xx} + ${hooksUnanswered}`,
      ok: hooks5xx + hooksUnanswered === 0,
    },
    { what: "rooms, records, legs left active", value: `${left.rooms}, ${left.calls}, ${left.legs}`, ok: active === 0 },
  ];
}

function table(report: LoadReport): string {
  const rows = criteria(report).map(({ what, value, ok }) => `  ${ok ? "ok " : "NO "} ${what.padEnd(58)} ${value}`);
  const flows = Object.entries(report.flows).map(([flow, { calls, agent, greetingMs, startMs, gapMs }]) => {
    const { p50, p95, max } = greetingMs;
    return `      ${flow.padEnd(9)} ${agent} of ${calls} with the agent; greeting heard after ${p50} ms (p95 ${p95}, longest ${max}); silence at most ${startMs} ms at first, ${gapMs} ms later`;
  });
  const { total, perCall, perCallSecond, looksPerCallSecond, byMethod } = report.requests;
  const methods = Object.entries(byMethod).map(([method, count]) => `${method} ${count}`);
  const requests = `      requests to LiveKit: ${total}, ${perCall} per call, ${perCallSecond} per call-second, ${looksPerCallSecond} of them looks (${methods.join(", ")})`;
  return [
    `\n${report.calls} calls at ${report.perSecond}/s, both flows, alternating`,
    ...rows,
    ...flows,
    requests,
  ].join("\n");
}
