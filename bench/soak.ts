import { availableParallelism, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { System } from "../sandbox/calls/system.ts";
import type { Verdict } from "./calls/judge.ts";
import { callSteadily } from "./soak/calls.ts";
import { type Sample, samplesOf } from "./soak/sample.ts";
import { type Trend, trendsOf } from "./soak/trend.ts";

export const usage =
  "soak [--minutes 30] [--every 5] [--json]   a call every so many seconds, flows alternating: memory and file handles of each part, with their slope per hour";

const SAMPLE_EVERY_MS = 10_000;
/** The share of the whole time that is not counted: compilers, pools and caches fill up first. */
const WARM_UP = 1 / 5;
const LEFTOVERS_MS = 75_000;

interface Soak {
  command: string;
  date: string;
  machine: string;
  minutes: number;
  everySeconds: number;
  calls: number;
  agent: number;
  /** Callers who did not reach the agent; at most 20. */
  others: Verdict[];
  left: { rooms: number; calls: number; legs: number };
  warmUpMinutes: number;
  trends: Trend[];
}

/** A table on stderr unless `--json`. Memory that grows is shown, not judged: how much is too much depends on the hours between two deployments. */
export async function run(args: string[]): Promise<Soak> {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: "string", default: "30" },
      every: { type: "string", default: "5" },
      json: { type: "boolean", default: false },
    },
  });
  const [minutes, everySeconds] = [Number(values.minutes), Number(values.every)];
  if (!(minutes > 0 && everySeconds > 0))
    throw new Error(`--minutes ${values.minutes} --every ${values.every}: both have to be numbers above 0`);
  const result = await soak(minutes, everySeconds);
  if (!values.json) process.stderr.write(`${table(result)}\n`);
  if (result.agent < result.calls) process.exitCode = 1;
  return result;
}

async function soak(minutes: number, everySeconds: number): Promise<Soak> {
  const system = new System(false);
  const samples: Sample[] = [];
  const verdicts: Verdict[] = [];
  const look = () => samples.push(...samplesOf(system.supervisor.registerFile));
  try {
    await system.startServers();
    await system.startMiddleware({ REDIS_URL: system.redisUrl });
    await system.startAgent();
    const looking = setInterval(look, SAMPLE_EVERY_MS);
    const onCall = (verdict: Verdict) => tell(verdicts, verdict);
    await callSteadily(system, { everyMs: everySeconds * 1_000, minutes, onCall }).finally(() =>
      clearInterval(looking),
    );
    look();
    const left = await system.leftovers(LEFTOVERS_MS);
    const counts = { rooms: left.rooms.length, calls: left.calls.length, legs: left.legs };
    return report(minutes, everySeconds, verdicts, samples, counts);
  } finally {
    await system.stop();
  }
}

function tell(verdicts: Verdict[], verdict: Verdict): void {
  verdicts.push(verdict);
  if (verdict.outcome !== "agent") process.stderr.write(`  ${verdict.flow}: ${verdict.outcome} (${verdict.seen})\n`);
  else if (verdicts.length % 12 === 0) process.stderr.write(`  ${verdicts.length} calls\n`);
}

function report(
  minutes: number,
  everySeconds: number,
  verdicts: Verdict[],
  samples: Sample[],
  left: Soak["left"],
): Soak {
  const others = verdicts.filter(({ outcome }) => outcome !== "agent");
  return {
    command: `npm run soak -- --minutes ${minutes} --every ${everySeconds}`,
    date: new Date().toISOString().slice(0, 10),
    machine: `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, everything on it`,
    minutes,
    everySeconds,
    calls: verdicts.length,
    agent: verdicts.length - others.length,
    others: others.slice(0, 20),
    left,
    warmUpMinutes: minutes * WARM_UP,
    trends: trendsOf(samples, minutes * WARM_UP * 60_000),
  };
}

function table({ calls, agent, minutes, left, trends }: Soak): string {
  const head = `\n${calls} calls in ${minutes} minutes, ${agent} with the agent; left: ${left.rooms} rooms, ${left.calls} records, ${left.legs} legs`;
  const rows = trends.map(({ part, memoryMb, handles }) => {
    const memory = `${memoryMb.first} → ${memoryMb.last} MB, ${signed(memoryMb.perHour)} MB/h (${signed(memoryMb.sharePerHour * 100)} %)`;
    return `  ${part.padEnd(16)} ${memory.padEnd(48)} handles ${handles.first} → ${handles.last}, ${signed(handles.perHour)}/h`;
  });
  return [head, ...rows].join("\n");
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${Math.round(value * 10) / 10}`;
}
