import { own } from "@trunkline/contract";
import { badRequest, type Row } from "./answer.ts";

const TIMEOUT_MS = 5_000;

interface Variable {
  type: "string" | "number" | "boolean";
  required?: boolean;
  enum?: unknown[];
}

/**
 * env_vars against the schema that the application itself serves on OPTIONS of its call hook; without one everything
 * goes. Of several problems only the last is told (read: api-server lib/utils/appenv_utils.js).
 */
export async function checkEnvVars(given: unknown, callHookUrl: unknown): Promise<void> {
  if (!given) return;
  const schema = await fetchSchema(String(callHookUrl));
  const values = given as Row;
  const variables = Object.entries(schema);
  const missing = variables
    .filter(([name, { required }]) => required && !Object.hasOwn(values, name))
    .map(([name]) => name);
  const wrong = Object.entries(values).flatMap(([name, value]) => {
    const variable = own(schema, name);
    return variable && !fits(variable, value) ? [name] : [];
  });
  const problem = wrong.at(-1)
    ? `Invalid value/type for env_vars.${wrong.at(-1)}`
    : missing.at(-1) && `Missing required value env_vars.${missing.at(-1)}`;
  if (problem) throw badRequest(problem);
}

async function fetchSchema(url: string): Promise<Record<string, Variable>> {
  try {
    const options = { method: "OPTIONS", signal: AbortSignal.timeout(TIMEOUT_MS) };
    const response = await fetch(url.replace(/^ws/i, "http"), options);
    return response.ok ? ((await response.json()) as Record<string, Variable>) : {};
  } catch {
    return {};
  }
}

function fits({ type, enum: allowed }: Variable, value: unknown): boolean {
  return typeof value === type && (allowed === undefined || allowed.includes(value));
}
