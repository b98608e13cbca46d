import type { Verb, VerbData } from "./verb.ts";

export interface SipDeclineData extends VerbData {
  status: number;
  reason?: string;
  headers?: Record<string, string>;
}

/**
 * Final answer with the given status, and a `failed` status event; skipped where a final answer was sent
 * (read: feature-server lib/tasks/sip_decline.js).
 */
export function sipDecline(data: SipDeclineData): Verb {
  return {
    name: "sip:decline",
    needs: "unanswered",
    earlyMedia: false,
    run: async (call) => {
      call.decline(data.status, data.reason, { "X-Reason": "SIP Decline Verb", ...data.headers });
      const status = { callStatus: "failed", sipStatus: data.status } as const;
      call.notify(Object.assign(call.info, status, data.reason ? { sipReason: data.reason } : {}));
    },
    kill: () => {},
  };
}
