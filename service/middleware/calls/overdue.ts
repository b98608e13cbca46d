import type { CallState } from "./call-state.ts";

export interface OverdueView {
  readonly hasRoom: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long a conversation, also with the fallback's target, may last. */
  readonly callLimitMs: number;
  /** Whether the fallback may be a conversation: else it is a sentence. */
  readonly fallbackDials: boolean;
}

/** No phase before or after a conversation lasts a minute: their own limits are 2 s to 15 s. */
const PHASE_LIMIT_MS = 60_000;
/** The room of a live call is gone: the hooks that tell so are on their way for some seconds. */
const ROOM_GONE_MS = 10_000;
/** Every leg is ended at the limit by whoever owns it; this is for the hooks that tell so. */
const LIMIT_GRACE_MS = 60_000;

/**
 * Why a call that has not ended must be over, undefined when it may go on. Status hooks are not repeated when they are lost, and an
 * instance that is killed watches nothing any more.
 */
export function whyOverdue(state: CallState, view: OverdueView): string | undefined {
  const inPhaseMs = view.now - state.phaseSince;
  if (state.phase === "ended") return undefined;
  if (isConversation(state, view)) {
    if (view.now - state.startedAt > view.callLimitMs + LIMIT_GRACE_MS) return "the call limit has passed";
    const roomGone = state.phase !== "fallback" && !view.hasRoom && inPhaseMs > ROOM_GONE_MS;
    return roomGone ? "the room is gone" : undefined;
  }
  return inPhaseMs > PHASE_LIMIT_MS ? `nothing was heard of it while ${state.phase}` : undefined;
}

function isConversation({ phase }: CallState, { fallbackDials }: OverdueView): boolean {
  return phase === "joining" || phase === "talking" || (phase === "fallback" && fallbackDials);
}
