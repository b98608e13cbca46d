import type { dynamic } from "@pulumi/pulumi";
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
  const checked: Checked = { inputs: {}, failures: [] };
  for (const [name, schema] of Object.entries(fields)) checkField(name, schema, news[name], checked);
  return checked;
}

function checkField(name: string, schema: z.ZodType, value: unknown, into: Checked): void {
  if (containsUnknown(value)) {
    into.inputs[name] = value;
    return;
  }
  const result = schema.safeParse(value);
  into.inputs[name] = result.success ? result.data : value;
  if (result.success) return;
  for (const issue of result.error.issues) {
    into.failures.push({ property: [name, ...issue.path.map(String)].join("."), reason: issue.message });
  }
}

/** The inputs that differ between a state and new inputs. Unknown counts as different. */
export function changedFields(fields: Fields, state: Plain, news: Plain): string[] {
  const names = Object.keys(fields);
  return names.filter((name) => containsUnknown(news[name]) || !sameField(fields, name, state[name], news[name]));
}

/** A live object's fields in the words of its state where these mean the same: what only a newer version writes is no drift. */
export function inWordsOf<I extends object>(state: object, fields: Fields, live: I): I {
  const before = state as Plain;
  const word = ([name, value]: [string, unknown]) => [
    name,
    name in fields && sameField(fields, name, before[name], value) ? before[name] : value,
  ];
  return Object.fromEntries(Object.entries(live).map(word)) as I;
}

/** A state of an earlier version lacks the fields that came later (they were as their defaults are), and names its owner without an id. */
function sameField(fields: Fields, name: string, before: unknown, now: unknown): boolean {
  if (samePlain(before, now) || (name === "owner" && saysTheSame(before, now))) return true;
  return before === undefined && samePlain(fields[name]?.safeParse(undefined).data, now);
}
