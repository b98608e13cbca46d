import {
  type Answer,
  type Call,
  FINDING_KINDS,
  type Finding,
  type Target,
} from "../../providers/livekit/routing/index.ts";
import { shown } from "../../providers/text/foreign.ts";
import type { Routes } from "../livekit/routes.ts";
import { ASSUMED_TARGET } from "../livekit/target.ts";
import { type Doubt, doubtText } from "./certainty.ts";
import type { Hears } from "./hears.ts";
import { type Paper, type Row, rowsText, ruleRows, trunkRows } from "./rows.ts";
import { adviceText, outcomeText, UPDATE } from "./words.ts";

export interface Explained {
  host: string;
  target: Target;
  /** No file says which it is. */
  isTargetAssumed: boolean;
  routes: Routes;
  call: Call;
  answer: Answer;
  /** What the caller hears then; undefined: no room. */
  hears: Hears | undefined;
  /** What this version does not know of the trunk and the rule that decide, and what was not given. */
  notes: readonly string[];
  /** Mistakes in the trunks and rules that decide, or could have taken the call. */
  findings: readonly Finding[];
  isLive: boolean;
  /** Why the answer is not certain; undefined: it is. */
  doubt: Doubt | undefined;
}

/** For people. */
export function explainText(explained: Explained, io: Paper): string {
  const { host, target, isTargetAssumed, hears, notes } = explained;
  const paint = exitCode(explained) === 0 ? io.colors.green : io.colors.red;
  const advice = adviceOf(explained);
  return [
    `${callText(explained.call)}  (LiveKit project ${host}, ${isTargetAssumed ? ASSUMED_TARGET : target})`,
    "",
    paint(outcome(explained)),
    ...(hears === undefined ? [] : [hears.text]),
    ...(advice === undefined ? [] : [advice]),
    ...findingLines(explained, io),
    ...(explained.call.sourceAddress === "" ? [NO_SOURCE] : []),
    ...notes.map((note) => io.colors.yellow(note)),
    "",
    rowsText(["TRUNK", "called ← caller @ source"], trunkRows(explained), "no inbound trunk", io),
    "",
    rowsText(["DISPATCH RULE", "called ← caller, of trunk"], ruleRows(explained), "no dispatch rule", io),
  ].join("\n");
}

/** 0: the call is answered, as far as can be seen; 2: it is not; 1: cannot tell. */
export function exitCode({ answer, hears, doubt }: Pick<Explained, "answer" | "hears" | "doubt">): number {
  if (answer.kind === "cannot-tell" || doubt !== undefined) return 1;
  return answer.kind === "room" && hears?.answered !== "no" ? 0 : 2;
}

function outcome({ answer, doubt }: Explained): string {
  const text = outcomeText(answer);
  return doubt === undefined ? text : `Cannot tell: ${doubtText(doubt)} ${text}`;
}

/** More are for doctor to tell. */
const MOST_FINDINGS = 5;

function findingLines({ findings }: Explained, { colors }: Paper): string[] {
  const rest = findings.length - MOST_FINDINGS;
  return [
    ...findings.slice(0, MOST_FINDINGS).map(({ severity, code, message }) => {
      const paint = severity === "error" ? colors.red : colors.yellow;
      return `${paint(severity)}: ${code}: ${shown(message)} ${FINDING_KINDS[code].cure}`;
    }),
    ...(rest > 0 ? [`… and ${rest} more findings: npx --no-install trunkline doctor lists them.`] : []),
  ];
}

const NO_SOURCE =
  "No --source-ip was given: allowed addresses are taken as matching, so trunks that differ only in them look like a clash.";

/** For machines. Without passwords, PINs and metadata. */
export function explainJson(explained: Explained): object {
  const { host, target, isTargetAssumed, call, answer, hears, notes, findings } = explained;
  return {
    format: "trunkline.explain/1",
    host,
    target,
    isTargetAssumed,
    call: { caller: call.caller, called: call.called, sourceAddress: call.sourceAddress, fromHost: call.fromHost },
    reachesRoom: answer.kind === "room",
    text: outcome(explained),
    advice: adviceOf(explained),
    hears,
    findings: findings.map(({ code, severity, ids, message }) => ({
      ...{ code, severity, ids, message },
      cure: FINDING_KINDS[code].cure,
    })),
    notes,
    answer: answerJson(answer),
    trunks: trunkRows(explained).map(rowJson),
    rules: ruleRows(explained).map(rowJson),
  };
}

/** What is missing in the files may not be missing in the project; what is there and wrong is to be mended, not declared once more. */
function adviceOf({ answer, isLive, doubt, findings }: Explained): string | undefined {
  if (answer.kind === "no-match" && findings.some(({ severity }) => severity === "error")) return undefined;
  if (doubt?.kind === "not understood") return UPDATE;
  return doubt === undefined ? adviceText(answer, isLive) : undefined;
}

function answerJson(answer: Answer): object {
  const { kind, sip, trunk } = answer;
  return {
    kind,
    sip,
    trunkId: trunk?.id,
    ...("rule" in answer && { ruleId: answer.rule.id }),
    ...(answer.kind === "room" && { room: answer.room, agents: answer.agents.map(({ name }) => name) }),
    ...(answer.kind === "challenge" && { realm: answer.realm, withCredentials: answerJson(answer.then) }),
    ...(answer.kind === "refused" && { because: answer.because, candidates: answer.candidates }),
    ...(answer.kind === "no-match" && { noTrunk: answer.noTrunk }),
    ...(answer.kind === "cannot-tell" && { rules: answer.rules, otherwise: answerJson(answer.otherwise) }),
  };
}

function callText({ caller, called, sourceAddress }: Call): string {
  return `${caller || "anonymous"} → ${called}${sourceAddress === "" ? "" : ` from ${sourceAddress}`}`;
}

function rowJson({ id, name, verdict, why }: Row): object {
  return { id, verdict, name, why: why.text };
}
