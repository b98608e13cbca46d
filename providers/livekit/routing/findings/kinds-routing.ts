import type { FindingKind } from "./kind.ts";

/** Trunks and rules that do not fit together. */
export const ROUTING_KINDS = {
  CALLS_CLASH: {
    severity: "error",
    needs: "objects",
    means: "Two trunks, or two rules, match the same call: LiveKit answers 503 Try again later, every time.",
    example: "two trunks without numbers, one with allowedNumbers, one with allowedAddresses",
    cure: "Give one of them the numbers it serves, or remove one.",
    sources: ["livekit/sip#170", "livekit protocol sip/sip.go, MatchTrunkDetailed"],
  },
  RULE_CLASHES_WITH_ITSELF: {
    severity: "error",
    needs: "trunks",
    means:
      "One rule has the same trunk, caller, called number and PIN twice: every call on its trunks is answered 503.",
    example: 'numbers: ["+493012345670", "493012345670"] in a rule',
    cure: "List each number once, in the spelling that the carrier sends.",
    sources: ["livekit/sip#329", "livekit protocol sip/sip.go, DispatchRuleValidator"],
  },
  API_REFUSES: {
    severity: "warning",
    needs: "objects",
    means:
      "The API does not accept these objects side by side, whether or not calls would clash; the next change of one of them fails.",
    example: "two trunks with the same called number and different allowedAddresses",
    cure: "Merge them into one trunk, or give each its own numbers.",
    sources: ["livekit/sip#170", "livekit protocol sip/sip.go, ValidateTrunksIter"],
  },
  RULE_POINTS_TO_DELETED_TRUNK: {
    severity: "warning",
    needs: "trunks",
    means:
      "The rule names a trunk that does not exist: LiveKit does not check it, and takes no call of that trunk's successor.",
    example: 'trunkIds: ["ST_removed"]',
    cure: "Name the trunk that there is, or remove the rule.",
    sources: ["livekit/sip#203", "livekit/sip#377"],
  },
  RULE_NEVER_MATCHES: {
    severity: "warning",
    needs: "trunks",
    means:
      "No call can be given to the rule: its trunks do not serve its numbers, are gone, or its PIN cannot be entered.",
    example: "a rule for +4930…1 on a trunk for +4930…2",
    cure: "Bring the numbers of the rule and of its trunk together, or remove the rule.",
    sources: ["livekit/sip#362", "livekit/agents#5847"],
  },
  TRUNK_WITHOUT_RULE: {
    severity: "error",
    needs: "rules",
    means:
      'No dispatch rule takes the calls of this trunk. The open-source server only rings and logs "flood", LiveKit Cloud answers 404.',
    example: "a trunk, and no rule that names it or is for all trunks",
    cure: "Create a dispatch rule for the trunk.",
    sources: ["livekit/sip#400", "livekit/sip#227"],
  },
  WILDCARD_RULE: {
    severity: "error",
    needs: "objects",
    means:
      "A rule without trunk ids also answers calls that no trunk matched, without credentials. On LiveKit Cloud a trunk has to match first.",
    example: "trunkIds: []",
    cure: "Name the trunks that the rule is for.",
    sources: ["livekit/sip#460", "livekit/sip#326", "livekit/sip#213"],
  },
  RULE_NAMES_OUTBOUND_TRUNK: {
    severity: "error",
    needs: "trunks",
    means: "A rule names an outbound trunk. Calls only come in over inbound trunks, so the rule never takes one.",
    example: "trunkIds with the id that lk sip outbound create printed",
    cure: "Put the inbound trunk's id into trunkIds.",
    sources: ["https://docs.livekit.io/sip/dispatch-rule", "livekit/sip#422"],
  },
  RULE_NAMES_NO_TRUNK_ID: {
    severity: "error",
    needs: "trunks",
    means:
      "An entry of trunkIds is a name, a number or the id of something else. LiveKit takes any text and never matches it.",
    example: 'trunkIds: ["office"]',
    cure: "Put the trunk's id there; it begins with ST_.",
    sources: ["https://docs.livekit.io/sip/dispatch-rule"],
  },
  CALLED_NUMBERS_AS_CALLERS: {
    severity: "error",
    needs: "trunks",
    means: "The rule's inboundNumbers are callers. Your own numbers in there mean that only calls FROM them match.",
    example: 'inboundNumbers: ["+493012345670"], the number that the trunk serves',
    cure: "Move them to the rule's numbers, or remove them: the trunk has them already.",
    sources: [
      "livekit/sip#362",
      "livekit/sip#520",
      "livekit/sip#663",
      "https://kd.iw.mk/ericmey/openclaw-livekit/blob/main/docs/DISPATCH-RULE-GOTCHAS.md",
    ],
  },
  OWN_NUMBERS_AS_ALLOWED_CALLERS: {
    severity: "error",
    needs: "objects",
    means: "The trunk's allowedNumbers are the callers it lets in. Your own numbers in there shut everybody else out.",
    example: "the same list as numbers and as allowedNumbers",
    cure: "Remove allowedNumbers, or list the callers that may call.",
    sources: ["livekit/sip#38", "livekit/sip#329"],
  },
  EMPTY_ROOM_NAME: {
    severity: "error",
    needs: "objects",
    means: "A direct rule without a room name: there is no room that the caller could join.",
    example: "dispatchRuleDirect: {}",
    cure: "Set roomName, or use an individual rule.",
    sources: ["livekit-sip 1.8.0 pkg/sip/inbound.go, pinPrompt"],
  },
  CALLERS_SHARE_A_ROOM: {
    severity: "warning",
    needs: "objects",
    means:
      "Every caller joins the same room and hears the others; the agent is only dispatched when the room is made, so the second caller gets none of their own.",
    example: 'dispatchRuleDirect: { roomName: "office" } with an agent',
    cure: "Use an individual rule, or randomize: true in a callee rule.",
    sources: ["livekit/sip#663", "livekit/livekit#4390"],
  },
  ANONYMOUS_CALLER_CRASHES_SERVER: {
    severity: "error",
    needs: "trunks",
    means: "A rule that hides numbers takes a caller without one: livekit-server 1.13.5 panics, the caller gets 503.",
    example: "hidePhoneNumber: true, and no list of callers",
    cure: "Do not hide numbers in this rule, or let the carrier send one for anonymous callers.",
    sources: ["livekit protocol sip/sip.go, EvaluateDispatchRule"],
  },
} as const satisfies Record<string, FindingKind>;
