import { exitCodeOf, readNumber, strayNationalPrefix, toE164 } from "@trunkline/contract";
import type { NumberPlans } from "../../providers/livekit/routing/index.ts";
import { plainNumber } from "./comparable.ts";

/**
 * What the numbering plans say of the numbers in a project's lists.
 * @param called the numbers that its trunks serve: where all that can be read are of one country, national numbers beside them are, too
 */
export function numberPlansOf(called: readonly string[]): NumberPlans {
  let home: { country: string | undefined } | undefined;
  const countryOfAll = () => {
    home ??= { country: onlyCountryOf(called) };
    return home.country;
  };
  return {
    toE164: (text) => {
      const plain = plainNumber(text);
      const code = exitCodeOf(plain);
      if (code !== undefined) return toE164(`+${digitsOf(plain).slice(code.length)}`);
      return plain.startsWith("+") ? toE164(plain) : (toE164(plain) ?? known(plain, countryOfAll()));
    },
    strayPrefix: (text) => strayNationalPrefix(PLAIN.test(text) ? text : withSign(plainNumber(text))),
    exitCode: (text) => (BEGINS_WITH_EXIT_CODE.test(text) ? exitCodeOf(plainNumber(text)) : undefined),
  };
}

/** Most are: nothing has to be taken out of them. */
const PLAIN = /^\+\d+$/;
const BEGINS_WITH_EXIT_CODE = /^\D*(?:0|810)/;

/** A number that the plan of its country has. */
function known(text: string, country: string | undefined): string | undefined {
  const number = country === undefined ? undefined : readNumber(text, country);
  return number?.type === undefined ? undefined : number.e164;
}

function onlyCountryOf(numbers: readonly string[]): string | undefined {
  const read = numbers.filter((number) => number.startsWith("+")).map((number) => readNumber(number)?.country);
  const countries = new Set(read.filter((country) => country !== undefined));
  return countries.size === 1 ? [...countries][0] : undefined;
}

/** LiveKit ignores the sign on trunks. A text with fewer digits may be a national number. */
function withSign(text: string): string {
  return /^[1-9]/.test(text) && digitsOf(text).length >= SHORTEST_WITHOUT_SIGN ? `+${text}` : text;
}
const SHORTEST_WITHOUT_SIGN = 12;

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, "");
}
