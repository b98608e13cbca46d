import type { ApplicationRow } from "../account.ts";
import type { JambonzEventType } from "../events.ts";
import { type HookReference, Requestor, type RequestorOptions } from "./requestor.ts";

export interface CallHooksOptions {
  application: ApplicationRow;
  secret: string;
  timeoutMs?: number;
  report: (type: JambonzEventType, details: Record<string, unknown>) => void;
}

function urlOf(reference: HookReference): string {
  return typeof reference === "string" ? reference : reference.url;
}

/** The webhooks of one call: one requestor for call and action hooks, one for status hooks. */
export class CallHooks {
  readonly #options: CallHooksOptions;
  #requestor: Requestor;
  #notifier: Requestor | undefined;
  #statusHook: HookReference | undefined;

  /** Throws where the application has no call_hook. */
  constructor(options: CallHooksOptions) {
    const { call_hook: callHook, call_status_hook: statusHook } = options.application;
    if (!callHook) throw new Error("no configured application");
    this.#options = options;
    this.#requestor = this.#newRequestor(callHook);
    this.#notifier = statusHook ? this.#newRequestor(statusHook) : undefined;
    this.#statusHook = statusHook ?? undefined;
  }

  #newRequestor(hook: RequestorOptions["hook"]): Requestor {
    const { secret, timeoutMs, report } = this.#options;
    const onTry = (hookTry: object) => report("hook.answered", { ...hookTry });
    return new Requestor({ hook, secret, onTry, ...(timeoutMs !== undefined && { timeoutMs }) });
  }

  /** Call, wait, action and refer hooks. Throws HookError. */
  request(kind: string, reference: HookReference, payload: object): Promise<unknown> {
    this.#options.report("hook.sent", { hook: kind, url: urlOf(reference) });
    return this.#requestor.request(reference, payload);
  }

  /** A status event; not waited for, its failure changes nothing (read: feature-server lib/session/call-session.js). */
  status(payload: object): void {
    if (!this.#notifier || !this.#statusHook) return;
    this.#options.report("hook.sent", { hook: "status", url: urlOf(this.#statusHook), payload });
    this.#notifier.request(this.#statusHook, payload).catch(() => {});
  }

  /** `redirect` to another origin drops the basic auth (read: feature-server lib/tasks/redirect.js). */
  moveTo(actionHook: HookReference, statusHook: HookReference | undefined): void {
    const url = urlOf(actionHook);
    if (!url.startsWith("/") && !this.#requestor.isAt(url)) this.#requestor = this.#newRequestor({ url });
    if (!statusHook) return;
    if (!urlOf(statusHook).startsWith("/")) this.#notifier = this.#newRequestor({ url: urlOf(statusHook) });
    this.#statusHook = statusHook;
  }
}
