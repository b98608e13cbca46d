import { randomUUID } from "node:crypto";
import { type Account, emptyAccount } from "../../../sandbox/jambonz/account.ts";
import { addVoice } from "../../../sandbox/jambonz/account-rows.ts";
import { CallSession } from "../../../sandbox/jambonz/call-session.ts";
import type { JambonzEvent } from "../../../sandbox/jambonz/events.ts";
import { Legs } from "../../../sandbox/jambonz/leg.ts";
import type { HeaderPair, InviteEvent } from "../../../sandbox/jambonz/protocol.ts";
import { Queues } from "../../../sandbox/jambonz/queues.ts";
import { makeVerbs } from "../../../sandbox/jambonz/verbs/make-verbs.ts";
import type { CallHooks } from "../../../sandbox/jambonz/webhooks/call-hooks.ts";
import { inboundInfo } from "../../../sandbox/jambonz/webhooks/call-info.ts";
import type { HookReference } from "../../../sandbox/jambonz/webhooks/requestor.ts";
import { ScriptedEdge } from "./scripted-edge.ts";

export interface HookRequest {
  kind: string;
  url: string;
  payload: Record<string, unknown>;
  at: number;
}

export function invite(leg: string, to: string, headers: HeaderPair[] = []): InviteEvent {
  const party = (user: string) => ({ user, host: "127.0.0.1", display: "", uri: `sip:${user}@127.0.0.1` });
  return {
    event: "invite",
    leg,
    sipCallId: `sip-${leg}`,
    uri: `sip:${to}@127.0.0.1:5060`,
    from: party("+4917100001"),
    to: party(to),
    headers,
    raw: "INVITE",
    sdp: "v=0",
    source: "127.0.0.1:40000",
    transport: "udp",
  };
}

/** Sessions with a scripted edge and scripted webhooks; for fake timers. */
export class Bench {
  readonly edge = new ScriptedEdge();
  readonly legs = new Legs(this.edge);
  readonly queues = new Queues();
  readonly account: Account = emptyAccount();
  readonly requests: HookRequest[] = [];
  readonly events: JambonzEvent[] = [];
  /** Answers by URL; a missing one is an empty answer, a thrown one a failed hook. */
  answers: Record<string, () => unknown> = {};
  readonly #started = Date.now();

  constructor() {
    addVoice(this.account, "google");
    this.edge.onEvent = (event) => this.legs.handle(event);
  }

  /** Runs verbs for a new inbound leg; `done` resolves when the session is over. */
  call(
    leg: string,
    verbs: object[],
    headers: HeaderPair[] = [],
  ): { callSid: string; session: CallSession; done: Promise<void> } {
    const callSid = randomUUID();
    const arrived = invite(leg, "4989100", headers);
    const options = { applicationSid: "app", carrierName: "carrier", localSipAddress: "127.0.0.1:5060", to: "4989100" };
    const info = inboundInfo(arrived, { callSid, accountSid: this.account.account_sid, ...options });
    const session = new CallSession(
      {
        info,
        leg: this.legs.inbound(leg),
        invite: arrived,
        account: this.account,
        application: { application_sid: "app", account_sid: "", name: "app", call_hook: null, call_status_hook: null },
        queues: this.queues,
        hooks: this.#hooks(),
        role: "call",
        report: (event) => this.events.push(event),
        newLeg: () => this.legs.outbound(),
        verbsOf: makeVerbs,
      },
      makeVerbs(verbs),
    );
    return { callSid, session, done: session.run() };
  }

  #hooks(): CallHooks {
    const record = (kind: string, url: string, payload: object) =>
      this.requests.push({
        kind,
        url,
        payload: { ...payload } as Record<string, unknown>,
        at: Date.now() - this.#started,
      });
    const hooks = {
      request: async (kind: string, reference: HookReference, payload: object) => {
        const url = typeof reference === "string" ? reference : reference.url;
        record(kind, url, payload);
        return this.answers[url]?.() ?? "";
      },
      status: (payload: object) => void record("status", "/status", payload),
      moveTo: () => {},
    };
    return hooks as unknown as CallHooks;
  }

  hooks(kind: string): HookRequest[] {
    return this.requests.filter((request) => request.kind === kind);
  }

  /** The call_status of every status event, in order. */
  statuses(): unknown[] {
    return this.hooks("status").map((request) => request.payload.call_status);
  }
}
