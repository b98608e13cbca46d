import { endRegistered } from "../processes/register.ts";
import { type Running, Supervisor } from "../processes/supervisor.ts";
import { Progress, type Step } from "../progress.ts";
import { installTools } from "../toolchain/install.ts";
import { makeByHand, servicesByHand } from "./by-hand.ts";
import { makeCall } from "./call.ts";
import { type CallReport, isGood } from "./call-report.ts";
import { type Conversation, openConversation } from "./conversation.ts";
import { declare, prepareStack, readOutputs, type Services, type StackOutputs } from "./declare.ts";
import { lastDeployment } from "./deployment.ts";
import { EventLog } from "./event-log.ts";
import type { StartOptions } from "./options.ts";
import { printCall, printOutputs, printWhereToLook, publicOutputs } from "./print.ts";
import { takeLock } from "./run-lock.ts";
import { seedLegacy } from "./seed-legacy.ts";
import { type Servers, startServers } from "./servers.ts";
import { startAgent, startMiddleware } from "./services.ts";
import { dropState, openState, type StackState, writeState } from "./state.ts";
import { stayUp } from "./stay-up.ts";
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

/** What every step of a run works with. */
interface Run {
  options: StartOptions;
  supervisor: Supervisor;
  progress: Progress;
  write: Write;
  events: EventLog;
  state: StackState;
  isKept: boolean;
  servers: Servers;
  conversation: Conversation;
  calls: CallReport[];
  middleware?: Running;
  agent?: Running;
}

/** The main job, from nothing to answered calls; stops everything it started before it returns. */
export async function start(options: StartOptions, write: Write): Promise<StartResult> {
  const progress = new Progress(write, earlierSteps());
  const stop = stopSignal();
  await installTools(progress);
  const lock = await progress.step("this checkout's lock", takeLock);
  if (lock.orphans.length > 0) write(`  ended what an earlier start left running: ${lock.orphans.join(", ")}`);
  const supervisor = new Supervisor({ folder: lock.folder });
  try {
    const running = perform(options, supervisor, progress, write, stop.asked);
    return await Promise.race([running, stop.asked.then(() => interrupted(progress))]);
  } finally {
    await progress.step("everything stopped", () => supervisor.stopAll());
    await endRegistered(supervisor.registerFile);
    if (!options.keep) dropState();
    lock.release();
  }
}

async function perform(
  options: StartOptions,
  supervisor: Supervisor,
  progress: Progress,
  write: Write,
  asked: Promise<void>,
): Promise<StartResult> {
  const events = new EventLog();
  const { state, isKept } = await openState(options);
  const servers = await startServers(supervisor, state, events, progress);
  const conversation = await openConversation(options.conversation, progress);
  const run: Run = { options, supervisor, progress, write, events, state, isKept, servers, conversation, calls: [] };
  const outputs = options.byHand ? await setUpByHand(run) : await setUp(run);
  for (let number = 1; number <= options.calls; number++) await placeCall(run, `call ${number} of ${options.calls}`);
  printWhereToLook(supervisor.folder, !options.once, write);
  const result = { ...verdict(run.calls), steps: progress.steps, outputs, calls: run.calls };
  if (!options.once) await goOn(run, asked);
  return result;
}

/** Everything is declared; the services have what the stack says. */
async function setUp(run: Run): Promise<Record<string, unknown>> {
  const outputs = await declareStack(run);
  printOutputs(outputs, run.write);
  await startServices(run, outputs.services);
  return publicOutputs(outputs);
}

/** Nothing is declared yet: what there is was made by hand, and is left to the user to be declared. */
async function setUpByHand(run: Run): Promise<Record<string, unknown>> {
  const { progress, servers, state, supervisor, options, isKept } = run;
  await progress.step("a set-up made by hand", () => makeByHand(servers.livekit, state));
  await progress.step("an empty stack", (report) => prepareStack(supervisor, state, options, isKept, report));
  await startServices(run, servicesByHand(servers.livekit, state));
  return {};
}

async function startServices(run: Run, declared: Services): Promise<void> {
  const services = { ...declared, agent: { ...declared.agent, ...run.conversation.environment } };
  const { supervisor, state, events, progress } = run;
  await run.middleware?.stop();
  await run.agent?.stop();
  run.middleware = await progress.step("middleware", () => startMiddleware(supervisor, { services }, state, events));
  run.agent = await progress.step("agent", () => startAgent(supervisor, { services }, events));
}

async function declareStack({ supervisor, state, options, isKept, servers, progress }: Run): Promise<StackOutputs> {
  if (!state.legacy) {
    state.legacy = await progress.step("one legacy trunk and two rules, by hand", () => seedLegacy(servers.livekit));
    writeState(state);
  }
  return progress.step("pulumi up", (report) => declare(supervisor, state, options, isKept, report));
}

async function placeCall(run: Run, name: string): Promise<void> {
  const { supervisor, servers, options, events, progress, write, calls, conversation } = run;
  const target = servers.jambonz.sipAddress;
  const make = () => makeCall(supervisor, target, options.flow, events, calls.length + 1, conversation);
  const call = await progress.step(name, make);
  printCall(call, write);
  calls.push(call);
}

async function goOn(run: Run, asked: Promise<void>): Promise<void> {
  const { supervisor, state, write } = run;
  write("\nUp for further calls: Enter places one. Ctrl-C stops everything.");
  const actions = {
    call: () => placeCall(run, "one more call"),
    deployed: async () => {
      const { services } = await readOutputs(supervisor, state);
      if (services) await startServices(run, services);
      else write("  that deployment puts out no configuration: the services stay as they are");
    },
  };
  await stayUp(asked, lastDeployment, actions, (error) => write(`✗ ${error instanceof Error ? error.message : error}`));
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
