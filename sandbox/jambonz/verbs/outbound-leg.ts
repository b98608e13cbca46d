import { randomUUID } from "node:crypto";
import type { Leg, LegEvent } from "../leg.ts";
import { LEG_COMPLETED } from "../timing.ts";
import { type CallInfo, type CallStatus, childInfo } from "../webhooks/call-info.ts";
import { type DialTarget, destinationOf } from "./dial-target.ts";
import type { Call } from "./verb.ts";

export interface OutboundOptions {
  target: DialTarget;
  callerId: string;
  callerName: string | undefined;
  headers: Record<string, string>;
  tag: object | undefined;
  acceptRefers: boolean;
}

export interface OutboundEvents {
  onStatus(leg: OutboundLeg): void;
  onAnswered(leg: OutboundLeg): void;
  /** The remote has hung up after the answer. */
  onEnded(leg: OutboundLeg): void;
  onRefer(leg: OutboundLeg, event: Extract<LegEvent, { event: "refer" }>): void;
}

/** One leg that a `dial` has started, with status events of its own (read: feature-server lib/utils/place-outdial.js). */
export class OutboundLeg {
  readonly leg: Leg;
  readonly info: CallInfo;
  readonly #call: Call;
  readonly #events: OutboundEvents;
  readonly #options: OutboundOptions;
  #answeredAt: number | undefined;
  #over = false;

  constructor(call: Call, options: OutboundOptions, events: OutboundEvents) {
    this.#call = call;
    this.#events = events;
    this.#options = options;
    this.leg = call.newLeg();
    const to = options.target.number ?? options.target.sipUri ?? options.target.name ?? "";
    this.info = childInfo(call.info, { callSid: randomUUID(), from: options.callerId, to });
    if (options.tag) this.info.customerData = options.tag;
    this.leg.on((event) => this.#handle(event));
  }

  /** Sends the INVITE, or reports the SBC's own refusal. */
  start(): void {
    const { target, callerId, callerName, headers } = this.#options;
    const route = destinationOf(this.#call.account, target, callerId);
    this.#status("trying", 100, "Trying");
    if ("status" in route) {
      this.leg.handle({ event: "failed", leg: this.leg.id, sipCallId: "", ...route });
      return;
    }
    const { to: _to, ...destination } = route;
    this.#call.report("leg.invite", { leg: this.leg.id, legCallSid: this.info.callSid, uri: route.uri });
    this.leg.send({
      command: "invite",
      leg: this.leg.id,
      ...destination,
      from: { user: target.from?.user ?? callerId, ...(callerName && { display: callerName }) },
      headers: {
        ...headers,
        ...target.headers,
        "X-Call-Sid": this.info.callSid,
        "X-Application-Sid": this.info.applicationSid,
      },
    });
    if (this.#options.acceptRefers) this.leg.send({ command: "refer", leg: this.leg.id, answer: "accept" });
  }

  #handle(event: LegEvent): void {
    if (event.event === "progress") this.#progress(event.status, event.reason);
    if (event.event === "answered") this.#answered(event.sipCallId, event.codec);
    if (event.event === "failed") this.#fail(event.status, event.reason);
    if (event.event === "ended") this.#ended();
    if (event.event === "refer") this.#events.onRefer(this, event);
  }

  #progress(status: number, reason: string): void {
    // The edge does not say whether a 1xx had SDP; 183 without is rare.
    this.#status(status === 183 ? "early-media" : "ringing", status, reason);
  }

  #answered(legSipCallId: string, codec: string): void {
    this.#answeredAt = Date.now();
    this.#status("in-progress", 200, "OK");
    this.#call.report("leg.answered", { leg: this.leg.id, legCallSid: this.info.callSid, legSipCallId, codec });
    if (this.#over) this.leg.send({ command: "hangup", leg: this.leg.id });
    else this.#events.onAnswered(this);
  }

  #fail(status: number, reason: string): void {
    const known: Record<number, CallStatus> = { 486: "busy", 600: "busy", 487: "no-answer" };
    this.#call.report("leg.failed", { leg: this.leg.id, legCallSid: this.info.callSid, status, reason });
    this.#status(known[status] ?? "failed", status, reason);
  }

  #ended(): void {
    if (this.#over) return;
    this.#complete();
    this.#events.onEnded(this);
  }

  /** The dial's action hook comes first (seen live: jambonz-live, section 5: `completed` 140 ms after dial-done). */
  #complete(): void {
    this.#over = true;
    this.info.duration = Math.trunc((Date.now() - (this.#answeredAt ?? Date.now())) / 1000);
    this.#call.report("leg.ended", { leg: this.leg.id, legCallSid: this.info.callSid, duration: this.info.duration });
    Object.assign(this.info, { callStatus: "completed" });
    this.#events.onStatus(this);
    const told = { ...this.info };
    setTimeout(() => this.#call.notify(told), LEG_COMPLETED);
  }

  #status(callStatus: CallStatus, sipStatus: number, sipReason: string): void {
    Object.assign(this.info, { callStatus, sipStatus, sipReason });
    this.#call.notify(this.info);
    this.#events.onStatus(this);
  }

  /** CANCEL or BYE. A cancelled leg still reports its 487. */
  hangUp(): void {
    if (this.#over) return;
    this.leg.send({ command: "hangup", leg: this.leg.id });
    if (this.#answeredAt) this.#complete();
    else this.#over = true;
  }
}
