import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionState, type RemoteParticipant, type Room } from "@livekit/rtc-node";
import { clockMs } from "@trunkline/shared";
import { type MediaGap, MediaWatch, packetsFrom } from "./media-watch.ts";

const LOOK_MS = 300;
/** livekit-sip sends every 20 ms what the telephone sends: a longer pause is a hold, a broken line, or its death. */
const QUIET_MS = 600;
/** Within a cluster a question is answered in some milliseconds. */
const ANSWER_MS = 1_200;
/** A caller on hold is asked about so often. */
const AGAIN_MS = 2_000;
/** No participant has it: one that lives says so. */
const METHOD = "trunkline.pulse";
/** An agent that has lost LiveKit, and hears nothing from its caller: a short break is over by then, and the caller is in silence. */
const CUT_OFF_MS = 2_000;

export interface LegPulseParts {
  /** Audio packets from the caller so far. */
  readonly packets: () => Promise<bigint>;
  /** Resolves when the other side says anything at all. */
  readonly ask: () => Promise<unknown>;
  /** Whether this side reaches LiveKit. */
  readonly isConnected: () => boolean;
  readonly signal: AbortSignal;
  readonly onLost: () => void;
}

/**
 * Asks the caller's leg whether it lives as soon as no packets come from it. A livekit-sip that is killed tells nobody, and LiveKit lists
 * its legs for most of a minute (seen on livekit-server 1.13.5). A caller on hold is answered for. An agent that has lost LiveKit itself cannot
 * ask: its caller hears as little as it does, and is lost after `CUT_OFF_MS`. Both sides would join again 4.7 to 6.3 s after a
 * livekit-server that comes back at once (docs/FAULTS.md).
 */
export async function watchLeg({ packets, ask, isConnected, signal, onLost }: LegPulseParts): Promise<void> {
  let last = await packets().catch(() => 0n);
  let movedAt = performance.now();
  let askedAt = Number.NEGATIVE_INFINITY;
  const hasMoved = async () => {
    const count = await packets().catch(() => last);
    const isNew = count !== last;
    last = count;
    if (isNew) movedAt = performance.now();
    return isNew;
  };
  while (!signal.aborted) {
    await sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    const isMoving = await hasMoved();
    if (!isMoving && !isConnected() && performance.now() - movedAt >= CUT_OFF_MS) return onLost();
    if (isMoving || performance.now() - Math.max(movedAt, askedAt + AGAIN_MS - QUIET_MS) < QUIET_MS) continue;
    askedAt = performance.now();
    const answers = ask().then(
      () => true,
      () => true,
    );
    const isAnswered = await Promise.race([answers, sleep(ANSWER_MS, false, { ref: false })]);
    if (isAnswered || signal.aborted || !isConnected() || (await hasMoved())) continue;
    return onLost();
  }
}

export interface CallerNews {
  readonly onLost: () => void;
  /** Told of each gap in the caller's packets, and of its end. */
  readonly onGap: (gap: MediaGap | undefined) => void;
}

/** The same for a caller in a room. livekit-sip 1.8.0 knows no method, and says so: `UNSUPPORTED_METHOD`. */
export function watchCaller(
  room: Room,
  { identity }: RemoteParticipant,
  signal: AbortSignal,
  { onLost, onGap }: CallerNews,
): void {
  const media = new MediaWatch(clockMs());
  const counted = async () => {
    const packets = await packetsFrom(room);
    if (media.look(packets, clockMs()) && !signal.aborted) onGap(media.gap);
    return packets;
  };
  const question = { destinationIdentity: identity, method: METHOD, payload: "", responseTimeout: 10_000 };
  void watchLeg({
    packets: counted,
    ask: async () => room.localParticipant?.performRpc(question),
    isConnected: () => room.connectionState === ConnectionState.CONN_CONNECTED,
    signal,
    onLost,
  });
}
