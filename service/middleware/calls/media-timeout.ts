import type { CallState } from "./call-model.ts";

/** livekit-sip 1.8.0, pkg/sip/media_port.go: of a trunk without a media timeout, and of every call whose first packet does not come. */
const DEFAULT_MS = 15_000;
const FIRST_PACKET_MS = 30_000;
/** The agent looks every 2 s, and the end takes its time to get here. */
const SLACK_MS = 3_000;

/** @param seconds of the trunks; 0 = LiveKit's own */
export function mediaTimeoutMs(seconds: number): number {
  return seconds === 0 ? DEFAULT_MS : seconds * 1_000;
}

/**
 * Why a leg has ended that the caller did not end. livekit-sip gives `CLIENT_INITIATED` for its media timeout, as for every hang-up
 * (1.8.0, pkg/sip/participant.go, callHangupMedia): it is told by the packets, which the agent counts, and by the limit that has passed.
 */
export function reasonOfLegEnd(state: CallState, at: number, otherwise: string): string {
  const { mediaTimeoutMs: limit, agentReport } = state;
  const gap = agentReport?.mediaGap;
  if (gap === undefined || limit === undefined) return otherwise;
  const after = gap.isFromStart ? Math.min(limit, FIRST_PACKET_MS) : limit;
  const seconds = Math.round((at - gap.since) / 1_000);
  return at - gap.since < after - SLACK_MS ? otherwise : `no audio from the caller for ${seconds} s: media timeout`;
}
