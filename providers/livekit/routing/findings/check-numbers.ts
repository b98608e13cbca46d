import { normalizeNumber } from "../numbers.ts";
import type { Finding, Rule, Trunk } from "../types.ts";
import { numberProblem } from "./number-form.ts";
import { finding, inQuotes, type Prepared } from "./survey.ts";

/** How the numbers of trunks and rules are written. */
export function checkNumbers({ trunks, rules, outbound, byId, plans }: Prepared): Finding[] {
  const problemOf = problemsOnce(plans);
  const lists: List[] = [
    ...trunks.flatMap(({ id, calledNumbers = [], callerNumbers = [] }) =>
      listsOf(id, calledNumbers, "allowedNumbers", callerNumbers),
    ),
    ...outbound.map(({ id, numbers }): List => [id, "numbers", numbers.filter(isCallerId)]),
    ...rules.flatMap(({ id, calledNumbers = [], callerNumbers = [] }) =>
      listsOf(id, calledNumbers, "inboundNumbers", callerNumbers),
    ),
  ];
  return [
    ...lists.flatMap(([id, field, numbers]) => spellings({ id, field, numbers }, problemOf, plans)),
    ...trunks.flatMap(listedTwice),
    ...rules.flatMap((rule) => onlyInRules(rule, byId, problemOf)),
  ];
}

type List = [id: string, field: string, numbers: readonly string[]];

function listsOf(id: string, called: readonly string[], callersField: string, callers: readonly string[]): List[] {
  return [
    [id, "numbers", called],
    // A caller may have no number, and a list may say so.
    [id, callersField, callers.filter((number) => number !== "")],
  ];
}

/** `*` lets each call choose; a user name stands there for carriers that want one. */
function isCallerId(number: string): boolean {
  return number !== "*" && /^[+\d(]/.test(number);
}

/** One finding for each kind of spelling in a list: long lists often have the same mistake in every entry. */
function spellings(
  { id, field, numbers }: { id: string; field: string; numbers: readonly string[] },
  problemOf: ProblemOf,
  plans: Prepared["plans"],
): Finding[] {
  const found = new Map<Problem, string[]>();
  for (const number of numbers) {
    const problem = problemOf(number);
    if (problem === undefined) continue;
    const same = found.get(problem);
    if (same) same.push(number);
    else found.set(problem, [number]);
  }
  return [...found].map(([code, [first = "", ...others]]) => {
    const more = others.length > 0 ? ` and ${others.length} more of the kind` : "";
    const right = REWRITABLE.has(code) ? plans?.toE164(first) : undefined;
    const advice = right === undefined || right === first ? "" : ` Write ${right}.`;
    return finding(code, [id], `${field} has ${inQuotes(first)}${more}: ${SAYS[code]}.${advice}`);
  });
}

type ProblemOf = (number: string) => Problem | undefined;

/** Long lists have the same numbers again and again. */
function problemsOnce(plans: Prepared["plans"]): ProblemOf {
  const known = new Map<string, Problem | undefined>();
  return (number) => {
    if (!known.has(number)) known.set(number, numberProblem(number, plans));
    return known.get(number);
  };
}

type Problem = NonNullable<ReturnType<typeof numberProblem>>;

/** Spellings of which there is no doubt which number is meant. */
const REWRITABLE: ReadonlySet<Problem> = new Set([
  "NUMBER_WITHOUT_COUNTRY",
  "NUMBER_WITH_00",
  "NUMBER_WITH_TRUNK_ZERO",
  "NUMBER_IS_A_URI",
  "NUMBER_WITH_OTHER_CHARACTERS",
  "NUMBER_WITH_INVISIBLE_CHARACTER",
]);

const SAYS: Record<Problem, string> = {
  NUMBER_IS_A_PREFIX: "LiveKit compares whole numbers, so this matches no call",
  NUMBER_IS_A_PATTERN: "LiveKit compares whole numbers and knows no wildcards, so this matches no call",
  NUMBER_WITHOUT_COUNTRY: "without a country code it matches only calls that are sent exactly so",
  NUMBER_WITH_00:
    "LiveKit does not read what people dial abroad with as +, so it matches only calls that are sent exactly so",
  NUMBER_PLUS_ZERO: "no country code begins with 0",
  NUMBER_WITH_TRUNK_ZERO: "LiveKit keeps the national prefix behind the country code, which makes it another number",
  NUMBER_WITH_LETTERS: "carriers send digits",
  NUMBER_WITH_OTHER_CHARACTERS:
    "LiveKit reads ASCII digits, spaces, hyphens and brackets behind a +, and compares any other text as it stands",
  NUMBER_IS_EMPTY: "no call is to nothing, and the list is not an empty one, which would mean all",
  NUMBER_IS_A_URI: "LiveKit compares the user part of the URI alone",
  NUMBER_TOO_LONG: "no telephone number has more than 15 digits",
  SEVERAL_NUMBERS_IN_ONE: "each number needs an entry of its own",
  NUMBER_WITH_INVISIBLE_CHARACTER: "it has a character that cannot be seen, or a space before its +",
  PLACEHOLDER_VALUE: "it was left over from an example",
};

function listedTwice({ id, calledNumbers = [], callerNumbers = [] }: Trunk): Finding[] {
  return [calledNumbers, callerNumbers].flatMap((list) => {
    const seen = new Set<string>();
    const twice = list.find((number) => seen.size === seen.add(normalizeNumber(number)).size);
    return twice === undefined
      ? []
      : [
          finding(
            "NUMBER_LISTED_TWICE",
            [id],
            `${inQuotes(twice)} is listed twice; trunks compare numbers without spaces, hyphens, brackets and +.`,
          ),
        ];
  });
}

/** What trunks do not mind, and rules do, since they compare character by character. */
function onlyInRules(
  { id, trunkIds = [], calledNumbers = [], callerNumbers = [] }: Rule,
  byId: Prepared["byId"],
  problemOf: ProblemOf,
): Finding[] {
  const own = trunkIds.flatMap((trunkId) => byId.get(trunkId) ?? []);
  const onTrunk = (number: string) =>
    own.some(({ called, callers }) => called.has(normalizeNumber(number)) || callers.has(normalizeNumber(number)));
  const plain = [...calledNumbers, ...callerNumbers].filter((number) => problemOf(number) === undefined);
  const spaced = plain.find((number) => /^\D*\d.*[\s()-]/.test(number));
  const bare = plain.find((number) => /^[1-9]\d{8,}$/.test(number) && !onTrunk(number));
  return [
    ...(spaced === undefined
      ? []
      : [
          finding(
            "SPACED_RULE_NUMBER",
            [id],
            `The rule lists ${inQuotes(spaced)}: carriers send neither spaces nor hyphens, and rules compare character by character. Write ${spaced.replaceAll(/[\s()-]/g, "")}.`,
          ),
        ]),
    ...(bare === undefined
      ? []
      : [
          finding(
            "RULE_NUMBER_WITHOUT_PLUS",
            [id],
            `The rule lists ${inQuotes(bare)}: only calls that are sent without + match.`,
          ),
        ]),
  ];
}
