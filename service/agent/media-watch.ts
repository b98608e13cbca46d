import type { Room } from "@livekit/rtc-node";
import type { AgentReport } from "@trunkline/shared";

/** Jitter and a lost packet are shorter; LiveKit's own limit is 15 s. */
const GAP_MS = 8_000;

export type MediaGap = NonNullable<AgentReport["mediaGap"]>;

/**
 * Tells when no packets come from the caller any more, and when they are back. livekit-sip passes on what the telephone sends, and fills a gap
 * only once it is over (1.8.0, pkg/sip/silence_filler.go): no packets in the room are no RTP from the telephone, which silence is not.
 */
export class MediaWatch {
  #packets = 0n;
  #movedAt: number;
  #gap: MediaGap | undefined;

  constructor(now: number) {
    this.#movedAt = now;
  }

  /** @returns whether something has changed */
  look(packets: bigint, now: number): boolean {
    const before = this.#gap;
    if (packets !== this.#packets) {
      this.#packets = packets;
      this.#movedAt = now;
      this.#gap = undefined;
    } else if (now - this.#movedAt >= GAP_MS) {
      this.#gap ??= { since: this.#movedAt, isFromStart: packets === 0n };
    }
    return before !== this.#gap;
  }

  get gap(): MediaGap | undefined {
    return this.#gap;
  }
}

/**
 * The packets of all audio that comes from the room so far. LiveKit shows a stream from its first packet on: without one, none has come. Streams
 * have no name that a publication has (rtc-node 0.13.35), so an audience that speaks hides the caller's gap. One connection may carry both
 * directions: it is the publisher's.
 */
export async function packetsFrom(room: Pick<Room, "getRtcStats">): Promise<bigint> {
  const { publisherStats, subscriberStats } = await room.getRtcStats();
  const all = [...publisherStats, ...subscriberStats].map(({ stats }) => stats);
  const streams = all.flatMap((stats) => (stats.case === "inboundRtp" ? [stats.value] : []));
  const audio = streams.filter(({ stream }) => stream?.kind === "audio");
  return audio.reduce((sum, { received }) => sum + (received?.packetsReceived ?? 0n), 0n);
}
