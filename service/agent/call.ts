import { type Participant, ParticipantKind, type RemoteParticipant, Room, RoomEvent } from "@livekit/rtc-node";
import { type CallContext, callIdOfRoom, type Logger, maskNumber, REPORT_ATTRIBUTE, TIMERS } from "@trunkline/shared";
import { hasAgentName } from "./agent-identity.ts";
import { CallEnd, CallEnded, type EndReason } from "./call-end.ts";
import { CallMetrics } from "./call-metrics.ts";
import { CallTimes } from "./call-times.ts";
import type { Conversation } from "./conversations/conversation.ts";
import { earlierAgent, type PresentAgent } from "./earlier-agent.ts";
import { sayFarewell } from "./farewell.ts";
import { startBeating } from "./heartbeat.ts";
import type { Act } from "./host/room-actions.ts";
import type { CallJob } from "./job.ts";
import { readJobMetadata } from "./job-metadata.ts";
import { isActive, sipDetails } from "./sip-attributes.ts";
import { onCallerLeft, waitForCaller, waitUntilActive } from "./sip-participant.ts";
import { type CallTrace, NO_TRACING, type Tracing } from "./telemetry/tracing.ts";

export interface CallParts {
  conversation: Conversation;
  /** From the moment the caller can be talked to. */
  limitMs: number;
  /** BCP 47, of the callers of a number: for what is said when the conversation cannot. */
  languageOf: (called: string) => string;
  act: Act;
  log: Logger;
  tracing?: Tracing;
}

/** One call from the agent's side: joins the room, shows itself ready, waits for the caller, talks, ends. */
export class Call {
  /** The reason, once everything is closed and logged. Never rejects. */
  readonly done: Promise<EndReason>;
  readonly #end = new CallEnd();
  readonly #times = new CallTimes();
  readonly #metrics = new CallMetrics(this.#times, () => this.#tellReport());
  readonly #room = new Room();
  readonly #job: CallJob;
  readonly #conversation: Conversation;
  readonly #call: CallContext;
  readonly #act: Act;
  readonly #limitMs: number;
  readonly #language: string;
  readonly #log: Logger;
  readonly #trace: CallTrace;
  #isActive = false;
  #limit: NodeJS.Timeout | undefined;
  #stopBeating: () => void = () => undefined;

  constructor(job: CallJob, { conversation, limitMs, languageOf, act, log, tracing = NO_TRACING }: CallParts) {
    const { call, problems } = readJobMetadata(job.metadata, job.room);
    this.#job = job;
    this.#conversation = conversation;
    this.#call = call;
    this.#act = act;
    this.#limitMs = limitMs;
    this.#language = languageOf(call.called);
    this.#log = log.child({ callId: call.callId });
    this.#trace = tracing.begin(call);
    if (problems.length > 0)
      this.#log.warn({ event: "agent.metadata_unreadable", problems }, "The job's metadata is not a call");
    if (callIdOfRoom(job.room))
      this.#log.info({ event: "agent.job", flow: call.flow, room: job.room }, "📞 Detected API-based call");
    this.done = this.#run();
  }

  /** Ends the call, if it still goes on, and waits until it has ended. */
  async stop(reason: EndReason): Promise<void> {
    this.#end.end(reason);
    await this.done;
  }

