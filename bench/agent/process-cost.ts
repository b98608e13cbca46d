import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const TICKS_PER_SECOND = 100; // CLK_TCK, fixed on Linux for user space

/** What a process group has used so far. */
export interface GroupCost {
  /** User and system time, of members that have ended too. */
  cpuSeconds: number;
  /** Proportional set size of what runs now: shared pages are counted once. */
  memoryMb: number;
  processes: number;
}

/** A group's memory around a load, MB. */
export interface MemoryCourse {
  before: number;
  most: number;
  after: number;
  /** How long after the load it was back to its start, +10 %; null = not within 60 s. */
  backAfterSeconds: number | null;
}

const SAMPLE_EVERY_MS = 2_000;
const BACK_SHARE = 1.1;
const BACK_WITHIN_MS = 60_000;

/** What a load costs a process group, and whether its memory comes back. @param group as in `costOf`. */
export async function watched(
  group: number,
  load: () => Promise<void>,
): Promise<{ cost: { cpuSeconds: number }; memoryMb: MemoryCourse }> {
  const start = costOf(group);
  let most = start.memoryMb;
  const sampling = setInterval(() => {
    most = Math.max(most, costOf(group).memoryMb);
  }, SAMPLE_EVERY_MS);
  await load().finally(() => clearInterval(sampling));
  const loadedAt = Date.now();
  const isBack = () => costOf(group).memoryMb <= start.memoryMb * BACK_SHARE;
  while (!isBack() && Date.now() - loadedAt < BACK_WITHIN_MS) await sleep(SAMPLE_EVERY_MS);
  const backAfterSeconds = isBack() ? Math.round((Date.now() - loadedAt) / 1_000) : null;
  const end = costOf(group);
  const cost = { cpuSeconds: end.cpuSeconds - start.cpuSeconds };
  return { cost, memoryMb: { before: start.memoryMb, most, after: end.memoryMb, backAfterSeconds } };
}

/** @param group process group id: the pid of the process that was started as its leader. */
export function costOf(group: number): GroupCost {
  const members = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid, stat: statOf(pid) }))
    .filter(({ stat }) => Number(stat[2]) === group);
  const ticks = members.flatMap(({ stat }) => stat.slice(11, 15)).reduce((sum, field) => sum + Number(field), 0);
  const memoryMb = members.reduce((sum, { pid }) => sum + pssMb(pid), 0);
  return { cpuSeconds: ticks / TICKS_PER_SECOND, memoryMb: Math.round(memoryMb), processes: members.length };
}

/** Fields of proc(5) from the third on (state, parent, group, …; 11 to 14: user and system time, own and of ended children). */
function statOf(pid: string): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function pssMb(pid: string): number {
  const kilobytes = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? "0";
  return Number(kilobytes) / 1_000;
}

/** Empty when the process has ended since it was listed. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
