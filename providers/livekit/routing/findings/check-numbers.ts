import { normalizeNumber } from "../numbers.ts";
import type { Finding, Rule, Trunk } from "../types.ts";
import { numberProblem } from "./number-form.ts";
import { finding, inQuotes, type Prepared } from "./survey.ts";

/** How the numbers of trunks and rules are written. */
export function checkNumbers({ trunks, rules, outbound, byId }: Prepared): Finding[] {
  return [
    ...trunks.flatMap((trunk) => [...ofTrunk(trunk), ...listedTwice(trunk)]),
    ...outbound.flatMap(({ id, numbers }) => spellings(numbers.filter(isCallerId), id, "numbers")),
    ...rules.flatMap((rule) => [...ofRule(rule), ...onlyInRules(rule, byId)]),
  ];
}

function ofTrunk({ id, calledNumbers = [], callerNumbers = [] }: Trunk): Finding[] {
  return [...spellings(calledNumbers, id, "numbers"), ...spellings(callerNumbers, id, "allowedNumbers")];
}

function ofRule({ id, calledNumbers = [], callerNumbers = [] }: Rule): Finding[] {
  return [...spellings(calledNumbers, id, "numbers"), ...spellings(callerNumbers, id, "inboundNumbers")];
}

/** `*` lets each call choose; a user name stands there for carriers that want one. */
function isCallerId(number: string): boolean {
  return number !== "*" && /^[+\d(]/.test(number);
}

/** One finding for each kind of spelling in a list: long lists often have the same mistake in every entry. */
function spellings(numbers: readonly string[], id: string, field: string): Finding[] {
  const found = new Map<NonNullable<ReturnType<typeof numberProblem>>, string[]>();
  for (const number of numbers) {
    const problem = numberProblem(number);
    if (problem !== undefined) found.set(problem, [...(found.get(problem) ?? []), number]);
  }
  return [...found].map(([code, [first = "", ...others]]) =>
    finding(
      code,
      [id],
      `${field} has ${inQuotes(first)}${others.length > 0 ? ` and ${others.length} more of the kind` : ""}: ${SAYS[code]}.`,
    ),
  );
}

const SAYS: Record<NonNullable<ReturnType<typeof numberProblem>>, string> = {
  NUMBER_IS_A_PREFIX: "LiveKit compares whole numbers, so this matches no call",
  NUMBER_IS_A_PATTERN: "LiveKit compares whole numbers and knows no wildcards, so this matches no call",
  NUMBER_WITHOUT_COUNTRY: "without a country code it matches only calls that are sent exactly so",
  NUMBER_WITH_00: "LiveKit does not read 00 as +, so it matches only calls that are sent exactly so",
  NUMBER_PLUS_ZERO: "no country code begins with 0",
  NUMBER_WITH_TRUNK_ZERO: "LiveKit keeps the 0 in brackets, which makes it another number",
  NUMBER_WITH_LETTERS: "carriers send digits",
  NUMBER_IS_A_URI: "LiveKit compares the user part of the URI alone",
  NUMBER_TOO_LONG: "no telephone number has more than 15 digits",
  SEVERAL_NUMBERS_IN_ONE: "each number needs an entry of its own",
  NUMBER_WITH_INVISIBLE_CHARACTER: "it has a space at an end or a character that no carrier sends",
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
): Finding[] {
  const own = trunkIds.flatMap((trunkId) => byId.get(trunkId) ?? []);
  const onTrunk = (number: string) =>
    own.some(({ called, callers }) => called.has(normalizeNumber(number)) || callers.has(normalizeNumber(number)));
  const plain = [...calledNumbers, ...callerNumbers].filter((number) => numberProblem(number) === undefined);
  const spaced = plain.find((number) => /\d.*[\s()-]/.test(number));
  const bare = plain.find((number) => /^[1-9]\d{8,}$/.test(number) && !onTrunk(number));
  return [
    ...(spaced === undefined
      ? []
      : [
          finding(
            "SPACED_RULE_NUMBER",
            [id],
            `The rule lists ${inQuotes(spaced)}: carriers send neither spaces nor hyphens, and rules compare character by character.`,
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
