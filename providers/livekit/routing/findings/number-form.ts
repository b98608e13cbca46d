import type { FindingCode } from "./catalogue.ts";
import type { NumberPlans } from "./survey.ts";

type NumberProblem = Extract<
  FindingCode,
  | "NUMBER_IS_A_PREFIX"
  | "NUMBER_IS_A_PATTERN"
  | "NUMBER_WITHOUT_COUNTRY"
  | "NUMBER_WITH_00"
  | "NUMBER_PLUS_ZERO"
  | "NUMBER_WITH_TRUNK_ZERO"
  | "NUMBER_WITH_LETTERS"
  | "NUMBER_WITH_OTHER_CHARACTERS"
  | "NUMBER_IS_EMPTY"
  | "NUMBER_IS_A_URI"
  | "NUMBER_TOO_LONG"
  | "SEVERAL_NUMBERS_IN_ONE"
  | "NUMBER_WITH_INVISIBLE_CHARACTER"
  | "PLACEHOLDER_VALUE"
>;

/** From the most certain to the least; the first that fits is told. A text without digits is a SIP user, such as `office`. Spaces at an end of what LiveKit reads as a number it leaves out. */
const PROBLEMS: readonly [NumberProblem, (text: string, digits: string, plans: NumberPlans) => boolean][] = [
  ["NUMBER_IS_EMPTY", (text) => text === ""],
  ["NUMBER_WITH_INVISIBLE_CHARACTER", (text) => (/^ | $/.test(text) && !NORMALIZED.test(text)) || INVISIBLE.test(text)],
  ["PLACEHOLDER_VALUE", isPlaceholder],
  ["NUMBER_IS_A_URI", (text) => /^(sips?|tel):|@|;[a-z-]+(=|;|$)/i.test(text)],
  ["SEVERAL_NUMBERS_IN_ONE", (text, digits) => /[,;|]|\d\s*\+/.test(text) && digits.length > 6],
  ["NUMBER_IS_A_PATTERN", (text) => /[*?[\]^$\\{}#%]|x{2,}|^(any|all|every(one|body)?)$/i.test(text)],
  ["NUMBER_WITH_LETTERS", (text) => /^\+?\d[\d\s()-]*[a-z]/i.test(text) || /^\+.*[a-z]/i.test(text)],
  ["NUMBER_PLUS_ZERO", (text) => /^\+[\s(-]*0/.test(text)],
  [
    "NUMBER_WITH_OTHER_CHARACTERS",
    (text) => isNoUserName(text) && !NORMALIZED.test(text) && text.replaceAll(/\P{Nd}/gu, "").length >= SHORTEST,
  ],
  ["NUMBER_WITH_TRUNK_ZERO", hasTrunkPrefix],
  [
    "NUMBER_WITH_00",
    (text, digits, plans) => (/^\(?00/.test(text) && digits.length > 6) || plans.exitCode(text) !== undefined,
  ],
  ["NUMBER_WITHOUT_COUNTRY", (text, digits) => /^\(?0/.test(text) && digits.length > 4],
  ["NUMBER_TOO_LONG", (_, digits) => digits.length > LONGEST],
  ["NUMBER_IS_A_PREFIX", (text, digits) => text.startsWith("+") && digits.length < SHORTEST],
];

/** What no screen shows, or shows as a space. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u;

/** What LiveKit reads as a number (livekit protocol, NormalizeNumber). */
const NORMALIZED = /^\+?[\d\- ()]+$/;

/** Nothing else that may stand there has as many digits and no letters. */
function isNoUserName(text: string): boolean {
  return !/\p{L}/u.test(text.replace(/^e\.?164:/i, ""));
}

/** Digits of an international number (ITU-T E.164); the shortest that are in use have seven. */
const SHORTEST = 7;
const LONGEST = 15;

const NO_PLANS: NumberPlans = { toE164: () => undefined, strayPrefix: () => undefined, exitCode: () => undefined };

/** What is wrong with the spelling of a number in a list of LiveKit's; undefined: nothing that is known. */
export function numberProblem(text: string, plans: NumberPlans = NO_PLANS): NumberProblem | undefined {
  const digits = text.replaceAll(/\D/g, "");
  return PROBLEMS.find(([, applies]) => applies(text, digits, plans))?.[0];
}

/** `(0)` is one by itself, unless the plan says that the 0 belongs to the number, as Italy's does. */
function hasTrunkPrefix(text: string, digits: string, plans: NumberPlans): boolean {
  if (/\(\s*0\s*\)/.test(text)) return plans.toE164(text) !== `+${digits}`;
  return plans.strayPrefix(text) !== undefined;
}

/** `<username>`, `YOUR_PASSWORD`, `xxxxx`: left over from documentation. */
export function isPlaceholder(text: string): boolean {
  return /^<.*>$|^\{\{.*\}\}$|^\$\{.*\}$|\byour[-_ ]|^(x{4,}|changeme|replace[-_ ]me|todo)$/i.test(text);
}
