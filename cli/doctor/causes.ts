import type { Finding } from "../../providers/livekit/routing/index.ts";
import type { Understanding } from "../livekit/understanding.ts";

/** One way in which LiveKit comes to answer 503, how it is told from the others, and what can be seen of it now. */
export interface Cause503 {
  kind: "configuration" | "control-plane" | "quota" | "cpu";
  /** How callers or callers' logs see it. */
  shows: string;
  state: "found" | "not found" | "cannot be measured";
  detail: string;
  /** What to do. */
  cure: string;
}

/** What was measured: the time of the three list requests in ms, or why there was no answer; undefined for an export. */
export type Reachability = { ms: number } | { problem: string } | { unknownHost: string } | undefined;

/**
 * The kinds of 503 that livekit-sip 1.8.0 and livekit-server 1.13.5 send (measured; pkg/sip/inbound.go).
 * @param known what is known of the project; undefined: all
 */
export function causesOf503(
  findings: readonly Finding[],
  reachability: Reachability,
  known?: Understanding,
): Cause503[] {
  return [configuration(findings, reachability, obstacleIn(known)), controlPlane(reachability), QUOTA, CPU];
}

/** Whether calls as carriers send them are refused because of this. */
export function isRefusingCalls({ code, conflict }: Finding): boolean {
  if (code === "CALLS_CLASH") return conflict?.spoofed !== true;
  return code === "RULE_CLASHES_WITH_ITSELF";
}

/** What was found is there, no matter what else is not known. */
function configuration(
  findings: readonly Finding[],
  reachability: Reachability,
  unknown: string | undefined,
): Cause503 {
  const count = findings.filter(isRefusingCalls).length;
  const isRead = reachability === undefined || "ms" in reachability;
  const obstacle = isRead ? (count > 0 ? undefined : unknown) : "trunks and rules could not be read";
  return {
    kind: "configuration",
    shows: "503 Try again later: at once, for the same callers and numbers every time, while others get through",
    state: obstacle !== undefined ? "cannot be measured" : count > 0 ? "found" : "not found",
    detail: obstacle ?? (count === 0 ? "no trunks or rules clash" : `clashing trunks or rules: ${count}`),
    cure: "remove or change what clashes (see the findings)",
  };
}

/** Why it cannot be said that nothing clashes. */
function obstacleIn(known: Understanding | undefined): string | undefined {
  if (known === undefined) return undefined;
  if (known.unknownKinds.size > 0) return "there is a kind of rule that this version does not know";
  if (known.hasStrangeTrunks || known.hasStrangeRules)
    return "trunks or rules have something that this version does not know";
  return known.missing.length > 0 ? "not all trunks and rules were given, or are understood" : undefined;
}

function controlPlane(reachability: Reachability): Cause503 {
  const common = {
    kind: "control-plane",
    shows: "503 Try again later: at once, for every call, from one moment on",
    cure: "bring livekit-server (and its Redis) back; on LiveKit Cloud look at its status page",
  } as const;
  if (reachability === undefined)
    return { ...common, state: "cannot be measured", detail: "an export was read, not the live project" };
  if ("unknownHost" in reachability)
    return { ...common, state: "cannot be measured", detail: `check LIVEKIT_URL: ${reachability.unknownHost}` };
  if ("problem" in reachability) return { ...common, state: "found", detail: reachability.problem };
  const detail = `the API answered in ${reachability.ms} ms (from here; livekit-sip has its own way to it)`;
  return { ...common, state: "not found", detail };
}

const QUOTA: Cause503 = {
  kind: "quota",
  shows: "503 Service temporarily unavailable",
  state: "cannot be measured",
  detail: "the API does not show limits",
  cure: "look at the project's usage and limits",
};

const CPU: Cause503 = {
  kind: "cpu",
  shows: "503 cpu exhausted as the answer to CreateSIPParticipant, never to an INVITE; no INVITE was sent",
  state: "cannot be measured",
  detail: "it depends on the idle CPU of livekit-sip's machine at that moment (refuses under 10 %)",
  cure: "repeat the request (250 ms, 500 ms, 1 s); add capacity",
};
