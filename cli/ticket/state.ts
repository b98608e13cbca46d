import { z } from "zod";
import { unexpectedState } from "../drift/exported-state.ts";
import { cannotRun, type Pulumi } from "../drift/pulumi.ts";
import { secretsOfState } from "./secrets.ts";

const schema = z.object({
  deployment: z.object({
    resources: z
      .array(z.object({ type: z.string(), outputs: z.record(z.string(), z.unknown()).default({}) }))
      .default([]),
  }),
});

/** What a ticket needs of a stack's state. The secrets are for leaving them out. */
export interface StackState {
  outputs: Record<string, unknown>;
  secrets: string[];
}

/**
 * The state is read with its secrets, kept in memory, and nothing of it is written anywhere.
 * @throws CliError WRONG_STACK, CANNOT_LOOK
 */
export async function readState(stack: string, pulumi: Pulumi): Promise<StackState> {
  const run = await pulumi.run("stack", "export", "--show-secrets");
  // Half an export would have secrets in it.
  if (run.code !== 0) throw cannotRun(stack, { ...run, stdout: "" });
  const state = parseState(run.stdout);
  if (state === undefined) throw unexpectedState(stack);
  return state;
}

/** Undefined when it is no export. What is wrong with it is not told: a parser's message quotes the text. */
export function parseState(text: string): StackState | undefined {
  const exported = jsonOf(text);
  const state = schema.safeParse(exported);
  if (!state.success) return undefined;
  const { resources } = state.data.deployment;
  const outputs = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  return { outputs, secrets: secretsOfState(exported) };
}

const secretOutput = z.object({ plaintext: z.string() });

/** An output as it is, also one that is exported as a secret; undefined where what is exported is no JSON. */
export function plainOutput(output: unknown): unknown {
  const secret = secretOutput.safeParse(output);
  return secret.success ? jsonOf(secret.data.plaintext) : output;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
