import { requireStack } from "../drift/options.ts";
import { parseOptions, usage } from "../options.ts";
import { ROWS } from "./rows.ts";

export interface CodecOptions {
  json: boolean;
  /** Check with what this stack declares; undefined: with LiveKit's own codecs. */
  stack: string | undefined;
  /** Names of the rows to check; empty: all. */
  only: string[];
}

export const CODECS_HELP = `Usage: npx --no-install trunkline codecs [options]
Calls livekit-sip with every kind of audio offer that carriers make, directly and through the Jambonz stand-in, and measures what
comes of it: status, chosen codec, keys (DTMF), audio both ways, its pace. On servers of its own: no account, no live stack is touched.
  --stack STACK   with the codecs that this stack declares on its trunks; the environment is that of \`trunkline drift\`
  --only ROW      only this row, by its name in the table; may be given several times
  --json          JSON instead of a table
Exit code: 0 every row is as known, 1 one is not, or it could not be checked.`;

const OPTIONS = {
  json: { type: "boolean" },
  stack: { type: "string" },
  only: { type: "string", multiple: true },
} as const;

/** @throws CliError USAGE */
export function parseCodecOptions(args: string[]): CodecOptions {
  const { values } = parseOptions(args, OPTIONS, CODECS_HELP);
  const only = values.only ?? [];
  const unknown = only.find((name) => !ROWS.some((row) => row.name === name));
  if (unknown !== undefined)
    throw usage(
      `--only is "${unknown}", which is no row: one of ${ROWS.map(({ name }) => name).join(", ")}`,
      CODECS_HELP,
    );
  const stack = values.stack === undefined ? undefined : requireStack(values.stack, CODECS_HELP);
  return { json: values.json ?? false, stack, only };
}
