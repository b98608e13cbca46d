import type { Account, ApplicationRow } from "./account.ts";
import type { JambonzEventType, Report } from "./events.ts";
import type { Leg, LegEvent } from "./leg.ts";
import type { CallUpdate, Controllable } from "./live-calls.ts";
import type { InviteEvent } from "./protocol.ts";
import type { Queues } from "./queues.ts";
import { VerbRunner } from "./verb-runner.ts";
import { hasReferredBy, referPayload } from "./verbs/refer.ts";
import type { Call, NestedRun, Verb, VerbData } from "./verbs/verb.ts";
import type { CallHooks } from "./webhooks/call-hooks.ts";
import type { CallInfo } from "./webhooks/call-info.ts";
import { callPayload } from "./webhooks/payload.ts";
import type { HookReference } from "./webhooks/requestor.ts";

export interface SessionOptions {
  info: CallInfo;
  leg: Leg;
  invite: InviteEvent;
  account: Account;
  application: ApplicationRow;
  queues: Queues;
  hooks: CallHooks;
  /** `call` for a caller from the phone side, `leg` for LiveKit's. */
  role: "call" | "leg";
  report: Report;
  newLeg: () => Leg;
  verbsOf: (answer: unknown) => Verb[];
}

const LEG_NAMES: Partial<Record<JambonzEventType, JambonzEventType>> = {
  "call.answered": "leg.answered",
  "call.ended": "leg.ended",
  "call.failed": "leg.failed",
};

/** One inbound call: runs a list of verbs, which action hooks may replace (read: feature-server lib/session/call-session.js). */
export class CallSession implements Call, Controllable {
  readonly #options: SessionOptions;
  readonly #runner: VerbRunner;
  #answeredAt: number | undefined;
  #gone = false;
  #finalSent = false;
  #media = false;
  #referHook: HookReference | undefined;

  constructor(options: SessionOptions, verbs: Verb[]) {
    this.#options = options;
    this.#runner = new VerbRunner(this, verbs, (verb) => this.#prepare(verb));
    options.leg.on((event) => this.#handle(event));
  }

  get info(): CallInfo {
    return this.#options.info;
  }
  get leg(): Leg {
    return this.#options.leg;
  }
  get invite(): InviteEvent {
    return this.#options.invite;
  }
  get account(): Account {
    return this.#options.account;
  }
  get queues(): Queues {
    return this.#options.queues;
  }
  get gone(): boolean {
    return this.#gone;
  }
  get answered(): boolean {
    return this.#answeredAt !== undefined;
  }

  /**
   * Runs to the end of the call. A caller that cancelled while the call_hook was asked is reported before the
   * `trying`, in that order (read: feature-server lib/session/inbound-call-session.js constructor).
   */
  async run(): Promise<void> {
    if (this.leg.gone) this.#cancelled();
    this.#notifyStatus("trying", 100, "Trying");
    await this.#runner.run();
    this.#finish();
  }

  /**
   * Verbs are through: BYE, or 603 for a call that nobody answered, without a status event
   * (read: feature-server lib/session/inbound-call-session.js _onTasksDone).
   */
  #finish(): void {
    if (this.#gone) return;
    if (this.answered) this.hangUp();
    else this.decline(603, undefined, {});
  }

  #prepare(verb: Verb): boolean {
    this.report("verb.started", { verb: verb.name });
    if (verb.needs === "answered") return this.answered;
    if (verb.needs === "unanswered") return !this.#finalSent;
    if (verb.needs === "media") this.#ensureMedia(verb.earlyMedia);
    return !this.#gone;
  }

  #ensureMedia(early: boolean): void {
    if (this.answered || this.#gone) return;
    if (!early) this.answer();
    else if (!this.#media) this.leg.send({ command: "progress", leg: this.leg.id, status: 183, withMedia: true });
    this.#media = true;
  }

  #handle(event: LegEvent): void {
    if (event.event === "refer") void this.#refer(event);
    if (event.event !== "ended" || this.#gone) return;
    if (this.answered) this.#completed("caller");
    else this.#cancelled();
  }

  #cancelled(): void {
    this.info.callTerminationBy = "caller";
    this.#notifyStatus("no-answer", 487, "Request Terminated");
    this.report("call.failed", { status: 487, by: "caller" });
    this.#release();
  }

