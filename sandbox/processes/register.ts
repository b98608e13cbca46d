import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { groupMembers, isReused, type ProcessIdentity, withEnvironment } from "./process-table.ts";

/** One started process group, as written to the register file (one JSON object a line). */
export interface RegisteredGroup extends ProcessIdentity {
  name: string;
}

/** Appended before anything else happens with a child, so that a kill -9 of ours loses no group. */
export function register(file: string, group: RegisteredGroup): void {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(group)}\n`);
}

export function registered(file: string): RegisteredGroup[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.flatMap((line) => parseLine(line));
}

/** The last line may be cut off by a kill -9 in the middle of the write. */
function parseLine(line: string): RegisteredGroup[] {
  try {
    return [JSON.parse(line) as RegisteredGroup];
  } catch {
    return [];
  }
}

const GRACE_MS = 3_000;
const STEP_MS = 50;

/** In the environment of everything that is started under a register, so that it is found even if it was never written down. */
export function runMark(file: string): { TRUNKLINE_RUN: string } {
  return { TRUNKLINE_RUN: file };
}

/**
 * Ends every group in the register, newest first: SIGTERM, 3 s, SIGKILL; then whatever else carries the register's mark
 * (started in the instant in which its parent was killed). Then the register is gone.
 * Returns the names of those that still ran.
 */
export async function endRegistered(file: string): Promise<string[]> {
  const running = registered(file)
    .reverse()
    .filter((group) => !isReused(group) && groupMembers(group).length > 0);
  await Promise.all(running.map((group) => endGroup(group, GRACE_MS)));
  const unwritten = endMarked(file);
  rmSync(file, { force: true });
  return [...running.map((group) => group.name), ...unwritten];
}

function endMarked(file: string): string[] {
  const marked = withEnvironment(`TRUNKLINE_RUN=${runMark(file).TRUNKLINE_RUN}`).filter(
    ({ pid }) => pid !== process.pid,
  );
  for (const { pid } of marked) kill(pid, "SIGKILL");
  return marked.map(({ pid }) => `process ${pid}`);
}

/** Ends one process group and waits until its last member is gone. */
export async function endGroup(
  group: ProcessIdentity,
  graceMs: number,
  signal: NodeJS.Signals = "SIGTERM",
): Promise<void> {
  signalGroup(group, signal);
  if (await isGone(group, graceMs)) return;
  signalGroup(group, "SIGKILL");
  await isGone(group, graceMs);
}

function signalGroup(group: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isReused(group)) kill(-group.pid, signal);
}

function kill(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // ESRCH: it ended between the look and the signal.
  }
}

async function isGone(group: ProcessIdentity, withinMs: number): Promise<boolean> {
  for (const end = performance.now() + withinMs; performance.now() < end; await sleep(STEP_MS)) {
    if (groupMembers(group).length === 0) return true;
  }
  return groupMembers(group).length === 0;
}
