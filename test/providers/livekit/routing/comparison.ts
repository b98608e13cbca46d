import type { Answer, Call, Refusal } from "../../../../providers/livekit/routing/index.ts";
import type { OracleAnswer, OracleDispatch } from "../../../oracle/oracle.ts";

/** The part of an answer that LiveKit decides, in one form for ours and the oracle's. */
export interface Outcome {
  kind: Answer["kind"];
  trunk?: string;
  because?: Refusal;
  /** Ids that must be among the candidates. */
  clash?: string[];
  rule?: string;
  room?: string;
  agents?: string[];
  realm?: string;
  noTrunk?: boolean;
  /** After the right credentials. */
  next?: Outcome;
}

/** What the oracle's two look-ups make of a call, by what livekit-sip does with them (pkg/sip/inbound.go). */
export function oracleOutcome(answer: OracleAnswer, call: Call): Outcome {
  const { auth, dispatch } = answer;
  if (auth.error) return refusedByTrunks(auth);
  const trunk = auth.trunkId ? { trunk: auth.trunkId } : {};
  const asks = auth.username !== "" && auth.password !== "";
  const next = { ...trunk, ...dispatchOutcome(dispatch, answer.afterPin, call, auth.trunkId === "") };
  if (!asks) return next;
  if (!call.auth) return { kind: "challenge", ...trunk, realm: auth.realm || "LiveKit", next };
  const isRight = call.auth.username === auth.username && call.auth.password === auth.password;
  return isRight ? next : { kind: "wrong-credentials", ...trunk };
}

function refusedByTrunks({ error, clash }: OracleAnswer["auth"]): Outcome {
  if (!clash) return { kind: "refused", because: "source-address", clash: [] };
  const because = error?.includes("default") ? "trunks-without-numbers" : "trunks-with-called-number";
  return { kind: "refused", because, clash };
}

function dispatchOutcome(
  first: OracleDispatch | undefined,
  second: OracleDispatch | undefined,
  call: Call,
  noTrunk: boolean,
): Outcome {
  if (!first) throw new Error("the oracle looked at no rule");
  if (first.panic || (second?.panic && first.result === "REQUEST_PIN")) return { kind: "server-crash" };
  if (first.error) {
    const because = first.clash ? "rules" : "rule-of-unknown-kind";
    return { kind: "refused", because, clash: first.clash ?? [] };
  }
  if (first.result === "DROP") return { kind: "no-match", noTrunk };
  if (first.result === "ACCEPT") return accepted(first);
  if (call.pin === undefined) return { kind: "pin-required", ...(first.ruleId && { rule: first.ruleId }) };
  return second?.result === "ACCEPT" && second.room !== "" ? accepted(second) : { kind: "wrong-pin" };
}

function accepted({ ruleId, room, agents = [] }: OracleDispatch): Outcome {
  return { kind: "room", room, agents, ...(ruleId && { rule: ruleId }) };
}

/** Ours in the same form; the oracle's own outcome says which 12 random characters a room name ends in. */
export function ourOutcome(answer: Answer, oracle: Outcome): Outcome {
  const trunk = answer.trunk ? { trunk: answer.trunk.id } : {};
  switch (answer.kind) {
    case "refused": {
      const clash = oracle.clash?.every((id) => answer.candidates.includes(id)) ? oracle.clash : answer.candidates;
      return { kind: answer.kind, because: answer.because, clash, ...trunk };
    }
    case "challenge":
      return { kind: answer.kind, ...trunk, realm: answer.realm, next: ourOutcome(answer.then, oracle.next ?? oracle) };
    case "room":
      return { kind: answer.kind, ...trunk, ...roomOutcome(answer, oracle.room ?? "") };
    case "pin-required":
      return { kind: answer.kind, ...trunk, rule: answer.rule.id };
    case "no-match":
      return { kind: answer.kind, ...trunk, noTrunk: answer.noTrunk };
    default:
      return { kind: answer.kind, ...trunk };
  }
}

function roomOutcome({ rule, room, agents }: Extract<Answer, { kind: "room" }>, oracleRoom: string): Partial<Outcome> {
  const suffix = /_[A-Za-z0-9]{12}$/.exec(oracleRoom)?.[0] ?? "_?";
  return {
    rule: rule.id,
    room: room.randomSuffix ? `${room.name}${suffix}` : room.name,
    agents: agents.map(({ name }) => name),
  };
}

/** Whether more than one trunk, or more than one rule, could have taken the call. */
export function hasSeveralCandidates({ explanation }: Answer): boolean {
  const count = (verdicts: { verdict: string }[]) =>
    verdicts.filter(({ verdict }) => /^(matches|clashes|beaten-)/.test(verdict)).length;
  return count(explanation.trunks) > 1 || count(explanation.rules) > 1;
}

export function label(answer: Answer): string {
  return answer.kind === "refused" ? answer.because : answer.kind;
}
