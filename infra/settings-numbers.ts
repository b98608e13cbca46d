import { comparableNumber, isCountry, readNumber, toE164 } from "@trunkline/contract";

type Values = Readonly<Record<string, unknown>>;

/** Settings that hold telephone numbers, wherever they stand: one of them, a list, or numbers as keys. */
const TEXTS: ReadonlySet<string> = new Set(["callerId"]);
const LISTS: ReadonlySet<string> = new Set(["presentedNumbers", "allowedTargets", "calledNumbers"]);
const MAPS: ReadonlySet<string> = new Set(["callFlows", "numbers", "adoptNumbers", "phoneNumbers"]);

/** The declared country, or that of the first presented number that is written with its country code. */
export function countryOf({ country, presentedNumbers }: Values): string | undefined {
  if (country !== undefined) return typeof country === "string" && isCountry(country) ? country : undefined;
  const numbers = Array.isArray(presentedNumbers) ? presentedNumbers : [];
  return numbers.flatMap((number) => (typeof number === "string" && readNumber(number)?.country) || [])[0];
}

/** The settings with each number in its one form; what is not a number stays as it is, for the schema to refuse. */
export function internationalNumbers(values: Values): Record<string, unknown> {
  const country = countryOf(values);
  const written = (text: unknown) => (typeof text === "string" ? (toE164(text, country) ?? text) : text);
  const entries = Object.entries(values).map(([name, value]) => [name, rewritten(name, value, written)]);
  return { ...Object.fromEntries(entries), ...(country !== undefined && { country }) };
}

/** Numbers that stand twice among the keys of a setting, in two spellings. */
export function doubledNumbers(values: Values): string[] {
  const country = countryOf(values);
  return mapsIn(values).flatMap(({ name, keys }) => {
    const doubled = keys.filter((key, index) => keys.findIndex((other) => isSame(other, key, country)) < index);
    return doubled.map((key) => `${name}: "${key}" is given twice`);
  });
}

/** The settings with numbers as keys, with their full names. */
function mapsIn(values: Values, place = ""): { name: string; keys: string[] }[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (!isMap(value)) return [];
    return MAPS.has(name) ? [{ name: place + name, keys: Object.keys(value) }] : mapsIn(value, `${place}${name}.`);
  });
}

function isSame(one: string, other: string, country: string | undefined): boolean {
  return comparableNumber(one, country) === comparableNumber(other, country);
}

/** What is not a number, such as a pattern of Jambonz, stays. */
function rewritten(name: string, value: unknown, written: (text: unknown) => unknown): unknown {
  if (TEXTS.has(name)) return written(value);
  if (LISTS.has(name) && Array.isArray(value)) return value.map(written);
  if (name === "fallback" && typeof value === "string" && value.startsWith("dial:"))
    return `dial:${String(written(value.slice("dial:".length)))}`;
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(([key, one]): [string, unknown] =>
    MAPS.has(name) ? [String(written(key)), one] : [key, rewritten(key, one, written)],
  );
  return Object.fromEntries(entries);
}

function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
