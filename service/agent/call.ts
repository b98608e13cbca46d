import type { RemoteParticipant, Room } from "@livekit/rtc-node";
import {
  type AgentReport,
  type CallContext,
  callIdOfRoom,
  type Logger,
  maskNumber,
  REPORT_ATTRIBUTE,
} from "@trunkline/shared";
import { type CallEnd, CallEnded, type EndReason } from "./call-end.ts";
import { CallMetrics } from "./call-metrics.ts";
import { CallTimes } from "./call-times.ts";
import { untilJoined } from "./caller-joined.ts";
import type { Conversation } from "./conversations/conversation.ts";
import { watchCutOff } from "./cut-off.ts";
import { showFailure } from "./failure.ts";
import { sayFarewell } from "./farewell.ts";
import type { Act } from "./host/room-actions.ts";
import { readJobMetadata } from "./job-metadata.ts";
import { watchCaller } from "./leg-pulse.ts";
import type { MediaGap } from "./media-watch.ts";
import type { RoomStay } from "./room-stay.ts";
import { sipDetails } from "./sip-attributes.ts";
import { onCallerLeft, waitForCaller, waitUntilActive } from "./sip-participant.ts";
import { type CallTrace, NO_TRACING, type Tracing } from "./telemetry/tracing.ts";
import { within } from "./within.ts";

/** A conversation that takes longer to close, a library that hangs, does not keep the agent in the room. */
const CLOSE_MS = 2_000;
/** The longest farewell takes 6 s. */
const FAREWELL_MS = 10_000;

export interface CallParts {
  conversation: Conversation;
  /** From the moment the caller can be talked to. */
  limitMs: number;
  /** BCP 47, of the callers of a number: for what is said when the conversation cannot. */
  languageOf: (called: string) => string;
  act: Act;
  /** Called when the agent can hear and speak. */
  onReady?: () => void;
  /** Called with each new report of how the call goes. */
  onReport?: (report: AgentReport) => void;
  log: Logger;
  tracing?: Tracing;
}

/** One call from the agent's side: joins the room, shows itself ready, waits for the caller, talks, ends. */
export class Call {
  /** The reason, once everything is closed and logged. Never rejects. */
  readonly done: Promise<EndReason>;
  readonly #stay: RoomStay;
  readonly #end: CallEnd;
  readonly #room: Room;
  readonly #times = new CallTimes();
  readonly #metrics = new CallMetrics(this.#times, () => this.#tellReport());
  readonly #parts: CallParts;
  readonly #call: CallContext;
  readonly #log: Logger;
  readonly #trace: CallTrace;
  #isActive = false;
  #limit: NodeJS.Timeout | undefined;

  /**
   * @param stay in which the call ends; not yet joined, or one that has stood by.
   * @param metadata the call's context as JSON: the job's, unless the room was given to the call later.
   */
  constructor(stay: RoomStay, parts: CallParts, metadata = stay.job.metadata) {
    const { job } = stay;
    const { call, problems } = readJobMetadata(metadata, job.room);
    this.#stay = stay;
    this.#end = stay.end;
    this.#room = stay.room;
    this.#parts = parts;
    this.#call = call;
    this.#log = parts.log.child({ callId: call.callId });
    this.#trace = (parts.tracing ?? NO_TRACING).begin(call);
    if (problems.length > 0)
      this.#log.warn({ event: "agent.metadata_unreadable", problems }, "The job's metadata is not a call");
    if (callIdOfRoom(job.room))
      this.#log.info({ event: "agent.job", flow: call.flow, room: job.room }, "📞 Detected API-based call");
    this.done = this.#run();
  }

