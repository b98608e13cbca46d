import type { OfferedCodec } from "../../sandbox/callers/sdp.ts";
import type { MediaRules } from "./media-rules.ts";
import type { Row } from "./rows.ts";

/** What is known to come of an offer. */
export interface Known {
  /** The final answer to the INVITE. */
  status: number;
  /** The first codec of the answer to the caller. */
  codec?: string;
  /** Keys (telephone-event) are agreed, and go both ways. */
  keys: boolean;
  /** A second of the caller's voice lasts a second at the agent; or nobody knows how long it lasts, and what is left of it. */
  pace: "right" | "unsteady";
  /** What LiveKit's own INVITE offers to Jambonz (flow callback). */
  agentOffer?: string[];
  /** What LiveKit has chosen of the offer of Jambonz (flow dial). */
  agentCodec?: string;
}

/** livekit-sip 1.8.0 offers and answers in this order, whatever was offered first or is listed first (measured). */
const LIVEKIT_ORDER: readonly string[] = ["G722", "PCMU", "PCMA"];
/** It takes every packet for 20 ms: 30 is still fine, from here on a second lasts up to 1.6 s, with holes or without (measured). */
const UNSTEADY_FROM_MS = 40;
/** What the media server of Jambonz speaks; it offers and answers in this order, whatever was offered first (jambonz-live, section 8). */
const JAMBONZ_ORDER: readonly string[] = ["PCMU", "PCMA", "G722"];

/** Pure: what a row is known to end in when the trunk has these rules. */
export function knownFor({ path, offer }: Row, rules: MediaRules): Known {
  if (path === "direct") return atLiveKit(offer.codecs, rules, offer.keys ?? true, offer.packetMs ?? 20);
  return throughJambonz(offer.codecs, rules, offer.keys ?? true, path);
}

/** Whether a caller of the sandbox can check this: it has AMR-WB in name only, and no key for SRTP. */
export function isCheckable({ offer }: Row, rules: MediaRules): boolean {
  return !(offer.codecs.includes("AMR-WB") && enabledAtLiveKit(rules).includes("AMR-WB"));
}

function atLiveKit(offered: readonly OfferedCodec[], rules: MediaRules, keys: boolean, packetMs: number): Known {
  const codec = enabledAtLiveKit(rules).find((name) => offered.some((each) => each === name));
  if (codec === undefined) return refused(400);
  return { status: 200, codec, keys, pace: packetMs >= UNSTEADY_FROM_MS ? "unsteady" : "right" };
}

/** The media stays on it (anchorMedia), so LiveKit gets packets of 20 ms. */
function throughJambonz(
  offered: readonly OfferedCodec[],
  rules: MediaRules,
  keys: boolean,
  path: "dial" | "callback",
): Known {
  const codec = JAMBONZ_ORDER.find((name) => offered.some((each) => each === name));
  if (codec === undefined) return refused(488);
  const enabled = enabledAtLiveKit(rules).filter((name) => JAMBONZ_ORDER.includes(name));
  const agentCodec = enabled[0];
  // Without a codec between the two nobody reaches the agent: the fallback, which is not part of this check.
  if (agentCodec === undefined) return { status: 200, codec, keys, pace: "right" };
  const leg = path === "dial" ? { agentCodec } : { agentOffer: enabledAtLiveKit(rules) };
  return { status: 200, codec, keys, pace: "right", ...leg };
}

/** In LiveKit's order. */
function enabledAtLiveKit({ codecs, onlyListedCodecs }: MediaRules): string[] {
  const listed = codecs.map((codec) => codec.split("/")[0] ?? "");
  const enabled = onlyListedCodecs ? listed : [...LIVEKIT_ORDER, ...listed];
  const others = enabled.filter((name) => !LIVEKIT_ORDER.includes(name));
  return [...new Set([...LIVEKIT_ORDER.filter((name) => enabled.includes(name)), ...others])];
}

function refused(status: number): Known {
  return { status, keys: false, pace: "right" };
}
