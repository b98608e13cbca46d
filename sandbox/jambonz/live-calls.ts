import type { HookReference } from "./webhooks/requestor.ts";

/** One change of a call under way: exactly one of the two (read: api-server lib/routes/api/accounts.js validateUpdateCall) (seen live: jambonz-live, section 10). */
export type CallUpdate = { call_hook: HookReference } | { call_status: "completed" | "no-answer" };

/** What a call under way lets itself be told from outside. */
export interface Controllable {
  /** @returns the status of the REST answer: 202, or 422 where the call is not in a state for it */
  update(change: CallUpdate): number;
}

/** The calls of a feature server that can be reached over the REST API, and those that have ended. */
export class LiveCalls {
  readonly #calls = new Map<string, Controllable>();
  readonly #ended = new Set<string>();

  add(callSid: string, call: Controllable): void {
    this.#calls.set(callSid, call);
  }

  end(callSid: string): void {
    if (this.#calls.delete(callSid)) this.#ended.add(callSid);
  }

  /** 404 for a call that never was, 422 for one that has ended (seen live: jambonz-live, section 10). */
  update(callSid: string, change: CallUpdate): number {
    const call = this.#calls.get(callSid);
    if (call !== undefined) return call.update(change);
    return this.#ended.has(callSid) ? 422 : 404;
  }
}