  async #run(): Promise<EndReason> {
    try {
      await this.#trace.run(() => this.#takeCall());
      this.#end.end("agent_hung_up");
    } catch (error) {
      this.#end.end("failed");
      if (!(error instanceof CallEnded)) this.#log.error({ event: "call.failed", err: error }, "The call failed");
    }
    const reason = this.#end.reason ?? "failed";
    await this.#close(reason);
    return reason;
  }

  async #takeCall(): Promise<void> {
    const room = this.#room;
    await this.#join();
    await this.#showReady();
    const caller = await this.#awaitCaller(room);
    if (this.#call.flow === "callback" && this.#stay.job.attempt === 1) await untilJoined(room, caller, this.#end);
    await this.#end.during(
      this.#parts.conversation.talk({
        call: this.#call,
        room,
        caller,
        end: this.#end,
        times: this.#times,
        metrics: this.#metrics,
        act: this.#parts.act,
        log: this.#log,
      }),
    );
  }

  /** An agent that has stood by is in the room already. */
  async #join(): Promise<void> {
    if (!this.#stay.isJoined) await this.#stay.join();
    this.#log.info({ event: "agent.joined", ms: this.#times.note("joined") }, "The agent is in the room");
  }

  async #showReady(): Promise<void> {
    await this.#end.during(this.#parts.conversation.prepare(this.#room, this.#call));
    this.#parts.onReady?.();
    const ms = this.#times.note("published");
    this.#log.info({ event: "agent.track_published", ms }, "The agent can hear and speak");
  }

  async #awaitCaller(room: Room): Promise<RemoteParticipant> {
    const caller = await waitForCaller(room, this.#call.callId, this.#end);
    onCallerLeft(room, caller, () => this.#end.end(this.#isActive ? "caller_left" : "caller_left_before_answer"));
    this.#times.note("callerJoined");
    this.#log.info({ event: "caller.joined", ...this.#details(caller) }, "✅ SIP participant detected!");
    await waitUntilActive(room, caller, this.#end);
    this.#isActive = true;
    this.#limit = setTimeout(() => void this.#endAtLimit(), this.#parts.limitMs);
    this.#log.info({ event: "caller.active", ms: this.#times.note("active") }, "The caller can be talked to");
    const { signal } = this.#end;
    watchCaller(room, caller, signal, {
      onGap: (gap) => this.#noteGap(gap),
      onLost: () => this.#noteLost(),
    });
    watchCutOff(room, caller, {
      signal,
      onCutOff: () => this.#noteCutOff(true),
      onBack: () => this.#noteCutOff(false),
    });
    return caller;
  }

  #noteGap(gap: MediaGap | undefined): void {
    this.#metrics.mediaGap(gap);
    if (gap) this.#log.warn({ event: "caller.media_missing", ...gap }, "No packets come from the caller");
    else this.#log.info({ event: "caller.media_back" }, "Packets come from the caller again");
  }

  #noteLost(): void {
    this.#log.warn({ event: "caller.leg_lost" }, "The caller's leg sends nothing, and does not answer any more");
    this.#metrics.legLost();
  }

  #noteCutOff(isCutOff: boolean): void {
    if (isCutOff)
      this.#log.warn({ event: "agent.cut_off" }, "LiveKit has ended the agent's connection, and makes no new one");
    this.#metrics.cutOff(isCutOff);
  }

  /** A conversation that has a voice says good-bye with it. */
  async #endAtLimit(): Promise<void> {
    await this.#quietly(async () => this.#parts.conversation.sayGoodbye?.(), "Failed to say good-bye");
    this.#end.end("call_limit");
  }

  #details(caller: RemoteParticipant) {
    const { sip, carrier, call } = sipDetails(caller.attributes);
    const { flow } = this.#call;
    const numbers = { caller: maskNumber(this.#call.caller), called: maskNumber(this.#call.called) };
    return {
      identity: caller.identity,
      sip,
      carrier: carrier ?? this.#call.carrier,
      call: { ...call, flow, ...numbers },
    };
  }

  async #close(reason: EndReason): Promise<void> {
    clearTimeout(this.#limit);
    const close = () => within(CLOSE_MS, this.#parts.conversation.close());
    await this.#quietly(close, "The conversation could not be closed");
    const isSaid = this.#parts.conversation.hasSaidGoodbye === true && reason !== "failed";
    const farewell = () =>
      within(FAREWELL_MS, sayFarewell(this.#room, reason, this.#parts.languageOf(this.#call.called)));
    if (this.#isActive && !isSaid) await this.#quietly(farewell, "Failed to play the farewell");
    else if (reason === "failed") await this.#quietly(() => showFailure(this.#room), "Failed to show the failure");
    await this.#stay.leave();
    const rssMb = Math.round(process.memoryUsage.rss() / 1e6);
    const report = this.#metrics.report();
    const fields = { event: "call.ended", reason, rssMb, ...this.#times.fields(), ...report };
    this.#log.info(fields, "The call has ended");
    this.#trace.end({ reason, times: this.#times, report });
  }

  /** Into the agent's own attributes, where the middleware reads it: needs no right that the agent does not have. */
  #tellReport(): void {
    const report = this.#metrics.report();
    this.#parts.onReport?.(report);
    const told = this.#room.localParticipant?.setAttributes({ [REPORT_ATTRIBUTE]: JSON.stringify(report) });
    told?.catch((error: unknown) => this.#log.debug({ err: error }, "The report could not be told"));
  }

  async #quietly(work: () => Promise<unknown>, problem: string): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#log.warn({ err: error }, problem);
    }
  }
}
