import { endRegistered } from "../processes/register.ts";
import { Supervisor } from "../processes/supervisor.ts";
import { Progress, type Step } from "../progress.ts";
import { installTools } from "../toolchain/install.ts";
import { makeCall } from "./call.ts";
import { type CallReport, isGood } from "./call-report.ts";
import { declare, type StackOutputs } from "./declare.ts";
import { EventLog } from "./event-log.ts";
import type { StartOptions } from "./options.ts";
import { printCall, printOutputs, printWhereToLook, publicOutputs } from "./print.ts";
import { takeLock } from "./run-lock.ts";
import { seedLegacy } from "./seed-legacy.ts";
import { type Servers, startServers } from "./servers.ts";
import { startAgent, startMiddleware } from "./services.ts";
import { dropState, openState, type StackState, writeState } from "./state.ts";
import { stopSignal } from "./stop-signal.ts";

export interface StartResult {
  /** Every call was answered, with audio both ways. */
  ok: boolean;
  /** Why it is not. */
  reason?: string;
  steps: Step[];
  /** Of the stack, without secrets. */
  outputs: Record<string, unknown>;
  calls: CallReport[];
}

type Write = (line: string) => void;

/** The main job, from nothing to answered calls; stops everything it started before it returns. */
export async function start(options: StartOptions, write: Write): Promise<StartResult> {
  const progress = new Progress(write, earlierSteps());
  const stop = stopSignal();
  await installTools(progress);
  const lock = await progress.step("this checkout's lock", takeLock);
  if (lock.orphans.length > 0) write(`  ended what an earlier start left running: ${lock.orphans.join(", ")}`);
  const supervisor = new Supervisor({ folder: lock.folder });
  try {
    const result = await Promise.race([
      run(options, supervisor, progress, write),
      stop.asked.then(() => interrupted(progress)),
    ]);
    if (!options.once && result.calls.length > 0) await stayUp(stop, write);
    return result;
  } finally {
    await progress.step("everything stopped", () => supervisor.stopAll());
    await endRegistered(supervisor.registerFile);
    if (!options.keep) dropState();
    lock.release();
  }
}

async function run(
  options: StartOptions,
  supervisor: Supervisor,
  progress: Progress,
  write: Write,
): Promise<StartResult> {
  const events = new EventLog();
  const { state, isKept } = await openState(options);
  const servers = await startServers(supervisor, state, events, progress);
  const outputs = await declareStack(supervisor, state, options, isKept, servers, progress);
  printOutputs(outputs, write);
  await progress.step("middleware", () => startMiddleware(supervisor, outputs, state, events));
  await progress.step("agent", () => startAgent(supervisor, outputs, events));
  const calls = await placeCalls(options, supervisor, servers, events, progress, write);
  printWhereToLook(supervisor.folder, !options.once, write);
  return { ...verdict(calls), steps: progress.steps, outputs: publicOutputs(outputs), calls };
}

async function declareStack(
  supervisor: Supervisor,
  state: StackState,
  options: StartOptions,
  isKept: boolean,
  { livekit }: Servers,
  progress: Progress,
): Promise<StackOutputs> {
  if (!state.legacy) {
    state.legacy = await progress.step("one legacy trunk and two rules, by hand", () => seedLegacy(livekit));
    writeState(state);
  }
  return progress.step("pulumi up", (report) => declare(supervisor, state, options, isKept, report));
}

async function placeCalls(
  options: StartOptions,
  supervisor: Supervisor,
  { jambonz }: Servers,
  events: EventLog,
  progress: Progress,
  write: Write,
): Promise<CallReport[]> {
  const calls: CallReport[] = [];
  for (let number = 1; number <= options.calls; number++) {
    const call = await progress.step(`call ${number} of ${options.calls}`, () =>
      makeCall(supervisor, jambonz.sipAddress, options.flow, events, number),
    );
    printCall(call, write);
    calls.push(call);
  }
  return calls;
}

async function stayUp(stop: ReturnType<typeof stopSignal>, write: Write): Promise<void> {
  write("\nUp for further calls. Ctrl-C stops everything.");
  await stop.asked;
}

function verdict(calls: CallReport[]): Pick<StartResult, "ok" | "reason"> {
  const bad = calls.find((call) => !isGood(call));
  return bad ? { ok: false, reason: `call ${bad.id}: ${bad.reason}` } : { ok: true };
}

function interrupted(progress: Progress): StartResult {
  return {
    ok: false,
    reason: "interrupted before the first call had ended",
    steps: progress.steps,
    outputs: {},
    calls: [],
  };
}

/** What cli/trunkline.mjs had to do before this could run. */
function earlierSteps(): Step[] {
  return JSON.parse(process.env.TRUNKLINE_EARLIER_STEPS || "[]") as Step[];
}
