import { setTimeout as pause } from "node:timers/promises";
import { clockMs } from "./clock.ts";

const TOO_MANY = 429;
/** A request that was refused was not carried out: pauses before it is sent again, within a webhook's patience together. */
const AGAIN_MS = [200, 400, 800, 1_200] as const;
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 30_000;

/** A look that was not sent: LiveKit has asked for fewer requests. */
export class ThrottledError extends Error {
  readonly code = "LIVEKIT_THROTTLED";
  readonly status = TOO_MANY;

  constructor() {
    super(
      "LIVEKIT_THROTTLED: LiveKit refuses requests with 429; looks rest, calls go on. Ask for a higher request rate.",
    );
    this.name = "ThrottledError";
  }
}

/**
 * LiveKit's 429, honored by all requests of one process: those that only look (`List…`) rest, twice as long each time, and fail
 * meanwhile without being sent; those that a call depends on are sent again.
 */
export class Throttle {
  readonly #now: () => number;
  #restUntil = 0;
  #refusals = 0;

  constructor(now: () => number = clockMs) {
    this.#now = now;
  }

  get isResting(): boolean {
    return this.#now() < this.#restUntil;
  }

  /** @param request may be called several times */
  readonly turn = async <Answer>(method: string, request: () => Promise<Answer>): Promise<Answer> => {
    const isLook = method.startsWith("List");
    if (isLook && this.isResting) throw new ThrottledError();
    for (let failures = 0; ; failures++) {
      try {
        const answer = await request();
        if (isLook) this.#refusals = 0;
        return answer;
      } catch (error) {
        if ((error as { status?: unknown }).status !== TOO_MANY) throw error;
        this.#rest();
        const againMs = isLook ? undefined : AGAIN_MS[failures];
        if (againMs === undefined) throw error;
        await pause(againMs * (1 + Math.random() / 4));
      }
    }
  };

  /** Refusals of one moment count once. */
  #rest(): void {
    if (this.isResting) return;
    this.#restUntil = this.#now() + Math.min(FIRST_REST_MS * 2 ** this.#refusals++, LONGEST_REST_MS);
  }
}
