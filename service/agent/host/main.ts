import { dispose } from "@livekit/rtc-node";
import { type Logger, serviceLogger } from "@trunkline/shared";
import { Call } from "../call.ts";
import { readHostConfig } from "../config.ts";
import { loadConversation } from "../conversations/choose.ts";
import { personFor } from "../conversations/voice-settings.ts";
import type { CallJob } from "../job.ts";
import { loadTracing } from "../telemetry/load.ts";
import { HostedConversation } from "./hosted-conversation.ts";
import type { FromHost, ToHost } from "./messages.ts";
import { RoomActions } from "./room-actions.ts";
import { takeVitals } from "./vitals.ts";
import { warmUp } from "./warm-up.ts";

const log: Logger = serviceLogger("agent").child({ pid: process.pid });
const calls = new Map<string, Call>();
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
  if (message.type === "start") void serve(message.job);
  else if (message.type === "stop") void calls.get(message.jobId)?.stop(message.reason);
  else if (message.type === "ping") tell({ type: "pong", ...takeVitals() });
  else if (message.type === "answer") actions.answered(message.request, message.error);
  else {
    isClosing = true;
    endIfIdle();
  }
}

async function serve(job: CallJob): Promise<void> {
  const languageOf = (called: string) => personFor(called, config.persons).language;
  const limitMs = config.telephony.callLimitMs;
  const conversation = new HostedConversation(newConversation(), () => tell({ type: "prepared", jobId: job.id }));
  const call = new Call(job, { conversation, limitMs, languageOf, act: actions.forJob(job.id), log, tracing });
  calls.set(job.id, call);
  const reason = await call.done;
  calls.delete(job.id);
  conversation.release();
  tell({ type: "ended", jobId: job.id, reason });
  endIfIdle();
}

function endIfIdle(): void {
  if (isClosing && calls.size === 0) process.disconnect();
}

/** Without its worker nobody would know of these calls: they leave their rooms, so that another agent is sent there. */
async function leave(): Promise<void> {
  setTimeout(() => process.exit(1), LEAVE_MS).unref();
  await Promise.all([...calls.values()].map((call) => call.stop("worker_stopped")));
  await tracing.close();
  // Native threads that still run would crash the process at its end.
  await dispose();
  process.exit(0);
}

function tell(message: FromHost): void {
  process.send?.(message);
}
