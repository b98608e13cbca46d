import { type Codec, PAYLOAD_TYPE } from "./codec.ts";
import { EVENT_PAYLOAD_TYPE } from "./telephone-event.ts";

/** What a carrier may offer; of the last two a caller only has the names. */
export type OfferedCodec = Codec | "G729" | "AMR-WB";

/** An INVITE's audio. */
export interface AudioOffer {
  /** In the caller's order of preference. */
  codecs: readonly OfferedCodec[];
  /** `telephone-event/8000` (RFC 4733): keys as packets of their own. Default true. */
  keys?: boolean;
  /** Milliseconds of audio in a packet, in the offer and in what is sent. Default 20. */
  packetMs?: number;
  /** RTP/SAVP with a key (RFC 4568). The caller itself never encrypts. Default false. */
  encrypted?: boolean;
}

export const DEFAULT_PACKET_MS = 20;
const RTPMAP: Record<OfferedCodec, { type: number; map: string }> = {
  PCMU: { type: PAYLOAD_TYPE.PCMU, map: "PCMU/8000" },
  PCMA: { type: PAYLOAD_TYPE.PCMA, map: "PCMA/8000" },
  G722: { type: PAYLOAD_TYPE.G722, map: "G722/8000" },
  G729: { type: 18, map: "G729/8000" },
  "AMR-WB": { type: 96, map: "AMR-WB/16000" },
};
/** An SDES key that nobody uses: 30 octets, as AES_CM_128_HMAC_SHA1_80 has them. */
const UNUSED_KEY = Buffer.alloc(30, 7).toString("base64");

/** The lines of an offer whose audio is wanted at 127.0.0.1. */
export function offerLines(rtpPort: number, offer: AudioOffer): string[] {
  const { codecs, keys = true, packetMs = DEFAULT_PACKET_MS, encrypted = false } = offer;
  const types = [...codecs.map((codec) => RTPMAP[codec].type), ...(keys ? [EVENT_PAYLOAD_TYPE] : [])];
  return [
    "v=0",
    "o=caller 1 1 IN IP4 127.0.0.1",
    "s=-",
    "c=IN IP4 127.0.0.1",
    "t=0 0",
    `m=audio ${rtpPort} ${encrypted ? "RTP/SAVP" : "RTP/AVP"} ${types.join(" ")}`,
    ...codecs.map((codec) => `a=rtpmap:${RTPMAP[codec].type} ${RTPMAP[codec].map}`),
    ...(keys ? [`a=rtpmap:${EVENT_PAYLOAD_TYPE} telephone-event/8000`, `a=fmtp:${EVENT_PAYLOAD_TYPE} 0-15`] : []),
    ...(encrypted ? [`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${UNUSED_KEY}`] : []),
    `a=ptime:${packetMs}`,
    "a=sendrecv",
  ];
}

/** The audio of an SDP. */
export interface Audio {
  host: string;
  port: number;
  /** Of the first format, and its name. */
  payloadType: number;
  codec: string;
  /** All names, in their order; formats without a name by their number. */
  codecs: string[];
  /** Payload type of telephone-event/8000; missing: no keys. */
  keyType?: number;
  /** `RTP/AVP`, `RTP/SAVP`. */
  profile: string;
  /** It names a key for SRTP. */
  isEncrypted: boolean;
}

/** Undefined when an SDP has no audio, or it is off. */
export function audioOf(sdp: string): Audio | undefined {
  const media = /^m=audio (\d+) (\S+) ([\d ]+)/m.exec(sdp);
  const host = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1];
  if (!media || !host || media[1] === "0") return undefined;
  const types = (media[3] ?? "").trim().split(/ +/).map(Number);
  const key = /^a=rtpmap:(\d+) telephone-event\/8000\s*$/m.exec(sdp)?.[1];
  const names = types.filter((type) => String(type) !== key).map((type) => nameOf(sdp, type));
  return {
    host,
    port: Number(media[1]),
    payloadType: types[0] ?? 0,
    codec: names[0] ?? "",
    codecs: names,
    ...(key !== undefined && { keyType: Number(key) }),
    profile: media[2] ?? "",
    isEncrypted: /^a=crypto:/m.test(sdp),
  };
}

function nameOf(sdp: string, type: number): string {
  const known = (Object.keys(RTPMAP) as OfferedCodec[]).find((codec) => type < 96 && RTPMAP[codec].type === type);
  return new RegExp(`^a=rtpmap:${type} ([^/\\s]+)`, "m").exec(sdp)?.[1] ?? known ?? String(type);
}
