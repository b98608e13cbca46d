/**
 * How long LiveKit keeps a call that sends no RTP: a caller on hold, or a telephone that suppresses silence. LiveKit's own 15 s
 * (livekit-sip 1.8.0, pkg/sip/media_port.go) would hang up on them.
 */
export const MEDIA_TIMEOUT_SECONDS = 180;
/** livekit protocol, MaxSIPMediaTimeout. */
export const MAX_MEDIA_TIMEOUT_SECONDS = 600;
