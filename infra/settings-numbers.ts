import { isCountry, readNumber, toE164 } from "@trunkline/contract";

type Values = Readonly<Record<string, unknown>>;

/** Settings that hold telephone numbers: a list of them, or numbers as keys. */
const LISTS = ["presentedNumbers", "allowedTargets"] as const;
const MAPS = ["callFlows"] as const;

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
  const { numbers } = Object(values.agent) as Values;
  const maps = [...MAPS.map((name) => [name, values[name]] as const), ["agent.numbers", numbers] as const];
  return maps.flatMap(([name, map]) => {
    const keys = Object.keys(Object(map) as object);
    const doubled = keys.filter((key, index) => keys.findIndex((other) => isSame(other, key, country)) < index);
    return doubled.map((key) => `${name}: "${key}" is given twice`);
  });
}

function isSame(one: string, other: string, country: string | undefined): boolean {
  return (toE164(one, country) ?? one) === (toE164(other, country) ?? other);
}

function rewritten(name: string, value: unknown, written: (text: unknown) => unknown): unknown {
  if (LISTS.some((list) => list === name) && Array.isArray(value)) return value.map(written);
  if (MAPS.some((map) => map === name) && isMap(value))
    return Object.fromEntries(Object.entries(value).map(([number, entry]) => [written(number), entry]));
  if (name === "fallback" && typeof value === "string" && value.startsWith("dial:"))
    return `dial:${String(written(value.slice("dial:".length)))}`;
  if (name === "agent" && isMap(value) && isMap(value.numbers))
    return { ...value, numbers: rewritten("callFlows", value.numbers, written) };
  if (name === "jambonz" && isMap(value)) return withCalledNumbers(value, written);
  return value;
}

function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Called numbers may be patterns of Jambonz, which are not numbers and stay. */
function withCalledNumbers(jambonz: object, written: (text: unknown) => unknown): object {
  const { calledNumbers } = jambonz as { calledNumbers?: unknown };
  return Array.isArray(calledNumbers) ? { ...jambonz, calledNumbers: calledNumbers.map(written) } : jambonz;
}
