import { clockMs, type Logger, TIMERS } from "@trunkline/shared";
import { LEG_LOST } from "../calls/call-moves.ts";
import type { CallRecord } from "../calls/call-record.ts";
import { type CallState, isToBeMoved } from "../calls/call-state.ts";
import { reasonOf } from "../errors.ts";
import { RESCUE_PATH } from "../jambonz/hook-urls.ts";
import { type LiveCallControl, LiveCallError } from "../jambonz/live-call-control.ts";

export interface RescueParts {
  /** Undefined without a key: then jambonz has to ask by itself what follows. */
  readonly control: Pick<LiveCallControl, "move"> | undefined;
  readonly read: (callId: string) => Promise<CallRecord | undefined>;
  /** Told of calls that jambonz does not have any more. */
  readonly onGone: (callId: string) => Promise<unknown>;
  readonly log: Pick<Logger, "error" | "warn" | "info">;
}

/** Then a caller in `leaving` is one whom nothing reaches. */
const STRANDED_MS = 10_000;

/**
 * Frees callers whose call was given up while jambonz knows of nothing: their LiveKit is dead, and so no leg ends. Whoever is moved on by
 * jambonz itself, which is told by a hook, is left alone. Also brings callers to the room of their second try.
 */
export class Rescue {
  readonly #parts: RescueParts;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<string>();

  constructor(parts: RescueParts) {
    this.#parts = parts;
  }

  close(): void {
    this.#closing.abort();
  }

  /** Resolves when the caller has been moved, or needs it no more, whoever was first; at once if that is under way already. */
  async free({ context: { callId }, state }: CallRecord): Promise<void> {
    if (this.#underWay.has(callId)) return;
    this.#underWay.add(callId);
    try {
      await this.#tryOn(callId, graceMsOf(state));
    } finally {
      this.#underWay.delete(callId);
    }
  }

  async #tryOn(callId: string, graceMs: number): Promise<void> {
    let isTold = false;
    let pauseMs = graceMs;
    for (;;) {
      await this.#rest(pauseMs);
      const record = await this.#parts.read(callId).catch(() => "unknown" as const);
      if (this.#closing.signal.aborted) return;
      pauseMs = TIMERS.rescueAgainMs;
      if (record === "unknown") continue;
      if (record === undefined || !isToBeMoved(record.state)) return;
      if (!isTold && clockMs() - record.state.phaseSince >= STRANDED_MS) isTold = this.#tellStranded(record);
      pauseMs = await this.#tryOnce(record);
    }
  }

  /** Ends with the instance. */
  #rest(ms: number): Promise<void> {
    const { signal } = this.#closing;
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, ms).unref();
      signal.addEventListener("abort", wake);
    });
  }

  /** @returns the pause before the next try, which a call that has gone on does not need any more */
  async #tryOnce(record: CallRecord): Promise<number> {
    const { control, onGone, log } = this.#parts;
    const { context, callSid, origin } = record;
    const { callId } = context;
    if (control === undefined || origin?.jambonzAccountSid === undefined) return TIMERS.rescueAgainMs;
    const soonMs = tooSoonMs(record);
    if (soonMs > 0) return soonMs;
    try {
      const moved = await control.move(origin.jambonzAccountSid, callSid, RESCUE_PATH);
      if (moved === "gone") await onGone(callId);
      else log.info({ event: "rescue.asked", callId, callSid }, "Jambonz is asked to move a caller on");
      return TIMERS.rescueAgainMs;
    } catch (error) {
      log.warn({ event: "rescue.failed", callId, callSid, reason: reasonOf(error) }, "A caller could not be moved on");
      return Math.max(TIMERS.rescueAgainMs, error instanceof LiveCallError ? error.retryAfterMs : 0);
    }
  }

  #tellStranded({ context: { callId }, callSid, state }: CallRecord): true {
    this.#parts.log.error(
      { event: "caller.stranded", callId, callSid, reason: state.reason },
      "A call was given up, and nothing has reached its caller: jambonz does not ask what follows",
    );
    return true;
  }
}

/** Of a leg that is lost, jambonz would have told while its agent waited for its answer; a second try may follow music that has just begun. */
function graceMsOf({ reason, isSecondTry }: CallState): number {
  return isSecondTry || reason === LEG_LOST ? TIMERS.rescueAfterMusicMs : TIMERS.rescueGraceMs;
}

/** A play that is replaced within 20 ms of its start takes the new one with it (jambonz-live, section 10). */
function tooSoonMs({ state: { queuedAt } }: CallRecord): number {
  return queuedAt === undefined ? 0 : queuedAt + TIMERS.rescueAfterMusicMs - clockMs();
}
