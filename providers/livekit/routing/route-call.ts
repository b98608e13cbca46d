import { parseAddress } from "./addresses.ts";
import { asksForCredentials } from "./credentials.ts";
import { prepareTrunks, sortRules } from "./prepared.ts";
import { crashesServer, roomOf } from "./rule-evaluation.ts";
import { pinOf } from "./rule-keys.ts";
import { matchRule, type RuleMatch, rulesLookedAt } from "./rule-matching.ts";
import { TRY_AGAIN } from "./sip-answers.ts";
import { matchTrunk } from "./trunk-matching.ts";
import type { Answer, Call, Explanation, Refusal, Rule, SipAnswer, Target, Trunk } from "./types.ts";

const OK: SipAnswer = { status: 200, reason: "OK" };
const SILENCE: SipAnswer = { status: undefined, reason: "" };
const DEFAULT_REALM = "LiveKit";
/** livekit-sip pkg/sip/inbound.go, pinPrompt. */
const LONGEST_PIN = 16;

/** What is known about a call so far. */
interface Routing {
  rules: readonly Rule[];
  call: Call;
  target: Target;
  trunk: Trunk | undefined;
  explanation: Explanation;
}

/**
 * The answer LiveKit gives to an INVITE, and why: trunk, credentials, rule, PIN, in the order of livekit-sip 1.8.0 and
 * livekit-server 1.13.5. Exact for the open-source server, for users of ASCII characters; on LiveKit Cloud as far as known.
 * The lists may be in any order; ids must differ.
 */
export function routeCall(
  trunks: readonly Trunk[],
  rules: readonly Rule[],
  call: Call,
  { target = "open-source" }: { target?: Target } = {},
): Answer {
  const sorted = sortRules(rules);
  const unseen = sorted.map(({ id }) => ({ id, verdict: "not-looked-at" as const }));
  const match = matchTrunk(prepareTrunks(trunks), call);
  const explanation: Explanation = { trunks: match.verdicts, rules: unseen };
  if (call.sourceAddress !== "" && !parseAddress(call.sourceAddress))
    return refused("source-address", [], undefined, explanation);
  if (match.clash) return refused(match.clash.because, match.clash.candidates, undefined, explanation);
  const routing: Routing = { rules: sorted, call, target, trunk: match.trunk, explanation };
  return match.trunk && asksForCredentials(match.trunk, target) ? challenge(routing, match.trunk) : dispatch(routing);
}

function refused(because: Refusal, candidates: string[], trunk: Trunk | undefined, explanation: Explanation): Answer {
  return { kind: "refused", because, candidates, sip: TRY_AGAIN, explanation, ...(trunk && { trunk }) };
}

function challenge(routing: Routing, trunk: Trunk): Answer {
  const { auth } = routing.call;
  const { explanation } = routing;
  if (!auth) {
    const sip = { status: 407, reason: "Unauthorized" };
    return {
      kind: "challenge",
      sip,
      trunk,
      realm: trunk.authRealm || DEFAULT_REALM,
      // biome-ignore lint/suspicious/noThenProperty: no function, so nothing awaits it; it is the answer that follows
      then: dispatch(routing),
      explanation,
    };
  }
  const isRight = auth.username === trunk.authUsername && (!trunk.authPassword || auth.password === trunk.authPassword);
  if (isRight) return dispatch(routing);
  return { kind: "wrong-credentials", sip: { status: 401, reason: "Unauthorized" }, trunk, explanation };
}

function dispatch(routing: Routing): Answer {
  const { rules, trunk, target } = routing;
  if (!trunk && target === "cloud") return noMatch(routing, { status: 404, reason: "No trunk found" });
  const newer = rulesLookedAt(rules, trunk).filter(({ room }) => room.type === "newer");
  return newer.length > 0 ? besides(routing, newer) : decide(routing);
}

/** What the rules of known kinds refuse is refused; anything else a newer one may decide. */
function besides(routing: Routing, newer: readonly Rule[]): Answer {
  const ids = new Set(newer.map(({ id }) => id));
  const rules = routing.rules.filter(({ id }) => !ids.has(id));
  const otherwise = decide({ ...routing, rules });
  const verdicts = new Map(otherwise.explanation.rules.map((one) => [one.id, one]));
  const explanation: Explanation = {
    trunks: otherwise.explanation.trunks,
    rules: routing.rules.map(({ id }) => verdicts.get(id) ?? { id, verdict: "newer-kind" }),
  };
  if (otherwise.kind === "refused") return { ...otherwise, explanation };
  const { trunk } = routing;
  return { kind: "cannot-tell", rules: [...ids], otherwise, sip: SILENCE, explanation, ...(trunk && { trunk }) };
}

function decide(routing: Routing): Answer {
  const { rules, call, trunk } = routing;
  const match = matchRule(rules, trunk, call, undefined);
  const answer = evaluate(routing, match, undefined);
  return answer.kind === "pin-required" && call.pin !== undefined ? afterPin(routing, call.pin) : answer;
}

function afterPin(routing: Routing, pin: string): Answer {
  const match = matchRule(routing.rules, routing.trunk, routing.call, pin);
  const answer = evaluate(routing, match, pin);
  const isTooLong = pin.length > LONGEST_PIN;
  if (!isTooLong && answer.kind === "server-crash") return answer;
  if (!isTooLong && answer.kind === "room" && (answer.room.name !== "" || answer.room.randomSuffix)) return answer;
  return { kind: "wrong-pin", sip: OK, ...explained(routing, match) };
}

function evaluate(routing: Routing, match: RuleMatch, pin: string | undefined): Answer {
  const common = explained(routing, match);
  const { rule, clash } = match;
  if (clash) return refused(clash.because, clash.candidates, routing.trunk, common.explanation);
  if (!rule) return noMatch(routing, noRuleAnswer(routing.target), match);
  if (crashesServer(rule, routing.call)) return { kind: "server-crash", sip: TRY_AGAIN, rule, ...common };
  if (pinOf(rule) && pin === undefined) return { kind: "pin-required", sip: OK, rule, ...common };
  const room = roomOf(rule, routing.call);
  return { kind: "room", sip: OK, rule, room, agents: rule.agents ?? [], ...common };
}

function noRuleAnswer(target: Target): SipAnswer {
  return target === "cloud" ? { status: 404, reason: "Does not match Trunks or Dispatch Rules" } : SILENCE;
}

function noMatch(routing: Routing, sip: SipAnswer, match?: RuleMatch): Answer {
  return { kind: "no-match", sip, noTrunk: !routing.trunk, ...explained(routing, match) };
}

function explained({ explanation, trunk }: Routing, match?: RuleMatch): { explanation: Explanation; trunk?: Trunk } {
  return { explanation: match ? { ...explanation, rules: match.verdicts } : explanation, ...(trunk && { trunk }) };
}
