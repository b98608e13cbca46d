import { audioOfUrl } from "../audio.ts";
import type { Playing } from "../leg.ts";
import { DIAL_TIMEOUT, MEDIA_RELEASE } from "../timing.ts";
import type { HookReference } from "../webhooks/requestor.ts";
import type { DialTarget } from "./dial-target.ts";
import { OutboundLeg } from "./outbound-leg.ts";
import { referPayload } from "./refer.ts";
import type { Call, KillReason, Precondition, Verb, VerbData } from "./verb.ts";

export interface DialData extends VerbData {
  target: DialTarget[];
  answerOnBridge?: boolean;
  anchorMedia?: boolean;
  callerId?: string;
  callerName?: string;
  dialMusic?: string;
  headers?: Record<string, string>;
  referHook?: HookReference;
  tag?: object;
  /** Seconds; default 60. */
  timeout?: number;
  /** Seconds from the answer; default none. */
  timeLimit?: number;
}

const MAX_TARGETS = 10;

/**
 * Calls the targets at once and joins the first that answers (read: feature-server lib/tasks/dial.js) (seen live: jambonz-live, section 7).
 * `answerOnBridge` sends the caller 183 with SDP first and 200 at the bridge, else the caller is answered at once.
 * `dialMusic` plays once. A dial that fails leaves the caller as it was: the actionHook or the next verb decides.
 */
export class Dial implements Verb {
  readonly name = "dial";
  readonly needs: Precondition = "media";
  readonly earlyMedia: boolean;
  readonly #data: DialData;
  readonly #over = Promise.withResolvers<void>();
  readonly #ringing = new Set<OutboundLeg>();
  #call: Call | undefined;
  #music: Playing | undefined;
  #partner: OutboundLeg | undefined;
  #reason: KillReason | undefined;
  #timers: NodeJS.Timeout[] = [];
  #results: Record<string, unknown> = {};

  constructor(data: DialData) {
    this.#data = data;
    this.earlyMedia = data.answerOnBridge === true;
  }

  async run(call: Call): Promise<void> {
    this.#call = call;
    if (this.#data.dialMusic) void this.#playMusic(call, this.#data.dialMusic);
    this.#after(this.#data.timeout ? this.#data.timeout * 1000 : DIAL_TIMEOUT, () => this.#giveUp());
    for (const target of this.#targets()) this.#ringing.add(this.#newLeg(call, target));
    for (const leg of [...this.#ringing]) leg.start();
    await this.#over.promise;
    // Of an answered dial that other verbs have replaced the hook's verbs are ignored; of one that still rang they take the place of
    // those others (seen live: jambonz-live, section 10). A failed action hook is no error: the next verb runs.
    const isHeard = this.#reason !== "replaced" || this.#partner === undefined;
    await call.performAction(this.#data, this.#results, isHeard).catch(() => {});
  }

  /** A file that is not there is silence. */
  async #playMusic(call: Call, url: string): Promise<void> {
    const music = await audioOfUrl(url).catch(() => undefined);
    if (music && !this.#reason && !this.#partner) this.#music = call.leg.play(music);
  }

  #targets(): DialTarget[] {
    const unique = new Map(this.#data.target.map((t) => [`${t.type} ${t.number ?? t.sipUri ?? t.name}`, t]));
    return [...unique.values()].slice(0, MAX_TARGETS);
  }

  #newLeg(call: Call, target: DialTarget): OutboundLeg {
    const options = {
      target,
      callerId: this.#data.callerId ?? call.invite.from.user,
      callerName: this.#data.callerName,
      headers: { ...inheritedHeaders(call), ...this.#data.headers },
      tag: this.#data.tag,
      acceptRefers: this.#data.referHook !== undefined,
    };
    const leg = new OutboundLeg(call, options, {
      onStatus: (changed) => this.#statusChanged(changed),
      onAnswered: (winner) => this.#connect(call, winner),
      onEnded: () => this.kill("hangup"),
      onRefer: (from, event) => void this.#refer(call, from, event),
    });
    return leg;
  }

  #statusChanged({ info, leg }: OutboundLeg): void {
    if (this.#results.dial_call_status !== "completed" && this.#results.dial_call_status !== "no-answer") {
      this.#results = {
        dial_call_status: info.callStatus,
        dial_sip_status: info.sipStatus,
        dial_call_sid: info.callSid,
        dial_sbc_callid: info.sbcCallid,
      };
    }
    if (!["failed", "busy", "no-answer"].includes(info.callStatus)) return;
    for (const other of this.#ringing) if (other.leg === leg) this.#ringing.delete(other);
    if (this.#ringing.size === 0 && !this.#partner) this.kill("hangup");
  }

  /** Nobody answered in time: the legs are cancelled and end with 487, which ends the dial. */
  #giveUp(): void {
    this.#hangUpRinging();
    this.#results = { ...this.#results, dial_call_status: "no-answer", dial_sip_status: 487 };
    this.kill("hangup");
  }

  #connect(call: Call, winner: OutboundLeg): void {
    this.#clearTimers();
    this.#ringing.delete(winner);
    this.#partner = winner;
    // Without anchorMedia jambonz takes itself out of the media path by a re-INVITE; here the bridge is just as late.
    if (this.#data.anchorMedia) this.#bridge(call, winner);
    else this.#after(MEDIA_RELEASE, () => this.#bridge(call, winner));
    call.answer();
    this.#hangUpRinging();
    this.#results = { dial_call_status: "completed", dial_sip_status: 200, dial_call_sid: winner.info.callSid };
    if (this.#data.timeLimit) this.#after(this.#data.timeLimit * 1000, () => this.kill("hangup"));
  }

  #bridge(call: Call, winner: OutboundLeg): void {
    call.leg.bridge(winner.leg);
    call.report("legs.joined", { with: winner.info.callSid });
  }

  /** REFER of the dialled leg: the hook's verbs replace the caller's. No NOTIFY is sent. */
  async #refer(
    call: Call,
    from: OutboundLeg,
    event: { referTo: string; headers: readonly (readonly [string, string])[] },
  ) {
    if (!this.#data.referHook) return;
    const sids = { referring_call_sid: from.info.callSid, referred_call_sid: call.info.callSid };
    const payload = referPayload(from.info, event, sids);
    try {
      const verbs = call.verbsOf(await call.hook("refer", this.#data.referHook, payload));
      if (verbs.length > 0) call.replace(verbs);
    } catch {
      // The server answers the REFER with an error and goes on; the edge has answered 202 already.
    }
  }

  #after(ms: number, then: () => void): void {
    this.#timers.push(setTimeout(then, ms).unref());
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }

  #hangUpRinging(): void {
    for (const leg of this.#ringing) leg.hangUp();
    this.#ringing.clear();
  }

  kill(reason: KillReason): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#clearTimers();
    this.#hangUpRinging();
    this.#music?.stop();
    if (this.#partner) {
      this.#call?.leg.unbridge(this.#partner.leg);
      this.#partner.hangUp();
    }
    this.#over.resolve();
  }
}

/** Headers of the caller's INVITE that go on to the dialled leg (read: feature-server lib/tasks/dial.js _attemptCalls). */
function inheritedHeaders(call: Call): Record<string, string> {
  const headers: Record<string, string> = { "X-Account-Sid": call.info.accountSid, "X-CID": call.invite.sipCallId };
  for (const [name, value] of call.invite.headers) {
    if (/^p-asserted-identity$/i.test(name)) headers["P-Asserted-Identity"] = value;
    if (/^privacy$/i.test(name)) headers.Privacy = value;
  }
  return headers;
}
