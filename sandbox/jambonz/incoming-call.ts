import { randomUUID } from "node:crypto";
import { audioOf } from "../callers/sdp.ts";
import type { Account } from "./account.ts";
import { CallSession } from "./call-session.ts";
import type { JambonzEventType, Report } from "./events.ts";
import type { Leg, Legs } from "./leg.ts";
import type { LiveCalls } from "./live-calls.ts";
import type { InviteEvent } from "./protocol.ts";
import type { Queues } from "./queues.ts";
import { numberOf, type Route, routeInvite, trunkOf, uriParts } from "./routing.ts";
import { makeVerbs } from "./verbs/make-verbs.ts";
import type { Verb } from "./verbs/verb.ts";
import { CallHooks } from "./webhooks/call-hooks.ts";
import { type CallInfo, inboundInfo } from "./webhooks/call-info.ts";
import { callHookPayload } from "./webhooks/payload.ts";

/** What all calls of one feature server share. */
export interface Exchange {
  account: Account;
  legs: Legs;
  queues: Queues;
  liveCalls: LiveCalls;
  report: Report;
  /** The server's own SIP address, `host:port`. */
  localSipAddress: string;
  /** Time-out of webhooks, ms; default 10 s. */
  hookTimeoutMs?: number;
}

type Trunk = Extract<Route, { kind: "trunk" }>;

const NO_APPLICATION = "no configured application";
const HOOK_FAILED_STATUS = 480; // JAMBONES_WEBHOOK_ERROR_RETURN

/** One INVITE from its arrival to the end of the call (read: sbc-inbound lib/middleware.js, feature-server lib/middleware.js). */
export class IncomingCall {
  readonly #exchange: Exchange;
  readonly #invite: InviteEvent;
  readonly #leg: Leg;
  readonly #callSid: string;
  readonly #called: string;

  constructor(exchange: Exchange, invite: InviteEvent) {
    this.#exchange = exchange;
    this.#invite = invite;
    this.#leg = exchange.legs.inbound(invite.leg);
    this.#callSid = headerOf(invite, "x-retain-call-sid") ?? randomUUID(); // not stripped at the border
    this.#called = uriParts(invite.uri).user;
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const route = routeInvite(this.#exchange.account, this.#invite);
    const role = route.kind === "challenge" ? "leg" : "call";
    this.#report(`${role}.invite`, {
      from: numberOf(this.#invite.from.user),
      to: this.#called,
      uri: this.#invite.uri,
      leg: this.#leg.id,
      codecs: audioOf(this.#invite.sdp)?.codecs ?? [],
    });
    if (route.kind === "decline") return this.#decline(role, route.status, route.reason, route.headers);
    const trunk = route.kind === "challenge" ? await this.#authenticated(route) : route;
    if (trunk && this.#hasOffer(role)) await this.#runApplication(trunk, role);
  }

  /**
   * An INVITE without SDP is taken and then never answered: rtpengine refuses to work on none, and that error is only logged (read: sbc-inbound
   * lib/call-session.js connect). No webhook; the caller has 100 Trying until it cancels.
   */
  #hasOffer(role: "call" | "leg"): boolean {
    const { sdp } = this.#invite;
    if (sdp.trim() === "") this.#report(`${role}.failed`, { reason: "no SDP in the INVITE: never answered" });
    return sdp.trim() !== "";
  }

  /** Resolves to nothing where the leg has ended first; the edge itself answers 403 to a wrong password. */
  #authenticated(challenge: Extract<Route, { kind: "challenge" }>): Promise<Trunk | undefined> {
    const { promise, resolve } = Promise.withResolvers<Trunk | undefined>();
    const stop = this.#leg.on((event) => {
      if (event.event === "ended") {
        this.#report("leg.failed", { by: event.by, during: "authentication" });
        resolve(undefined);
      }
      if (event.event !== "authenticated") return;
      stop();
      this.#report("leg.authenticated", { username: event.username });
      resolve(trunkOf(this.#exchange.account, event.username, this.#called));
    });
    const { realm, users } = challenge;
    this.#leg.send({ command: "authenticate", leg: this.#leg.id, realm, users });
    return promise;
  }

  async #runApplication(trunk: Trunk, role: "call" | "leg"): Promise<void> {
    const { application } = trunk;
    if (!application?.call_hook?.url) return this.#fail(role, NO_APPLICATION);
    const { account, queues, report, legs } = this.#exchange;
    const info = this.#infoFor(trunk, application.application_sid);
    const hooks = this.#hooksFor(application);
    const verbs = await this.#askApplication(trunk, info, hooks, role);
    if (!verbs) return;
    const newLeg = () => legs.outbound();
    const common = { account, queues, report, application, info, hooks, role, newLeg, verbsOf: makeVerbs };
    const session = new CallSession({ ...common, leg: this.#leg, invite: this.#invite }, verbs);
    this.#exchange.liveCalls.add(info.callSid, session);
    await session.run();
    this.#exchange.liveCalls.end(info.callSid);
  }

  #infoFor(trunk: Trunk, applicationSid: string): CallInfo {
    return inboundInfo(this.#invite, {
      callSid: this.#callSid,
      accountSid: this.#exchange.account.account_sid,
      applicationSid,
      carrierName: trunk.carrier.name,
      localSipAddress: this.#exchange.localSipAddress,
      to: this.#called,
    });
  }

  #hooksFor(application: NonNullable<Trunk["application"]>): CallHooks {
    const { account, hookTimeoutMs } = this.#exchange;
    return new CallHooks({
      application,
      secret: account.webhook_secret,
      report: (type, details) => this.#report(type, details),
      ...(hookTimeoutMs !== undefined && { timeoutMs: hookTimeoutMs }),
    });
  }

  /** The call_hook's verbs; any failure is 480 to the caller and no status event at all (read: feature-server lib/middleware.js invokeWebCallback) (seen live: jambonz-live, section 5). */
  async #askApplication(
    trunk: Trunk,
    info: CallInfo,
    hooks: CallHooks,
    role: "call" | "leg",
  ): Promise<Verb[] | undefined> {
    const application = trunk.application;
    if (!application?.call_hook) return undefined;
    const carrierSid = trunk.carrier.voip_carrier_sid;
    const serviceProviderSid = this.#exchange.account.service_provider_sid;
    const payload = callHookPayload({ info, invite: this.#invite, application, carrierSid, serviceProviderSid });
    try {
      const verbs = makeVerbs(await hooks.request("call", application.call_hook, payload));
      if (verbs.length === 0) throw new Error("no application provided");
      return verbs;
    } catch (error) {
      this.#fail(role, (error as Error).message || "unknown");
      return undefined;
    }
  }

  #fail(role: "call" | "leg", why: string): void {
    // SIP header values hold one line.
    this.#decline(role, HOOK_FAILED_STATUS, undefined, { "X-Reason": why.replace(/[\r\n]+/g, " ") });
  }

  #decline(role: "call" | "leg", status: number, reason?: string, headers: Record<string, string> = {}): void {
    this.#leg.send({ command: "decline", leg: this.#leg.id, status, ...(reason && { reason }), headers });
    this.#report(`${role}.failed`, { status, reason: reason ?? headers["X-Reason"] });
  }

  #report(type: JambonzEventType, details: Record<string, unknown>): void {
    const { sipCallId } = this.#invite;
    this.#exchange.report({ ...details, type, at: Date.now(), callSid: this.#callSid, sipCallId });
  }
}

function headerOf(invite: InviteEvent, wanted: string): string | undefined {
  return invite.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}
