import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { SandboxError } from "../errors.ts";
import { checkout } from "../root.ts";
import { identify, type ProcessIdentity } from "./process-table.ts";
import { endGroup, register, runMark } from "./register.ts";

export interface ProcessSpec {
  /** Unique in this supervisor; names the log file. */
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Keep stdin open for writing; else it is /dev/null. */
  stdin?: boolean;
  /** Its stdout has secrets in it: the log file gets none of it. */
  hasSecretOutput?: boolean;
  /** Every line of stdout and stderr. */
  onLine?: (line: string, stream: "stdout" | "stderr") => void;
}

export interface Running {
  name: string;
  pid: number;
  /** Exit code, null after a signal. Never rejects. */
  exited: Promise<number | null>;
  /** Ended, and all of its output seen (a grandchild that keeps the pipes open delays this). */
  closed: Promise<void>;
  stdin: Writable | undefined;
  /** The log file with its stdout and stderr. */
  log: string;
  /** Signals the whole group, waits, SIGKILLs what is left after `graceMs` (default 5 s). */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<void>;
}

const STOP_GRACE_MS = 5_000;

/**
 * Starts children, each in a process group of its own, and stops them by id. Whoever is started is written to
 * `<folder>/processes.jsonl` first; a guardian process ends them all if this process dies without doing so.
 */
export class Supervisor {
  readonly folder: string;
  readonly #running: Running[] = [];
  #guardian: ChildProcess | undefined;
  #isStopping = false;

  constructor(options: { folder: string }) {
    this.folder = options.folder;
    // What a run writes, and what the programs that it starts write, is for its owner only.
    process.umask(0o077);
    mkdirSync(join(this.folder, "logs"), { recursive: true });
  }

  get registerFile(): string {
    return join(this.folder, "processes.jsonl");
  }

  /** @throws SandboxError START_FAILED when the command cannot be executed, or everything is being stopped. */
  async start(spec: ProcessSpec): Promise<Running> {
    if (this.#isStopping) throw startFailed(spec, new Error("everything is being stopped"));
    this.#watchOver();
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd ?? checkout(),
      detached: true,
      env: { ...(spec.env ?? process.env), ...runMark(this.registerFile) },
      stdio: [spec.stdin ? "pipe" : "ignore", "pipe", "pipe"],
    });
    const identity = await this.#identified(child, spec);
    const running = supervise(child, identity, spec, join(this.folder, "logs", `${spec.name}.log`));
    this.#running.push(running);
    return running;
  }

  /** Stops everything, newest first, and the guardian last. */
  async stopAll(): Promise<void> {
    this.#isStopping = true;
    while (this.#running.length > 0) {
      const running = this.#running.pop();
      await running?.stop();
    }
    await this.#dismissGuardian();
  }

  /** Nothing is left to watch over: gone before whoever waits for this looks at the process list. */
  async #dismissGuardian(): Promise<void> {
    const guardian = this.#guardian;
    this.#guardian = undefined;
    if (!guardian || guardian.exitCode !== null || guardian.signalCode !== null) return;
    const gone = new Promise((resolve) => guardian.once("exit", resolve));
    guardian.ref();
    guardian.kill("SIGKILL");
    await gone;
  }

  async #identified(child: ChildProcess, spec: ProcessSpec): Promise<ProcessIdentity> {
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity) register(this.registerFile, { name: spec.name, ...identity });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => reject(startFailed(spec, error)));
    });
    return identity ?? { pid: child.pid as number, startTicks: "0" };
  }

  #watchOver(): void {
    if (this.#guardian) return;
    this.#guardian = spawn(process.execPath, [checkout("sandbox/processes/guardian.ts"), this.registerFile], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env: { PATH: process.env.PATH },
    });
    this.#guardian.unref();
    (this.#guardian.stdin as unknown as { unref?(): void } | null)?.unref?.();
  }
}

function startFailed(spec: ProcessSpec, error: Error): SandboxError {
  return new SandboxError(
    "START_FAILED",
    `${spec.name} could not be started: ${error.message}`,
    `Check that ${spec.command} can be run.`,
  );
}

function supervise(child: ChildProcess, identity: ProcessIdentity, spec: ProcessSpec, log: string): Running {
  const file = createWriteStream(log, { flags: "a" });
  // A full disk or a folder that was removed costs the log, not the call.
  file.on("error", () => undefined);
  follow(child.stdout, spec.hasSecretOutput ? undefined : file, (line) => spec.onLine?.(line, "stdout"));
  follow(child.stderr, file, (line) => spec.onLine?.(line, "stderr"));
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  // A child that has gone breaks its stdin; whoever writes learns of it from `exited`.
  child.stdin?.on("error", () => undefined);
  void closed.then(() => file.end());
  return {
    name: spec.name,
    pid: identity.pid,
    exited,
    closed,
    stdin: child.stdin ?? undefined,
    log,
    stop: (signal = "SIGTERM", graceMs = STOP_GRACE_MS) => endGroup(identity, graceMs, signal),
  };
}

function follow(stream: Readable | null, file: WriteStream | undefined, onLine: (line: string) => void): void {
  if (!stream) return;
  createInterface({ input: stream }).on("line", (line) => {
    if (file?.writable) file.write(`${line}\n`);
    onLine(line);
  });
}
