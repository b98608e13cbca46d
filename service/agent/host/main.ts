import { dispose } from "@livekit/rtc-node";
import { type AgentReport, type Logger, STANDBY, serviceLogger } from "@trunkline/shared";
import { Call } from "../call.ts";
import type { EndReason } from "../call-end.ts";
import { readHostConfig } from "../config.ts";
import { loadConversation } from "../conversations/choose.ts";
import { personFor } from "../conversations/voice-settings.ts";
import { AgentError } from "../errors.ts";
import type { CallJob } from "../job.ts";
import { RoomStay } from "../room-stay.ts";
import { standBy } from "../standby.ts";
import { harmlessError } from "../telemetry/harmless.ts";
import { loadTracing } from "../telemetry/load.ts";
import { delivered } from "../transcript/deliver.ts";
import { inCall } from "./call-scope.ts";
import type { FromHost, ToHost } from "./messages.ts";
import { RoomActions } from "./room-actions.ts";
import { StrayErrors } from "./stray-errors.ts";
import { takeVitals } from "./vitals.ts";
import { warmUp } from "./warm-up.ts";

const log: Logger = serviceLogger("agent", undefined, { serializers: { err: harmlessError } }).child({
  pid: process.pid,
});
/** By job. */
const stays = new Map<string, { stay: RoomStay; done: Promise<unknown> }>();
/** Those that no call has been given to. */
const standingBy = new Set<RoomStay>();
const actions = new RoomActions(tell);
const strays = new StrayErrors(log);
let isClosing = false;

const LEAVE_MS = 2_500;

// The worker decides when this process ends; a terminal's Ctrl-C and a dyno's SIGTERM reach every process.
process.on("SIGTERM", () => undefined);
process.on("SIGINT", () => undefined);
process.once("disconnect", () => void leave());
process.on("message", (message: ToHost) => obey(message));

const config = readHostConfig(process.env);
const newConversation = await loadConversation(config).catch(cannotStart);
const tracing = await loadTracing(process.env, config.conversation.name !== "echo");
await warmUp();
takeVitals(); // how busy the start was does not matter
strays.catchAll(); // only now: a host that cannot start has to die
tell({ type: "ready" });

/** A mistake of the user's, in a module of theirs, is shown without a stack trace. */
function cannotStart(error: unknown): never {
  if (!(error instanceof AgentError)) throw error;
  log.fatal({ event: "agent.failed", code: error.code }, error.message);
  process.exit(1);
}

function obey(message: ToHost): void {
  if (message.type === "start") serve(message.job);
  else if (message.type === "stop") stays.get(message.jobId)?.stay.stop(message.reason);
  else if (message.type === "ping") tell({ type: "pong", ...takeVitals(), strays: strays.unowned });
  else if (message.type === "answer") actions.answered(message.request, message.error);
  else if (message.type === "release") release();
  else {
    isClosing = true;
    release();
    endIfIdle();
  }
}

function serve(job: CallJob): void {
  const stay = new RoomStay(job, log);
  const done = inCall(stay, () => attend(stay)).catch((error: unknown) => notBegun(stay, error));
  stays.set(job.id, { stay, done: done.then((reason) => ended(job.id, reason)) });
}

async function notBegun(stay: RoomStay, error: unknown): Promise<EndReason> {
  log.error({ event: "call.failed", callId: stay.callId, err: error }, "The call could not begin");
  stay.end.end("failed");
  await stay.leave();
  return "failed";
}

async function attend(stay: RoomStay): Promise<EndReason> {
  if (stay.job.metadata !== STANDBY) return converse(stay);
  standingBy.add(stay);
  const call = await standBy(stay, () => prepared(stay), log);
  standingBy.delete(stay);
  if (call === undefined) return stay.end.reason ?? "failed";
  tell({ type: "preparing", jobId: stay.job.id });
  return converse(stay, call);
}

function converse(stay: RoomStay, metadata?: string): Promise<EndReason> {
  const languageOf = (called: string) => personFor(called, config.persons).language;
  const limitMs = config.telephony.callLimitMs;
  const act = actions.forJob(stay.job.id);
  const onReady = () => {
    stay.isReady = true;
    prepared(stay);
  };
  const onReport = (report: AgentReport) => tell({ type: "report", jobId: stay.job.id, report });
  const parts = { conversation: newConversation(), limitMs, languageOf, act, onReady, onReport, log, tracing };
  return new Call(stay, parts, metadata).done;
}

function prepared({ job }: RoomStay): void {
  tell({ type: "prepared", jobId: job.id });
}

function ended(jobId: string, reason: EndReason): void {
  stays.delete(jobId);
  tell({ type: "ended", jobId, reason });
  endIfIdle();
}

/** Whoever only waits for a call can wait in another process. */
function release(): void {
  for (const { end } of standingBy) end.end("worker_stopped");
}

function endIfIdle(): void {
  if (isClosing && stays.size === 0) process.disconnect();
}

/** Without its worker nobody would know of these calls: they leave their rooms, so that another agent is sent there. */
async function leave(): Promise<void> {
  setTimeout(() => process.exit(1), LEAVE_MS).unref();
  for (const { stay } of stays.values()) stay.end.end("worker_stopped");
  await Promise.all([...stays.values()].map(({ done }) => done));
  await delivered();
  await tracing.close();
  // Native threads that still run would crash the process at its end.
  await dispose();
  process.exit(0);
}

function tell(message: FromHost): void {
  // Without its worker the process ends anyway, and nothing waits for the message.
  process.send?.(message, undefined, undefined, () => undefined);
}
