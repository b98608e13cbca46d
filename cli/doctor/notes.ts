import { shown } from "../../providers/text/foreign.ts";
import type { SipProject } from "../livekit/project.ts";
import { ASSUMED_TARGET } from "../livekit/survey.ts";
import { understandingOf } from "../livekit/understanding.ts";

/** What is worth knowing and no mistake: what files have not said, and LiveKit's own choice where nothing was set. */
export function notesOn(project: SipProject): string[] {
  const assumed = project.isHostUnknown ? [`LiveKit project: ${ASSUMED_TARGET}.`] : [];
  return [...assumed, ...(project.assumed ?? []), ...understandingOf(project).missing, ...withoutTimeout(project)];
}

function withoutTimeout({ inboundTrunks, outboundTrunks }: SipProject): string[] {
  const trunks = [...inboundTrunks, ...outboundTrunks].filter(
    ({ media }) => (media?.mediaTimeout?.seconds ?? 0n) === 0n,
  );
  if (trunks.length === 0) return [];
  const ids = trunks.map(({ sipTrunkId }) => shown(sipTrunkId));
  const some =
    ids.length > MOST_IDS ? `${ids.slice(0, MOST_IDS).join(", ")} and ${ids.length - MOST_IDS} more` : ids.join(", ");
  return [
    `Without a media timeout (media.mediaTimeout) LiveKit ends a call 15 s after its last RTP packet, one on hold, too: ${some}.`,
  ];
}

const MOST_IDS = 5;
