import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { withoutPulumiFlags } from "@trunkline/contract";
import { z } from "zod";
import { markSchema, stackIdOf } from "./marks.ts";

const EXPORT_LIMIT_MS = 10_000;
const LONGEST_STATE = 64 * 1_048_576;

const resource = z.object({ type: z.string(), outputs: z.unknown().optional() });
const read = {
  outputs: z.object({ outputs: z.record(z.string(), z.unknown()) }),
  resources: z.object({ outputs: z.record(z.string(), resource) }),
  exported: z.object({ deployment: z.object({ resources: z.array(resource).default([]) }) }),
};
const guard = z.looseObject({ owner: markSchema });

/**
 * The identity that the state of the running stack has: a guard that is replaced is checked without its old inputs (replacement.ts), and
 * what is previewed after it has to know whose objects are live. Undefined: there is no guard in the state, or it cannot be asked for.
 * @param type the guard's
 */
export async function identityInState(type: string): Promise<string | undefined> {
  try {
    const stack = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
    const found = (await resourcesOf(stack)).find((each) => each.type === type);
    return stackIdOf(guard.parse(found?.outputs).owner);
  } catch {
    return undefined;
  }
}

/**
 * Asked of the engine, unless the stack has no outputs: it may never have been up, and asked for the resources of such a stack the engine
 * ends with a null pointer (3.250.0, backend.GetStackResourceOutputs).
 */
async function resourcesOf(stack: string): Promise<z.output<typeof resource>[]> {
  const { outputs } = read.outputs.parse(
    await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: stack }),
  );
  if (Object.keys(outputs).length === 0) return exported(stack);
  const all = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: stack });
  return Object.values(read.resources.parse(all).outputs);
}

/** What is secret in it stays encrypted. */
async function exported(stack: string): Promise<z.output<typeof resource>[]> {
  const { stdout } = await promisify(execFile)("pulumi", ["stack", "export", "--stack", stack, "--non-interactive"], {
    env: withoutPulumiFlags(process.env),
    timeout: EXPORT_LIMIT_MS,
    maxBuffer: LONGEST_STATE,
  });
  return read.exported.parse(JSON.parse(stdout)).deployment.resources;
}
