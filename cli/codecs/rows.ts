import { own } from "@trunkline/contract";
import type { AudioOffer } from "../../sandbox/callers/sdp.ts";

/** Which way a call takes: straight to livekit-sip, or through Jambonz in one of the flows. */
export type Path = "direct" | "dial" | "callback";

/** One kind of audio offer. */
export interface Row {
  /** Stable: the guides and `--only` name it. */
  name: string;
  path: Path;
  offer: AudioOffer;
}

const PAIRS = [
  ["PCMA", "PCMU"],
  ["PCMA", "G722"],
  ["PCMU", "G722"],
] as const;

const OFFERS: Record<string, AudioOffer> = {
  pcma: { codecs: ["PCMA"] },
  pcmu: { codecs: ["PCMU"] },
  g722: { codecs: ["G722"] },
  ...Object.fromEntries(PAIRS.flatMap(([one, other]) => [pair(one, other), pair(other, one)])),
  "no-keys": { codecs: ["PCMA"], keys: false },
  "ptime-30": { codecs: ["PCMA"], packetMs: 30 },
  "ptime-40": { codecs: ["PCMA"], packetMs: 40 },
  "ptime-60": { codecs: ["PCMA"], packetMs: 60 },
  srtp: { codecs: ["PCMA"], encrypted: true },
  g729: { codecs: ["G729"] },
  "amr-wb": { codecs: ["AMR-WB"] },
};

/** Of the same offers through Jambonz, those that may end in something else there. */
const THROUGH_JAMBONZ = ["pcma", "pcmu", "g722", "no-keys", "ptime-40", "ptime-60", "g729"];

/** The whole check list, in the order of the table. */
export const ROWS: readonly Row[] = [
  ...Object.keys(OFFERS).map((name) => rowOf(name, "direct", name)),
  ...THROUGH_JAMBONZ.map((name) => rowOf(`dial-${name}`, "dial", name)),
  ...["pcma", "ptime-40"].map((name) => rowOf(`callback-${name}`, "callback", name)),
];

function pair(...codecs: ["PCMA" | "PCMU" | "G722", "PCMA" | "PCMU" | "G722"]): [string, AudioOffer] {
  return [codecs.join("-").toLowerCase(), { codecs }];
}

function rowOf(name: string, path: Path, offer: string): Row {
  return { name, path, offer: own(OFFERS, offer) as AudioOffer };
}
