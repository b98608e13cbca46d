import type { dynamic } from "@pulumi/pulumi";
import { excessOf, LIMITS, own } from "@trunkline/contract";
import type { z } from "zod";
import { saysTheSame } from "./marks.ts";
import { type Plain, samePlain } from "./plain.ts";
import { containsUnknown } from "./unknown.ts";

/** One schema for each input. They fill in defaults and bring values into one form, so that equal things compare equal. */
export type Fields = Readonly<Record<string, z.ZodType>>;

export interface Checked {
  inputs: Plain;
  failures: dynamic.CheckFailure[];
}

/** Each input brought into its one form. Values that are not known yet pass as they are; keys that are no input are dropped. */
export function checkFields(fields: Fields, news: Plain): Checked {
  const checked = Object.entries(fields).map(([name, schema]) => checkField(name, schema, own(news, name)));
  const inputs = checked.map(({ name, value }) => [name, value]);
  return { inputs: Object.fromEntries(inputs), failures: checked.flatMap(({ failures }) => failures) };
}

function checkField(name: string, schema: z.ZodType, value: unknown) {
  const tooMuch = excessOf({ [name]: value }, LIMITS.input);
  if (tooMuch.length > 0)
    return {
      name,
      value: undefined,
      failures: tooMuch.map(({ path, problem }) => ({ property: path, reason: problem })),
    };
  const result = containsUnknown(value) ? undefined : schema.safeParse(value);
  const failures = (result?.error?.issues ?? []).map((issue) => ({
    property: [name, ...issue.path.map(String)].join("."),
    reason: issue.message,
  }));
  return { name, value: result?.success ? result.data : value, failures };
}

/** The inputs that differ between a state and new inputs. Unknown counts as different. */
export function changedFields(fields: Fields, state: Plain, news: Plain): string[] {
  const names = Object.keys(fields);
  return names.filter(
    (name) => containsUnknown(own(news, name)) || !sameField(fields, name, own(state, name), own(news, name)),
  );
}

/** A live object's fields in the words of its state where these mean the same: what only a newer version writes is no drift. */
export function inWordsOf<I extends object>(state: object, fields: Fields, live: I): I {
  const before = state as Plain;
  const word = ([name, value]: [string, unknown]) => [
    name,
    Object.hasOwn(fields, name) && sameField(fields, name, own(before, name), value) ? own(before, name) : value,
  ];
  return Object.fromEntries(Object.entries(live).map(word)) as I;
}

/** A state of an earlier version lacks the fields that came later (they were as their defaults are), and names its owner without an id. */
function sameField(fields: Fields, name: string, before: unknown, now: unknown): boolean {
  if (samePlain(before, now) || (name === "owner" && saysTheSame(before, now))) return true;
  return before === undefined && samePlain(own(fields, name)?.safeParse(undefined).data, now);
}
