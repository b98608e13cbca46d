import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identify, isAlive } from "../../../sandbox/processes/process-table.ts";
import { endRegistered, register, registered } from "../../../sandbox/processes/register.ts";
import { Supervisor } from "../../../sandbox/processes/supervisor.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trunkline-supervisor-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const isRunning = (pid: number) => identify(pid) !== undefined && isAlive(identify(pid) ?? { pid, startTicks: "" });

/** Starts a shell whose child would outlive it, and says the child's pid. */
async function startWithChild(supervisor: Supervisor, script: string): Promise<{ pid: number; child: number }> {
  let child = 0;
  const running = await supervisor.start({
    name: "family",
    command: "sh",
    args: ["-c", script],
    onLine: (line) => (child = Number(line)),
  });
  while (child === 0) await sleep(10);
  return { pid: running.pid, child };
}

test("stopAll ends children and grandchildren, also those that ignore SIGTERM", async () => {
  const supervisor = new Supervisor({ folder });
  const running = await supervisor.start({
    name: "deaf",
    command: "sh",
    args: ["-c", "trap '' TERM; sleep 60 & echo $!; wait; sleep 60"],
  });
  await running.stop("SIGTERM", 200);
  expect(isRunning(running.pid)).toBe(false);
  await supervisor.stopAll();
});

test("a grandchild whose parent has ended is ended too", async () => {
  const supervisor = new Supervisor({ folder });
  const { pid, child } = await startWithChild(supervisor, "sleep 60 & echo $!");
  while (isRunning(pid)) await sleep(10);
  expect(isRunning(child)).toBe(true);
  await supervisor.stopAll();
  expect(isRunning(child)).toBe(false);
});

test("output goes to the log file and line by line to whoever asks", async () => {
  const supervisor = new Supervisor({ folder });
  const lines: string[] = [];
  const running = await supervisor.start({
    name: "talker",
    command: "sh",
    args: ["-c", "echo one; echo two >&2"],
    onLine: (line, stream) => lines.push(`${stream} ${line}`),
  });
  await running.closed;
  expect(lines.sort()).toEqual(["stderr two", "stdout one"]);
  await supervisor.stopAll();
  expect(readFileSync(running.log, "utf8").split("\n").sort()).toEqual(["", "one", "two"]);
});

test("a command that does not exist is a typed error", async () => {
  const supervisor = new Supervisor({ folder });
  await expect(supervisor.start({ name: "none", command: "/no/such/program", args: [] })).rejects.toMatchObject({
    code: "START_FAILED",
  });
  await supervisor.stopAll();
});

test("what a killed start left running is found by its register and ended", async () => {
  const orphan = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const identity = identify(orphan.pid as number);
  const file = join(folder, "processes.jsonl");
  if (identity) register(file, { name: "orphan", ...identity });
  expect(await endRegistered(file)).toEqual(["orphan"]);
  expect(isRunning(orphan.pid as number)).toBe(false);
  expect(existsSync(file)).toBe(false);
});

test("what was started in the instant of a kill, and never written down, is found by its mark", async () => {
  const file = join(folder, "processes.jsonl");
  const unwritten = spawn("sleep", ["60"], {
    detached: true,
    stdio: "ignore",
    env: { ...process.env, TRUNKLINE_RUN: file },
  });
  const bystander = spawn("sleep", ["60"], {
    detached: true,
    stdio: "ignore",
    env: { ...process.env, TRUNKLINE_RUN: `${file}-other` },
  });
  await endRegistered(file);
  while (isRunning(unwritten.pid as number)) await sleep(10);
  expect(isRunning(bystander.pid as number)).toBe(true);
  bystander.kill("SIGKILL");
});

test("nothing is started any more once everything is being stopped", async () => {
  const supervisor = new Supervisor({ folder });
  await supervisor.stopAll();
  await expect(supervisor.start({ name: "late", command: "sleep", args: ["60"] })).rejects.toMatchObject({
    code: "START_FAILED",
  });
});

test("a stranger who got the pid of an ended process is left alone", async () => {
  const stranger = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const pid = stranger.pid as number;
  const file = join(folder, "processes.jsonl");
  register(file, { name: "ended long ago", pid, startTicks: "1" });
  expect(await endRegistered(file)).toEqual([]);
  expect(isRunning(pid)).toBe(true);
  stranger.kill("SIGKILL");
});

test("a register cut off by a kill is read up to there", () => {
  const file = join(folder, "processes.jsonl");
  register(file, { name: "whole", pid: 1, startTicks: "1" });
  appendFileSync(file, '{"name":"ha');
  expect(registered(file).map(({ name }) => name)).toEqual(["whole"]);
});
