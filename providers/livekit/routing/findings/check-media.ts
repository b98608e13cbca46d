import type { Finding } from "../types.ts";
import { finding, type MediaSettings, type OutboundTrunk, type Prepared, some } from "./survey.ts";

/** Media and time limits of trunks. */
export function checkMedia({ media, outbound, target }: Prepared): Finding[] {
  const transports = new Map(outbound.map(({ id, transport }) => [id, transport]));
  return [...media].flatMap(([id, settings]) => [
    ...(settings.krisp ? [finding("KRISP_ON_TELEPHONE_CALLS", [id], krispText(target))] : []),
    ...codecs(id, settings),
    ...encryption(id, settings, transports.get(id)),
    ...times(id, settings),
  ]);
}

function krispText(target: Prepared["target"]): string {
  return target === "cloud"
    ? "Krisp on the trunk filters telephone voice; with a filter in the agent it is filtered twice."
    : "Krisp on the trunk does nothing outside LiveKit Cloud.";
}

/** Names in livekit-sip 1.8.0, pkg/sip/media_codecs.go. */
const KNOWN_CODECS = ["PCMU", "PCMA", "G722", "AMR-WB", "telephone-event"];

function codecs(id: string, { onlyListedCodecs = false, codecs: listed = [] }: MediaSettings): Finding[] {
  const unknown = listed.filter((name) => !KNOWN_CODECS.includes(name));
  const hasTelephone = listed.some((name) => name === "PCMU" || name === "PCMA");
  return [
    ...(unknown.length > 0 ? [finding("CODEC_UNKNOWN", [id], `livekit-sip has no codec ${some(unknown)}.`)] : []),
    ...(onlyListedCodecs && !hasTelephone
      ? [
          finding(
            "CODECS_WITHOUT_G711",
            [id],
            `Only ${listed.length === 0 ? "listed codecs, and none is listed," : some(listed)} may be used: carriers need PCMU or PCMA.`,
          ),
        ]
      : []),
  ];
}

/** Only of outbound trunks the transport is known. */
function encryption(
  id: string,
  { requiresEncryption }: MediaSettings,
  transport: OutboundTrunk["transport"] | undefined,
): Finding[] {
  if (!requiresEncryption || transport === undefined || transport === "tls" || transport === "auto") return [];
  return [
    finding(
      "SRTP_WITHOUT_TLS",
      [id],
      `Encrypted media is demanded, and its keys go over ${transport.toUpperCase()} unencrypted.`,
    ),
  ];
}

const SHORTEST_RINGING_S = 10;
const SHORTEST_CALL_S = 60;

function times(id: string, settings: MediaSettings): Finding[] {
  const { ringingSeconds = 0, maxCallSeconds = 0, mediaTimeoutSeconds = 0 } = settings;
  const limits = {
    ringingTimeout: ringingSeconds,
    maxCallDuration: maxCallSeconds,
    "media.mediaTimeout": mediaTimeoutSeconds,
  };
  const negative = Object.entries(limits).filter(([, seconds]) => seconds < 0);
  return [
    ...negative.map(([field, seconds]) => finding("NEGATIVE_TIME", [id], `${field} is ${seconds} s.`)),
    ...(ringingSeconds > 0 && ringingSeconds < SHORTEST_RINGING_S
      ? [
          finding(
            "SHORT_RINGING",
            [id],
            `Calls ring for ${ringingSeconds} s at most; an agent may need longer to start.`,
          ),
        ]
      : []),
    ...(maxCallSeconds > 0 && maxCallSeconds < SHORTEST_CALL_S
      ? [finding("SHORT_CALLS", [id], `Calls end after ${maxCallSeconds} s.`)]
      : []),
  ];
}
