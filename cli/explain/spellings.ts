import {
  among,
  type Call,
  type Rule,
  type RuleVerdict,
  type Trunk,
  type TrunkVerdict,
} from "../../providers/livekit/routing/index.ts";
import { quoted } from "../../providers/text/foreign.ts";
import { comparableIn } from "../livekit/comparable.ts";
import { RULE_WORDS, TRUNK_WORDS } from "./words.ts";

type Numbers = "calledNumbers" | "callerNumbers";

/** Verdicts because of a number that is not in a list, and which list. */
const TRUNK_LISTS: Partial<Record<TrunkVerdict, Numbers>> = {
  "other-called-numbers": "calledNumbers",
  "caller-not-allowed": "callerNumbers",
};
const RULE_LISTS: Partial<Record<RuleVerdict, Numbers>> = {
  "called-not-listed": "calledNumbers",
  "caller-not-listed": "callerNumbers",
};

/** A part in the answer, in words. */
export interface Why {
  text: string;
  /** The number is in the list after all, in a spelling that LiveKit does not read. */
  isNear: boolean;
}

export function trunkWhy(verdict: TrunkVerdict, trunk: Trunk | undefined, call: Call): Why {
  return why(TRUNK_WORDS[verdict], TRUNK_LISTS[verdict], trunk, call);
}

export function ruleWhy(verdict: RuleVerdict, rule: Rule | undefined, call: Call): Why {
  return why(RULE_WORDS[verdict], RULE_LISTS[verdict], rule, call);
}

function why(words: string, list: Numbers | undefined, of: Trunk | Rule | undefined, call: Call): Why {
  if (list === undefined) return { text: words, isNear: false };
  const wanted = list === "calledNumbers" ? call.called : call.caller;
  const [spelt] = among(of?.[list] ?? [], [wanted], comparableIn([call.called, call.caller]));
  if (spelt === undefined) return { text: words, isNear: false };
  return { text: `${words}; its ${quoted(spelt)} is ${wanted}, which LiveKit does not see`, isNear: true };
}
