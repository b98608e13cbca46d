import { readdirSync, readFileSync } from "node:fs";
import { groupMembers } from "../../sandbox/processes/process-table.ts";
import { type RegisteredGroup, registered } from "../../sandbox/processes/register.ts";

/** What one part of the system (all processes of its group) holds at one moment. */
export interface Sample {
  part: string;
  /** ms since 1970. */
  at: number;
  /** Proportional set size: pages shared between its processes are counted once. */
  memoryMb: number;
  /** Open file descriptors: files, sockets, pipes, timers. */
  handles: number;
  processes: number;
}

/** Callers come and go, and are no part of the system. */
const CALLER = /^sipp-/;
/** `livekit-sip-24311`: the port is not part of the name. */
const PORT = /-\d+$/;

/** Looks at every part that runs under this register (sandbox/processes/register.ts). */
export function samplesOf(registerFile: string, at = Date.now()): Sample[] {
  return registered(registerFile)
    .filter(({ name }) => !CALLER.test(name))
    .map((group) => sampleOf(group, at))
    .filter(({ processes }) => processes > 0);
}

function sampleOf(group: RegisteredGroup, at: number): Sample {
  const members = groupMembers(group);
  return {
    part: group.name.replace(PORT, ""),
    at,
    memoryMb: sum(members.map(memoryMb)),
    handles: sum(members.map(handles)),
    processes: members.length,
  };
}

function memoryMb(pid: number): number {
  const [, kilobytes = "0"] = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`)) ?? [];
  return Number(kilobytes) / 1_024;
}

/** 0 when the process has ended since it was listed. */
function handles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
