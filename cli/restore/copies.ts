import { SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "livekit-server-sdk";
import { z } from "zod";
import { shown } from "../../providers/text/foreign.ts";
import { CliError } from "../errors.ts";
import { isTooDeep, TOO_DEEP } from "../input-file.ts";
import { readJson } from "../livekit/project-file.ts";

export interface TrunkCopy {
  id: string;
  object: SIPInboundTrunkInfo;
}

export interface RuleCopy {
  id: string;
  object: SIPDispatchRuleInfo;
}

/** What LegacySipCleanup removed, with the ids it had. */
export interface Copies {
  trunks: TrunkCopy[];
  rules: RuleCopy[];
}

const object = z.record(z.string(), z.unknown());
const copies = z.array(
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("inboundTrunk"), id: z.string().startsWith("ST_"), object }),
    z.object({ kind: z.literal("dispatchRule"), id: z.string().startsWith("SDR_"), object }),
  ]),
);

/**
 * Only the copies with these ids; all of them when none is given.
 * @throws CliError USAGE when one of them is not there.
 */
export function selectCopies({ trunks, rules }: Copies, ids: string[]): Copies {
  if (ids.length === 0) return { trunks, rules };
  const known = [...trunks, ...rules].map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0)
    throw new CliError(
      "USAGE",
      `--only: no copy of ${shown(unknown.join(", "))}`,
      `The file has: ${shown(known.join(", "))}.`,
    );
  return { trunks: trunks.filter(({ id }) => ids.includes(id)), rules: rules.filter(({ id }) => ids.includes(id)) };
}

/** `pulumi stack export --show-secrets` wraps a secret like this. */
const plaintext = z.object({ plaintext: z.string() });
const stackExport = z.object({
  deployment: z.object({ resources: z.array(z.object({ outputs: z.record(z.string(), z.unknown()).optional() })) }),
});

type Json = Parameters<typeof SIPInboundTrunkInfo.fromJson>[0];

/**
 * Reads the copies of removed objects: the list itself (`[{ id, kind, object }]`), an object with it under `copies`, or a
 * whole `pulumi stack export --show-secrets`.
 * @throws CliError BAD_FILE
 */
export function readCopies(path: string): Copies {
  const result = copies.safeParse(listIn(readJson(path)));
  if (!result.success) throw badCopies(path, z.prettifyError(result.error).replaceAll("\n", " "));
  if (result.data.length === 0) throw badCopies(path, "the list is empty");
  try {
    return {
      trunks: result.data.flatMap(({ kind, id, object }) =>
        kind === "inboundTrunk" ? [{ id, object: SIPInboundTrunkInfo.fromJson(object as Json, LENIENT) }] : [],
      ),
      rules: result.data.flatMap(({ kind, id, object }) =>
        kind === "dispatchRule" ? [{ id, object: SIPDispatchRuleInfo.fromJson(object as Json, LENIENT) }] : [],
      ),
    };
  } catch (error) {
    throw badCopies(path, error instanceof Error ? error.message : String(error));
  }
}

const LENIENT = { ignoreUnknownFields: true } as const;

function listIn(found: unknown): unknown {
  const exported = stackExport.safeParse(found);
  if (exported.success) return exported.data.deployment.resources.flatMap(({ outputs }) => copiesOf(outputs?.copies));
  return typeof found === "object" && found !== null && "copies" in found ? found.copies : found;
}

function copiesOf(output: unknown): unknown[] {
  const secret = plaintext.safeParse(output);
  const value: unknown = secret.success ? parsed(secret.data.plaintext) : output;
  if (value === undefined || value === null) return [];
  // Neither a list nor readable: left in, so that the check names it.
  return Array.isArray(value) ? value : [value];
}

/** What is no JSON is left as it is, so that the check names it. */
function parsed(text: string): unknown {
  if (isTooDeep(text)) return TOO_DEEP;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function badCopies(path: string, reason: string): CliError {
  return new CliError(
    "BAD_FILE",
    `${shown(path)} holds no copies of removed objects (${shown(reason)})`,
    "Give the file that the removal wrote, or: pulumi stack export --show-secrets --file copies.json",
  );
}
