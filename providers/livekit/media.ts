import { MAX_MEDIA_TIMEOUT_SECONDS } from "@trunkline/contract";
import type { SIPInboundTrunkInfo } from "livekit-server-sdk";
import { z } from "zod";

/** LiveKit's media settings, the same on trunks and rules (livekit_sip.proto, SIPMediaConfig). */

/** Our words by LiveKit's numbers (livekit_sip.proto, SIPMediaEncryption). */
const ENCRYPTIONS = ["disable", "allow", "require"] as const;

type Media = NonNullable<NonNullable<ConstructorParameters<typeof SIPInboundTrunkInfo>[0]>["media"]>;
type LiveMedia = SIPInboundTrunkInfo["media"];

export const mediaEncryption = z.enum(ENCRYPTIONS);

/** `PCMA/8000`: a codec's name in SDP and its clock rate. */
export const mediaCodec = z.string().regex(/^[A-Za-z0-9-]+\/\d{4,6}$/, "is no codec with its rate, such as PCMA/8000");

export const mediaFields = {
  mediaEncryption: mediaEncryption.default("disable"),
  codecs: z.array(mediaCodec).default([]),
  onlyListedCodecs: z.boolean().default(false),
  mediaTimeoutSeconds: z.number().int().min(0).max(MAX_MEDIA_TIMEOUT_SECONDS).default(0),
} as const;

export type MediaInputs = { -readonly [K in keyof typeof mediaFields]: z.output<(typeof mediaFields)[K]> };

/** No media part at all when everything is LiveKit's default: an older server does not know it. */
export function mediaToLiveKit(inputs: MediaInputs): { media?: Media } {
  const { mediaEncryption, codecs, onlyListedCodecs, mediaTimeoutSeconds } = inputs;
  const isDefault =
    mediaEncryption === "disable" && codecs.length === 0 && !onlyListedCodecs && mediaTimeoutSeconds === 0;
  if (isDefault) return {};
  const media = {
    onlyListedCodecs,
    codecs: codecs.map(toCodec),
    encryption: ENCRYPTIONS.indexOf(mediaEncryption),
    ...(mediaTimeoutSeconds === 0 ? {} : { mediaTimeout: seconds(mediaTimeoutSeconds) }),
  };
  return { media };
}

/** Encryption is in the media part; objects of older tools have it beside that. */
export function mediaFromLiveKit(live: { media?: LiveMedia; mediaEncryption: number }): MediaInputs {
  const { media } = live;
  return {
    mediaEncryption: ENCRYPTIONS[media?.encryption ?? live.mediaEncryption] ?? "disable",
    codecs: (media?.codecs ?? []).map(({ name, rate }) => `${name}/${rate}`),
    onlyListedCodecs: media?.onlyListedCodecs ?? false,
    mediaTimeoutSeconds: Number(media?.mediaTimeout?.seconds ?? 0n),
  };
}

/** A protobuf duration of whole seconds. */
export function seconds(count: number): { seconds: bigint; nanos: number } {
  return { seconds: BigInt(count), nanos: 0 };
}

function toCodec(text: string): { name: string; rate: number } {
  const [name = "", rate = ""] = text.split("/");
  return { name, rate: Number(rate) };
}
