import { readRuleMark } from "../../providers/dynamic/marks.ts";
import { shown } from "../../providers/text/foreign.ts";
import type { SipProject } from "../livekit/project.ts";
import { ASSUMED_TARGET } from "../livekit/target.ts";
import { understandingOf } from "../livekit/understanding.ts";

/**
 * What is worth knowing and no mistake: what files have not said, which agents have to be there, and LiveKit's own choice where nothing was set.
 * @param names of agents that are known to be there, or are told by a finding
 */
export function notesOn(project: SipProject, names: ReadonlySet<string> = new Set()): string[] {
  const assumed = project.isHostUnknown ? [`LiveKit project: ${ASSUMED_TARGET}.`] : [];
  return [
    ...assumed,
    ...(project.assumed ?? []),
    ...understandingOf(project).missing,
    ...workers(project, names),
    ...withoutTimeout(project),
  ];
}

/** The same for every name: only LiveKit's dispatches say which workers there are. */
function workers({ dispatchRules }: SipProject, names: ReadonlySet<string>): string[] {
  const others = dispatchRules.filter(({ name }) => readRuleMark(name) === undefined);
  const agents = others.flatMap(({ roomConfig }) => roomConfig?.agents.map(({ agentName }) => agentName) ?? []);
  const unseen = [...new Set(agents)].filter((name) => name !== "" && !names.has(name));
  if (unseen.length === 0) return [];
  return [
    `Whether a worker registers as ${few(unseen)} cannot be seen from here; without one the caller only hears ringing. --agent NAME says which agents there are.`,
  ];
}

function withoutTimeout({ inboundTrunks, outboundTrunks }: SipProject): string[] {
  const trunks = [...inboundTrunks, ...outboundTrunks].filter(
    ({ media }) => (media?.mediaTimeout?.seconds ?? 0n) === 0n,
  );
  if (trunks.length === 0) return [];
  return [
    `Without a media timeout (media.mediaTimeout) LiveKit ends a call 15 s after its last RTP packet, one on hold, too: ${few(trunks.map(({ sipTrunkId }) => sipTrunkId))}.`,
  ];
}

const MOST_IDS = 5;

function few(texts: readonly string[]): string {
  const some = texts.slice(0, MOST_IDS).map((text) => shown(text));
  return `${some.join(", ")}${texts.length > some.length ? ` and ${texts.length - some.length} more` : ""}`;
}
