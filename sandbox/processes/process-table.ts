import { readdirSync, readFileSync } from "node:fs";

/** What identifies a process beyond its pid, which the kernel gives out again: when it started, in clock ticks since boot. */
export interface ProcessIdentity {
  pid: number;
  startTicks: string;
}

interface Stat {
  state: string;
  parent: number;
  group: number;
  startTicks: string;
}

/** Field numbers as in proc(5), counted behind the command name, which may itself hold spaces and brackets. */
function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state = "", parent = "", group = ""] = fields;
    return { state, parent: Number(parent), group: Number(group), startTicks: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}

export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  return stat && { pid, startTicks: stat.startTicks };
}

/** Whether this very process (not another one with its pid) still runs. A zombie does not run. */
export function isAlive(process: ProcessIdentity): boolean {
  const stat = readStat(process.pid);
  return stat !== undefined && stat.state !== "Z" && stat.startTicks === process.startTicks;
}

/**
 * The running members of a process group. Members that started before the group's leader cannot be its own:
 * then the number was given out again, and the group is a stranger's.
 */
export function groupMembers(leader: ProcessIdentity): number[] {
  return allPids().filter((pid) => {
    const stat = readStat(pid);
    return stat?.group === leader.pid && stat.state !== "Z" && isSameOrLater(stat.startTicks, leader.startTicks);
  });
}

function allPids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The running processes that have this entry (`NAME=value`) in the environment they were started with. */
export function withEnvironment(entry: string): ProcessIdentity[] {
  return allPids()
    .filter((pid) => readEnvironment(pid).includes(entry))
    .flatMap((pid) => identify(pid) ?? [])
    .filter(isAlive);
}

function readEnvironment(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // another user's, or gone
  }
}

function isSameOrLater(ticks: string, reference: string): boolean {
  return BigInt(ticks) >= BigInt(reference);
}

/** Whether the leader's number now belongs to another process, so that its group must not be touched. */
export function isReused(leader: ProcessIdentity): boolean {
  const stat = readStat(leader.pid);
  return stat !== undefined && stat.startTicks !== leader.startTicks;
}
