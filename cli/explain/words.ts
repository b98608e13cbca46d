import type { Answer, Refusal, RuleVerdict, SipAnswer, TrunkVerdict } from "../../providers/livekit/routing/index.ts";
import { quoted, shown } from "../../providers/text/foreign.ts";

/** How each trunk's part in the answer is told to people. */
export const TRUNK_WORDS: Record<TrunkVerdict, string> = {
  matches: "takes the call",
  clashes: "clashes: matches as well as another trunk",
  "beaten-by-called-number": "has no called numbers; a trunk that has this one goes first",
  "caller-not-allowed": "does not let this caller number in",
  "source-not-allowed": "does not let this source address in",
  "other-called-numbers": "serves other called numbers",
};

export const RULE_WORDS: Record<RuleVerdict, string> = {
  matches: "decides the call",
  clashes: "clashes: another rule (or it twice) has the same trunk, caller, called number and PIN",
  "unknown-kind": "is of a kind that LiveKit cannot evaluate",
  "newer-kind": "is of a kind that this version does not know: what it does cannot be told",
  "other-trunk": "belongs to other trunks",
  "caller-not-listed": "does not list this caller number",
  "caller-spelt-differently": "lists this caller number in another spelling; rules compare character by character",
  "called-not-listed": "does not list this called number",
  "called-spelt-differently": "lists this called number in another spelling; rules compare character by character",
  "other-pin": "has another PIN",
  "needs-pin": "has a PIN, and the caller enters none",
  "takes-no-pin": "has no PIN, and the caller enters one",
  "beaten-by-trunk-rule": "is for every trunk; a rule of this trunk goes first",
  "beaten-by-priority": "comes behind a rule that has a PIN, lists the numbers, or sorts first",
  "not-looked-at": "is not looked at: the call is decided before",
};

const REFUSALS: Record<Refusal, string> = {
  "trunks-with-called-number": "more than one trunk with the called number lets this caller in",
  "trunks-without-numbers": "more than one trunk without called numbers lets this caller in",
  rules: "two rules, or one rule twice, have the same trunk, caller, called number and PIN",
  "rule-of-unknown-kind": "a rule that is looked at is of a kind that LiveKit cannot evaluate",
  "source-address": "the source address is no IP address",
};

function sipText({ status, reason }: SipAnswer): string {
  return status === undefined ? "no final answer: 180 Ringing until the caller gives up" : `${status} ${reason}`.trim();
}

/** The outcome in one or two sentences. */
export function outcomeText(answer: Answer): string {
  const sip = sipText(answer.sip);
  switch (answer.kind) {
    case "room":
      return `${isOnlyRinging(answer) ? "180 Ringing" : isByPreset(answer) ? `${sip} if the room preset dispatches an agent, else 180 Ringing` : sip}: room ${roomText(answer.room)}, ${agentsText(answer.agents)}.`;
    case "challenge":
      return `${sip}: the trunk asks for credentials (realm ${quoted(answer.realm)}). With the right ones: ${outcomeText(answer.then)}`;
    case "wrong-credentials":
      return `${sip}: these are not the credentials of the trunk.`;
    case "pin-required":
      return `${sip}, then the caller is asked for a PIN.`;
    case "wrong-pin":
      return `${sip}, then the call ends: no rule has this PIN.`;
    case "refused":
      return `${sip}, every time: ${REFUSALS[answer.because]}.`;
    case "no-match":
      return `${sip}. ${answer.noTrunk ? "No trunk and no rule for all trunks takes it" : "The trunk has no rule that takes it"}.`;
    case "cannot-tell":
      return `Cannot tell: ${answer.rules.map((id) => shown(id)).join(", ")} ${answer.rules.length > 1 ? "are" : "is"} of a kind that this version does not know. Without: ${outcomeText(answer.otherwise)}`;
    case "server-crash":
      return `${sip}: a rule that hides numbers takes a caller without one, and livekit-server 1.13.5 panics.`;
  }
}

/** Nobody is sent into the room: livekit-sip rings until someone there publishes audio. */
function isOnlyRinging({ agents, rule }: Extract<Answer, { kind: "room" }>): boolean {
  return agents.length === 0 && rule.declared !== true && !rule.roomPreset;
}

function isByPreset({ agents, rule }: Extract<Answer, { kind: "room" }>): boolean {
  return agents.length === 0 && rule.declared !== true && Boolean(rule.roomPreset);
}

export const UPDATE = "Update Trunkline; of a file, update lk, too, and check what it does not know.";

/** What to do about it; nothing when the call reaches a room. `isLive`: only then can `doctor` write. */
export function adviceText(answer: Answer, isLive: boolean): string | undefined {
  switch (answer.kind) {
    case "room":
      return isOnlyRinging(answer) ? "Put the agent into the rule: roomConfig.agents." : undefined;
    case "cannot-tell":
      return UPDATE;
    case "challenge":
      return "The carrier has to send digest credentials; try --auth USER:known.";
    case "wrong-credentials":
      return "Give the carrier the trunk's user name and password.";
    case "pin-required":
      return "Try --pin DIGITS, or take the PIN out of the rule.";
    case "wrong-pin":
      return "Ask for the right PIN, or give a rule this one.";
    case "refused":
      return answer.because === "rule-of-unknown-kind"
        ? "Give the rule a kind: dispatchRuleDirect, dispatchRuleIndividual or dispatchRuleCallee."
        : `Give one of them the numbers it serves, or remove one${isLive ? ": npx --no-install trunkline doctor --write lists what no stack has declared" : "; npx --no-install trunkline doctor lists every clash"}.`;
    case "no-match":
      return noMatchAdvice(answer);
    case "server-crash":
      return "Do not hide numbers in this rule, or let the carrier send one.";
  }
}

function noMatchAdvice({ noTrunk }: { noTrunk: boolean }): string {
  return noTrunk
    ? "Declare a trunk and a rule for this call. An id that CreateSIPParticipant returned (SCL_…) can never be called: LiveKit calls out with it and registers nothing."
    : "Declare a rule for this trunk and this called number.";
}

function roomText({ name, randomSuffix }: { name: string; randomSuffix: boolean }): string {
  return randomSuffix ? `${quoted(`${name}_`)} and 12 random characters` : quoted(name);
}

function agentsText(agents: readonly { name: string }[]): string {
  if (agents.length === 0) return "no agent dispatched by the rule";
  return `agent ${agents.map(({ name }) => (name === "" ? "(any without a name)" : shown(name))).join(", ")}`;
}
