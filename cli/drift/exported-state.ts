import { z } from "zod";
import { looseJson } from "../../contract/outgoing/index.ts";
import { type Mark, markSchema } from "../../providers/dynamic/marks.ts";
import { CliError } from "../errors.ts";
import { cannotRun, type Pulumi } from "./pulumi.ts";

const exported = z.object({
  deployment: z.object({
    resources: z
      .array(z.looseObject({ type: z.string(), id: z.string().default(""), outputs: z.looseObject({}).default({}) }))
      .default([]),
  }),
});

/** What a stack's state says about the stack itself. */
export interface ExportedState {
  /** Ids of everything in it. */
  ids: ReadonlySet<string>;
  /** The guard's outputs: they keep the identity through a replacement, which its inputs do not. */
  guard: Readonly<Record<string, unknown>>;
  /** The identity of the stack; undefined before its first `up`, and after `destroy`. */
  owner: Mark | undefined;
}

/** Nothing of it is quoted: a state has secrets in it. */
export function unexpectedState(stack: string): CliError {
  return new CliError("CANNOT_LOOK", `the state of ${stack} is of another form than expected`, "Nothing was changed.");
}

/** @throws CliError WRONG_STACK, CANNOT_LOOK */
export async function exportedState(stack: string, pulumi: Pulumi): Promise<ExportedState> {
  const run = await pulumi.run("stack", "export");
  // What it has printed until it failed may be half a state.
  if (run.code !== 0) throw cannotRun(stack, { ...run, stdout: "" });
  const state = exported.safeParse(looseJson(run.stdout));
  if (!state.success) throw unexpectedState(stack);
  const { resources } = state.data.deployment;
  const guard = resources.find(({ type }) => type.endsWith(":SipRouting"))?.outputs ?? {};
  return { ids: new Set(resources.map(({ id }) => id)), guard, owner: markSchema.safeParse(guard.owner).data };
}
