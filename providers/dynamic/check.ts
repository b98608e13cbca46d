import type { dynamic } from "@pulumi/pulumi";
import type { z } from "zod";
import { type Plain, samePlain } from "./plain.ts";
import type { Fields } from "./resource.ts";
import { containsUnknown } from "./unknown.ts";

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
  return Object.keys(fields).filter((name) => containsUnknown(news[name]) || !samePlain(state[name], news[name]));
}
