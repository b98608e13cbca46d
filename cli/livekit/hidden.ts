import { readRuleMark } from "../../providers/dynamic/marks.ts";
import { letsEveryoneIn } from "../../providers/livekit/routing/index.ts";
import { shown } from "../../providers/text/foreign.ts";
import type { SipProject } from "./project.ts";
import { targetOf } from "./target.ts";

/** What LiveKit's API does not show and calls depend on, in sentences. */
export function hiddenIn({ host, dispatchRules, inboundTrunks, created }: SipProject): string[] {
  const presets = dispatchRules
    .filter(({ name, roomPreset, roomConfig }) => {
      const hasAgents = (roomConfig?.agents.length ?? 0) > 0;
      return roomPreset !== "" && !hasAgents && readRuleMark(name) === undefined;
    })
    .map(({ sipDispatchRuleId }) => sipDispatchRuleId);
  const passwords = inboundTrunks
    .filter(
      ({ sipTrunkId, authUsername, authPassword, allowedAddresses }) =>
        authUsername !== "" &&
        authPassword === "" &&
        !created?.has(sipTrunkId) &&
        allowedAddresses.length > 0 &&
        letsEveryoneIn(allowedAddresses),
    )
    .map(({ sipTrunkId }) => sipTrunkId);
  return [
    ...(presets.length > 0
      ? [
          `Cannot tell whether an agent answers ${some(presets)}: the room preset may dispatch one, and LiveKit's API does not show it.`,
        ]
      : []),
    ...(passwords.length > 0 && targetOf(host) === "cloud"
      ? [
          `Cannot tell whether ${some(passwords)} lets everybody in: LiveKit Cloud does not show whether there is a password, and a user name alone asks for nothing.`,
        ]
      : []),
  ];
}

const MOST_IDS = 5;

function some(ids: readonly string[]): string {
  const first = ids.slice(0, MOST_IDS).map((id) => shown(id));
  return `${first.join(", ")}${ids.length > first.length ? ` and ${ids.length - first.length} more` : ""}`;
}
