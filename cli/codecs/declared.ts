import { z } from "zod";
import { cannotRun, type Pulumi } from "../drift/pulumi.ts";
import { CliError } from "../errors.ts";
import type { MediaRules } from "./media-rules.ts";

const rules = z.object({
  codecs: z.array(z.string()),
  onlyListedCodecs: z.boolean(),
  mediaEncryption: z.string(),
});
const schema = z.object({
  deployment: z.object({
    resources: z.array(z.object({ type: z.string(), outputs: z.record(z.string(), z.unknown()).default({}) })),
  }),
});

/** The media rules of a stack's trunks; undefined where it has no such trunk. */
export interface DeclaredRules {
  outbound: MediaRules | undefined;
  inbound: MediaRules | undefined;
}

/**
 * What the stack has declared, from its state: nothing live is asked, no secret is read.
 * @throws CliError WRONG_STACK, CANNOT_LOOK
 */
export async function declaredRules(stack: string, pulumi: Pulumi): Promise<DeclaredRules> {
  const run = await pulumi.run("stack", "export");
  if (run.code !== 0) throw cannotRun(stack, { ...run, stdout: "" });
  const found = rulesOfState(run.stdout);
  if (found?.outbound ?? found?.inbound) return found as DeclaredRules;
  throw new CliError(
    "CANNOT_LOOK",
    `the state of ${stack} has no SIP trunk`,
    "Deploy it first (`pulumi up`), or leave --stack out to check LiveKit's own codecs.",
  );
}

/** Undefined when it is no export. */
export function rulesOfState(text: string): DeclaredRules | undefined {
  const state = schema.safeParse(jsonOf(text));
  if (!state.success) return undefined;
  const of = (type: RegExp) => {
    const resource = state.data.deployment.resources.find((each) => type.test(each.type));
    const found = rules.safeParse(resource?.outputs);
    return found.success ? found.data : undefined;
  };
  return { outbound: of(/SipOutboundTrunk$/), inbound: of(/SipInboundTrunk$/) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
