import { dispose } from "@livekit/rtc-node";
import { type Logger, STANDBY, serviceLogger } from "@trunkline/shared";
import { Call } from "../call.ts";
import type { EndReason } from "../call-end.ts";
import { readHostConfig } from "../config.ts";
import { loadConversation } from "../conversations/choose.ts";
import { personFor } from "../conversations/voice-settings.ts";
import type { CallJob } from "../job.ts";
import { RoomStay } from "../room-stay.ts";
import { standBy } from "../standby.ts";
import { loadTracing } from "../telemetry/load.ts";
import type { FromHost, ToHost } from "./messages.ts";
import { RoomActions } from "./room-actions.ts";
import { takeVitals } from "./vitals.ts";
import { warmUp } from "./warm-up.ts";

const log: Logger = serviceLogger("agent").child({ pid: process.pid });
/** By job. */
const stays = new Map<string, { stay: RoomStay; done: Promise<unknown> }>();
/** Those that no call has been given to. */
const standingBy = new Set<RoomStay>();
const actions = new RoomActions(tell);
let isClosing = false;

const LEAVE_MS = 2_500;

// The worker decides when this process ends; a terminal's Ctrl-C and a dyno's SIGTERM reach every process.
process.on("SIGTERM", () => undefined);
process.on("SIGINT", () => undefined);
process.once("disconnect", () => void leave());
// A call that forgets a promise must not take the others down. An uncaught exception does: nobody knows what is left.
process.on("unhandledRejection", (error) =>
  log.error({ event: "agent.unhandled", err: error }, "Unhandled rejection in a host process"),
);
process.on("message", (message: ToHost) => obey(message));

const config = readHostConfig(process.env);
const newConversation = await loadConversation(config);
const tracing = await loadTracing(process.env, config.conversation.name !== "echo");
await warmUp();
takeVitals(); // how busy the start was is nobody's concern
tell({ type: "ready" });

function obey(message: ToHost): void {
  if (message.type === "start") serve(message.job);
  else if (message.type === "stop") stays.get(message.jobId)?.stay.end.end(message.reason);
  else if (message.type === "ping") tell({ type: "pong", ...takeVitals() });
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
  stays.set(job.id, { stay, done: attend(stay).then((reason) => ended(job.id, reason)) });
}

/** Never rejects. */
async function attend(stay: RoomStay): Promise<EndReason> {
  if (stay.job.metadata !== STANDBY) return converse(stay);
  standingBy.add(stay);
  const call = await standBy(stay, () => prepared(stay), log);
  standingBy.delete(stay);
  return call === undefined ? (stay.end.reason ?? "failed") : converse(stay, call);
}

function converse(stay: RoomStay, metadata?: string): Promise<EndReason> {
  const languageOf = (called: string) => personFor(called, config.persons).language;
  const limitMs = config.telephony.callLimitMs;
  const act = actions.forJob(stay.job.id);
  const onReady = () => prepared(stay);
  const parts = { conversation: newConversation(), limitMs, languageOf, act, onReady, log, tracing };
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
  await tracing.close();
  // Native threads that still run would crash the process at its end.
  await dispose();
  process.exit(0);
}

function tell(message: FromHost): void {
  process.send?.(message);
}
