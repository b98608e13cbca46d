import type { Logger } from "@trunkline/shared";
import { currentCall } from "./call-scope.ts";

/**
 * Errors that no code has caught: of a library that forgets a listener (livekit/agents-js#2539), of a promise without an owner. Without
 * this they would end the process with every call in it. An exception, which leaves its code half done, ends the call that it comes
 * from, and no other. A rejection ends it only while its agent gets ready: later, what waits for the promise decides.
 */
export class StrayErrors {
  readonly #log: Logger;
  #exceptions = 0;
  #rejections = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Exceptions that came from no call: what else of the process has suffered is unknown. */
  get unowned(): number {
    return this.#exceptions;
  }

  catchAll(): void {
    process.on("uncaughtException", (error) => this.#exception(error));
    process.on("unhandledRejection", (error) => this.#rejection(error));
  }

  #exception(error: unknown): void {
    const stay = currentCall();
    if (!stay) this.#exceptions += 1;
    this.#note("exception", error, stay === undefined ? this.#exceptions : undefined);
    stay?.end.end("failed");
  }

  #rejection(error: unknown): void {
    const stay = currentCall();
    if (stay?.end.signal.aborted) return; // what the call had begun ends with it
    this.#rejections += 1;
    this.#note("rejection", error, this.#rejections);
    if (stay && !stay.isReady) stay.end.end("failed");
  }

  #note(kind: "exception" | "rejection", error: unknown, count: number | undefined): void {
    const fields = { event: "agent.unhandled", kind, count, callId: currentCall()?.callId, err: error };
    this.#log.error(fields, "Uncaught error in a host process");
  }
}