  async #run(): Promise<EndReason> {
    try {
      await this.#trace.run(() => this.#takeCall());
      this.#end.end("agent_hung_up");
    } catch (error) {
      this.#end.end("failed");
      if (!(error instanceof CallEnded)) this.#log.error({ event: "call.failed", err: error }, "The call failed");
    }
    const { reason } = this.#end.signal.reason as CallEnded;
    await this.#close(reason);
    return reason;
  }

  async #takeCall(): Promise<void> {
    const room = this.#room;
    room.once(RoomEvent.Disconnected, () => this.#end.end("room_closed"));
    await this.#join(room);
    this.#stopBeating = startBeating(room);
    await this.#showReady(room);
    const caller = await this.#awaitCaller(room);
    if (this.#call.flow === "callback" && this.#job.attempt === 1)
      await this.#end.pause(TIMERS.greetingDelayCallbackMs);
    await this.#conversation.talk({
      call: this.#call,
      room,
      caller,
      end: this.#end,
      times: this.#times,
      metrics: this.#metrics,
      act: this.#act,
      log: this.#log,
    });
  }

  async #join(room: Room): Promise<void> {
    const { url, token } = this.#job;
    await this.#end.during(room.connect(url, token, { autoSubscribe: true, dynacast: false }));
    this.#log.info({ event: "agent.joined", ms: this.#times.note("joined") }, "The agent is in the room");
    const earlier = this.#earlierAgent(room);
    if (!earlier) return;
    this.#log.warn({ event: "agent.duplicate", earlier: earlier.identity }, "An earlier agent is in the room: leaving");
    this.#end.end("earlier_agent");
    this.#end.signal.throwIfAborted();
  }

  async #showReady(room: Room): Promise<void> {
    await this.#end.during(this.#conversation.prepare(room, this.#call));
    const ms = this.#times.note("published");
    this.#log.info({ event: "agent.track_published", ms }, "The agent can hear and speak");
  }

  async #awaitCaller(room: Room): Promise<RemoteParticipant> {
    const caller = await waitForCaller(room, this.#call.callId, this.#end);
    onCallerLeft(room, caller, () =>
      this.#end.end(isActive(caller.attributes) ? "caller_left" : "caller_left_before_answer"),
    );
    this.#times.note("callerJoined");
    this.#log.info({ event: "caller.joined", ...this.#details(caller) }, "✅ SIP participant detected!");
    await waitUntilActive(room, caller, this.#end);
    this.#isActive = true;
    this.#limit = setTimeout(() => this.#end.end("call_limit"), this.#limitMs);
    this.#log.info({ event: "caller.active", ms: this.#times.note("active") }, "The caller can be talked to");
    return caller;
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

  #earlierAgent(room: Room): PresentAgent | undefined {
    const others = [...room.remoteParticipants.values()].filter(isOurAgent).map(present);
    const rivals = others.filter(({ identity }) => identity !== this.#job.replaces);
    return room.localParticipant && earlierAgent(present(room.localParticipant), rivals);
  }

  async #close(reason: EndReason): Promise<void> {
    clearTimeout(this.#limit);
    await this.#quietly(() => this.#conversation.close(), "The conversation could not be closed");
    const tellCaller = () => sayFarewell(this.#room, reason, this.#language);
    if (this.#isActive) await this.#quietly(tellCaller, "The caller could not be told");
    await this.#quietly(() => this.#room.disconnect(), "The room could not be left");
    this.#stopBeating();
    const rssMb = Math.round(process.memoryUsage.rss() / 1e6);
    const report = this.#metrics.report();
    const fields = { event: "call.ended", reason, rssMb, ...this.#times.fields(), ...report };
    this.#log.info(fields, "The call has ended");
    this.#trace.end({ reason, times: this.#times, report });
  }

  /** Into the agent's own attributes, where the middleware reads it: needs no right that the agent does not have. */
  #tellReport(): void {
    const report = JSON.stringify(this.#metrics.report());
    const told = this.#room.localParticipant?.setAttributes({ [REPORT_ATTRIBUTE]: report });
    told?.catch((error: unknown) => this.#log.debug({ err: error }, "The report could not be told"));
  }

  async #quietly(work: () => Promise<unknown>, problem: string): Promise<void> {
    await work().catch((error: unknown) => this.#log.warn({ err: error }, problem));
  }
}

function isOurAgent(participant: Participant): boolean {
  return participant.kind === ParticipantKind.AGENT && hasAgentName(participant.attributes);
}

function present(participant: Participant): PresentAgent {
  return { identity: participant.identity, joinedAt: participant.info.joinedAt ?? 0n };
}