  #completed(by: "caller" | "jambonz"): void {
    this.info.callTerminationBy = by;
    this.info.duration = Math.trunc((Date.now() - (this.#answeredAt ?? Date.now())) / 1000);
    this.#notifyStatus("completed");
    this.report("call.ended", { by, duration: this.info.duration });
    this.#release();
  }

  #release(): void {
    this.#gone = true;
    this.#finalSent = true;
    this.#runner.kill("hangup");
  }

  #notifyStatus(callStatus: CallInfo["callStatus"], sipStatus?: number, sipReason?: string): void {
    Object.assign(
      this.info,
      { callStatus },
      sipStatus !== undefined && { sipStatus },
      sipReason !== undefined && { sipReason },
    );
    this.notify(this.info);
  }

  answer(): void {
    if (this.answered || this.#gone) return;
    this.#answeredAt = Date.now();
    this.#finalSent = true;
    this.leg.send({ command: "answer", leg: this.leg.id });
    this.#notifyStatus("in-progress", 200, "OK");
    this.report("call.answered", {});
  }

  decline(status: number, reason: string | undefined, headers: Record<string, string>): void {
    this.leg.send({ command: "decline", leg: this.leg.id, status, ...(reason && { reason }), headers });
    this.report("call.failed", { status, reason });
    this.#release();
  }

  hangUp(headers?: Record<string, string>): void {
    if (this.#gone) return;
    this.leg.send({ command: "hangup", leg: this.leg.id, ...(headers && { headers }) });
    this.#completed("jambonz");
  }

  hook(kind: string, reference: HookReference, payload: object): Promise<unknown> {
    return this.#options.hooks.request(kind, reference, payload);
  }

  async performAction(verb: VerbData, results: object, expectAnswer = true): Promise<void> {
    if (!verb.actionHook) return;
    const payload = { ...callPayload(this.info), ...results, ...(verb.id && { verb_id: verb.id }) };
    const answer = await this.hook("action", verb.actionHook, payload);
    if (!expectAnswer || !Array.isArray(answer)) return;
    const verbs = this.verbsOf(answer);
    if (verbs.length > 0) this.replace(verbs);
  }

  verbsOf(answer: unknown): Verb[] {
    return this.#options.verbsOf(answer);
  }

  replace(verbs: Verb[]): void {
    if (!this.#gone) this.#runner.replace(verbs);
  }

  runNested(verbs: Verb[]): NestedRun {
    const runner = new VerbRunner(this, verbs, () => !this.#gone, true);
    return { done: runner.run(), kill: () => runner.kill("hangup") };
  }

  newLeg(): Leg {
    return this.#options.newLeg();
  }

  notify(info: CallInfo): void {
    this.#options.hooks.status(callPayload(info));
  }

  setReferHook(hook: HookReference | undefined): void {
    this.#referHook = hook;
    this.leg.send({ command: "refer", leg: this.leg.id, answer: hook ? "accept" : "refuse" });
  }

  /**
   * Live call control (read: feature-server lib/session/call-session.js updateCall) (seen live: jambonz-live, section 10). Accepted before the
   * hook is asked; a status only where the call is in a state for it.
   */
  update(change: CallUpdate): number {
    if (this.#gone) return 422;
    if ("call_hook" in change) void this.#move(change.call_hook);
    else if (this.answered !== (change.call_status === "completed")) return 422;
    else if (this.answered) this.hangUp();
    else this.decline(503, undefined, {});
    return 202;
  }

  /** The hook's verbs take the place of all others; none end the call. A hook that fails changes nothing. */
  async #move(reference: HookReference): Promise<void> {
    try {
      const verbs = this.verbsOf(await this.hook("lcc", reference, callPayload(this.info)));
      if (this.#gone) return;
      this.report("call.moved", { verbs: verbs.length });
      this.leg.cutJustBegun();
      this.#runner.replace(verbs);
    } catch {
      // Music or conversation go on.
    }
  }

  /** REFER of this leg: the hook's verbs replace this leg's. The edge has answered 202 before anybody asks. */
  async #refer(event: Extract<LegEvent, { event: "refer" }>): Promise<void> {
    if (!this.#referHook || !hasReferredBy(event.headers)) return;
    const sids = { referring_call_sid: this.info.callSid, referred_call_sid: null };
    try {
      const verbs = this.verbsOf(await this.hook("refer", this.#referHook, referPayload(this.info, event, sids)));
      if (verbs.length > 0) this.replace(verbs);
    } catch {
      // The server answers the REFER with an error and goes on.
    }
  }

  setOrigin(actionHook: HookReference, statusHook: HookReference | undefined): void {
    this.#options.hooks.moveTo(actionHook, statusHook);
  }

  report(type: JambonzEventType, details: Record<string, unknown>): void {
    const own = this.#options.role === "leg" ? LEG_NAMES[type] : undefined;
    const { callSid } = this.info;
    this.#options.report({ ...details, type: own ?? type, at: Date.now(), callSid, sipCallId: this.invite.sipCallId });
  }
}
