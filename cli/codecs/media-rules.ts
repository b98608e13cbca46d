import { shown } from "../../providers/text/foreign.ts";

/** What a LiveKit trunk declares about media. */
export interface MediaRules {
  /** As `PCMA/8000`. */
  codecs: string[];
  /** Nothing but the listed ones; else they are added to LiveKit's own. */
  onlyListedCodecs: boolean;
  mediaEncryption: string;
}

/** A trunk that declares nothing. */
export const LIVEKIT_DEFAULTS: MediaRules = { codecs: [], onlyListedCodecs: false, mediaEncryption: "disable" };

/** In words, for the heading of a table. */
export function describeRules({ codecs, onlyListedCodecs, mediaEncryption }: MediaRules): string {
  const list = codecs.length === 0 ? "LiveKit's own codecs (G722, PCMU, PCMA)" : codecs.join(", ");
  const only = onlyListedCodecs ? "only " : codecs.length === 0 ? "" : "LiveKit's own codecs and ";
  return shown(`${only}${list}; encryption: ${mediaEncryption}`);
}
