import type { SilenceLimits } from "./silence-watch.ts";

/** What a conversation may do with a call, the same for every conversation. */
export interface TelephonySettings {
  silence: SilenceLimits;
  /** The agent hangs up then, ms. */
  callLimitMs: number;
  /** E.164 numbers that callers may be transferred to, in the order they were declared. */
  transferTargets: readonly string[];
}
