import fc from "fast-check";
import { Metadata } from "libphonenumber-js/core";
import { type CountryCode, getCountries, parsePhoneNumberFromString } from "libphonenumber-js/max";
import metadata from "libphonenumber-js/metadata.max.json";

/** What the library knows of a country and its types leave out: the pattern of each kind of number. */
interface Plan {
  callingCode(): string;
  nationalPrefix(): string | undefined;
  type(kind: string): { pattern(): string | undefined } | undefined;
}
const Plans = Metadata as unknown as new (
  json: unknown,
) => { selectNumberingPlan(country: CountryCode): void; numberingPlan: Plan };

/** A number that belongs to a kind by the metadata of libphonenumber. */
export interface PlannedNumber {
  country: CountryCode;
  callingCode: string;
  /** Without a national prefix. */
  national: string;
  nationalPrefix: string;
}

const ALL = getCountries().map((country) => ({ country, plan: planOf(country) }));

function planOf(country: CountryCode): Plan {
  const plans = new Plans(metadata);
  plans.selectNumberingPlan(country);
  return plans.numberingPlan;
}

/** Any number of these kinds, of any country that has them. */
export function numbersOf(kinds: readonly string[]): fc.Arbitrary<PlannedNumber> {
  const each = ALL.flatMap(({ country, plan }) =>
    kinds.flatMap((kind) => {
      const pattern = plan.type(kind)?.pattern();
      return pattern ? [{ country, plan, pattern }] : [];
    }),
  );
  return fc.constantFrom(...each).chain(({ country, plan, pattern }) =>
    fc.stringMatching(new RegExp(`^(?:${pattern})$`)).map((national) => ({
      country,
      callingCode: plan.callingCode(),
      national,
      nationalPrefix: plan.nationalPrefix() ?? "",
    })),
  );
}

/** How people, carriers and models write a number, and how somebody would who wants it dialled. */
export const SPELLINGS: readonly ((number: PlannedNumber) => string)[] = [
  ({ callingCode, national }) => `+${callingCode}${national}`,
  ({ callingCode, national }) => `00${callingCode}${national}`,
  ({ callingCode, national }) => `+${callingCode} ${national.match(/..?/g)?.join(" ")}`,
  ({ callingCode, national }) =>
    `+${callingCode}-${national.slice(0, 2)}-(${national.slice(2, 4)})/${national.slice(4)}`,
  ({ callingCode, national }) => `+${callingCode} (0)${national}`,
  withPrefix,
  ({ callingCode, national }) => `\uff0b${fullWidth(callingCode + national)}`,
  ({ callingCode, national }) => `+${callingCode}\u200b${[...national].join("\u200d")}`,
];

/** As `+49 0900…`; without the prefix where it makes an ordinary number of it, as a 0 does in Italy. */
function withPrefix({ callingCode, national, nationalPrefix }: PlannedNumber): string {
  const spelling = `+${callingCode}${nationalPrefix}${national}`;
  const isAnother = parsePhoneNumberFromString(spelling)?.nationalNumber === `${nationalPrefix}${national}`;
  return isAnother ? `+${callingCode}${national}` : spelling;
}

function fullWidth(digits: string): string {
  return [...digits].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join("");
}
