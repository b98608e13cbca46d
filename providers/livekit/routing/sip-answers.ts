import type { SipAnswer } from "./types.ts";

/** What livekit-sip says when the look-up of the trunk or the evaluation of the rules fails (pkg/sip/inbound.go). */
export const TRY_AGAIN: SipAnswer = { status: 503, reason: "Try again later" };
