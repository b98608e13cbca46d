import { readdirSync, readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100; // CLK_TCK, fixed on Linux for user space

/** What a process group has used so far. */
export interface GroupCost {
  /** User and system time, of members that have ended too. */
  cpuSeconds: number;
  /** Proportional set size of what runs now: shared pages are counted once. */
  memoryMb: number;
  processes: number;
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
