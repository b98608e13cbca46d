import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isAlive } from "../../sandbox/processes/process-table.ts";
import { type RegisteredGroup, registered } from "../../sandbox/processes/register.ts";
import type { StartResult } from "../../sandbox/start/start.ts";

/** A work folder of a test's own: it may run beside a start in this checkout. */
export function temporaryWorkFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "trunkline-work-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface StartProcess {
  /** Every line it has shown, stdout and stderr. */
  lines: string[];
  exited: Promise<number | null>;
  /** The JSON object of `--json`. */
  result(): StartResult;
  /** Resolves when such a line is shown; rejects when it ends without. */
  shows(pattern: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** What it has started so far and registered for clean-up. */
  started(): RegisteredGroup[];
  /** For a test that fails: all it has shown, and the last lines that each process of the newest run has logged. */
  told(): string;
}

/** `npm start -- ARGS`, without npm: the same script, in a process group of its own. */
export function runStart(work: string, args: string[], env: NodeJS.ProcessEnv = {}): StartProcess {
  return follow(spawnStart(process.execPath, ["cli/trunkline.mjs", "start", ...args], work, env), work);
}

/** The same behind a parent that waits for it, as npm does; `kill` then means the parent alone. */
export function runStartBehindParent(work: string, args: string[]): StartProcess {
  const script = '"$0" "$@"; exit $?';
  const child = spawnStart("sh", ["-c", script, process.execPath, "cli/trunkline.mjs", "start", ...args], work, {
    npm_lifecycle_event: "start",
  });
  return { ...follow(child, work), kill: (signal) => child.kill(signal) };
}

function spawnStart(command: string, args: string[], work: string, env: NodeJS.ProcessEnv) {
  return spawn(command, args, {
    detached: true,
    env: { ...process.env, TRUNKLINE_WORK_FOLDER: work, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function follow(child: ReturnType<typeof spawnStart>, work: string): StartProcess {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      for (const look of waiting) look();
    });
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    lines,
    exited,
    result: () => JSON.parse(lines.findLast((line) => line.startsWith("{")) ?? "null") as StartResult,
    shows: (pattern) => showsLine(pattern, lines, waiting, exited),
    kill: (signal) => killGroup(child, signal),
    started: () => startedIn(work),
    told: () => [...lines, ...lastLogged(work)].join("\n"),
  };
}

function showsLine(
  pattern: RegExp,
  lines: string[],
  waiting: Set<() => void>,
  exited: Promise<unknown>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!lines.some((line) => pattern.test(line))) return;
      waiting.delete(look);
      resolve();
    };
    waiting.add(look);
    look();
    void exited.then(() => reject(new Error(`ended without showing ${pattern}:\n${lines.join("\n")}`)));
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) process.kill(-child.pid, signal);
}

function startedIn(work: string): RegisteredGroup[] {
  return runsIn(work).flatMap((run) => registered(join(run, "processes.jsonl")));
}

/** The folders of all runs, oldest first. */
function runsIn(work: string): string[] {
  const runs = join(work, "runs");
  return existsSync(runs)
    ? readdirSync(runs)
        .sort()
        .map((run) => join(runs, run))
    : [];
}

const LAST_LINES = 40;

function lastLogged(work: string): string[] {
  const newest = runsIn(work).at(-1);
  if (newest === undefined) return [];
  const logs = join(newest, "logs");
  return readdirSync(logs).flatMap((file) => {
    const logged = readFileSync(join(logs, file), "utf8").trimEnd().split("\n");
    return [`--- ${file}`, ...logged.slice(-LAST_LINES)];
  });
}

/** Those of the processes that still run, after waiting up to 8 s for them to end. */
export async function stillRunning(processes: RegisteredGroup[]): Promise<string[]> {
  for (let tries = 0; tries < 80 && processes.some(isAlive); tries++)
    await new Promise((done) => setTimeout(done, 100));
  return processes.filter(isAlive).map(({ name }) => name);
}
