import { setTimeout as sleep } from "node:timers/promises";

/** Why a call ended, as logged and as given to LiveKit. */
export type EndReason =
  | "caller_left" // after the call was active
  | "caller_left_before_answer"
  | "agent_hung_up"
  | "caller_is_machine" // a voicemail or an announcement
  | "caller_silent" // and asked whether they are there
  | "call_limit"
  | "earlier_agent" // another agent was in the room first
  | "room_closed"
  | "job_terminated" // by LiveKit: room or dispatch deleted
  | "worker_stopped" // another agent is to take over
  | "failed";

const HANGING_UP: readonly EndReason[] = [
  "agent_hung_up",
  "caller_is_machine",
  "caller_silent",
  "call_limit",
  "failed",
];

/** Whether the call is over for the caller too. In every other case the caller has gone, or another agent is there or comes. */
export function hangsUp(reason: EndReason): boolean {
  return HANGING_UP.includes(reason);
}

/** Thrown by every wait of a call once the call has ended. */
export class CallEnded extends Error {
  readonly reason: EndReason;

  constructor(reason: EndReason) {
    super(`The call has ended: ${reason}`);
    this.name = "CallEnded";
    this.reason = reason;
  }
}

/** The one place that knows whether a call goes on. The first reason wins. */
export class CallEnd {
  readonly #controller = new AbortController();

  /** Aborts when the call ends; its reason is a CallEnded. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Undefined while the call goes on. */
  get reason(): EndReason | undefined {
    return this.signal.aborted ? (this.signal.reason as CallEnded).reason : undefined;
  }

  end(reason: EndReason): void {
    this.#controller.abort(new CallEnded(reason));
  }

  /** Waits for something that only happens while the call goes on. @throws CallEnded */
  async during<T>(work: Promise<T>): Promise<T> {
    const stopWaiting = new AbortController();
    try {
      return await Promise.race([work, this.#ended(stopWaiting.signal)]);
    } finally {
      stopWaiting.abort();
    }
  }

  /** @throws CallEnded */
  async pause(ms: number): Promise<void> {
    await this.during(sleep(ms, undefined, { ref: false }));
  }

  #ended(stopWaiting: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      if (this.signal.aborted) return reject(this.signal.reason);
      this.signal.addEventListener("abort", () => reject(this.signal.reason), { once: true, signal: stopWaiting });
    });
  }
}
