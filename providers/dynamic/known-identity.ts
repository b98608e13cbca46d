import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { markSchema, stackIdOf } from "./marks.ts";

const read = {
  outputs: z.object({ outputs: z.record(z.string(), z.unknown()) }),
  resources: z.object({ outputs: z.record(z.string(), z.object({ type: z.string(), outputs: z.unknown() })) }),
};
const guard = z.looseObject({ owner: markSchema });

/**
 * The identity that the state of the running stack has, asked of the engine: a guard that is replaced is checked without its old inputs
 * (replacement.ts), and what is previewed after it has to know whose objects are live. Undefined: there is no guard in the state, or it
 * cannot be asked for.
 * @param type the guard's
 */
export async function identityInState(type: string): Promise<string | undefined> {
  try {
    const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
    // The resources of a stack that was never up end the engine with a null pointer (3.250.0, backend.GetStackResourceOutputs).
    const { outputs } = read.outputs.parse(await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name }));
    if (Object.keys(outputs).length === 0) return undefined;
    const all = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: name });
    const found = Object.values(read.resources.parse(all).outputs).find((each) => each.type === type);
    return stackIdOf(guard.parse(found?.outputs).owner);
  } catch {
    return undefined;
  }
}
