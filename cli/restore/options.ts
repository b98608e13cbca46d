import { userPath } from "../caller-folder.ts";
import { parseOptions, usage } from "../options.ts";

export interface RestoreOptions {
  file: string;
  /** Ids to restore; empty: all. */
  only: string[];
  isConfirmed: boolean;
  json: boolean;
}

export const RESTORE_HELP = `Usage: npx --no-install trunkline restore FILE [--only ID]… [--yes] [--json]
Re-creates the inbound trunks and dispatch rules which a stack removed as legacy, from the copies it kept. Their ids are new
(ids cannot be chosen); the rules that point to them are rewritten. What is there already is left as it is.
  FILE      the copies: .trunkline/legacy-<project>-<stack>.json, which the removal wrote, or the whole state:
            pulumi stack export --show-secrets --file copies.json
  --only ID only what had this id; may be given several times (default: all copies in the file)
  --yes     do it; without, what would be done is shown and nothing is changed
  --json    JSON instead of text
The project: LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET.
Exit code: 0 everything is there, 1 not (without --yes: there is something to do).`;

/** @throws CliError USAGE */
export function parseRestoreOptions(args: string[]): RestoreOptions {
  const options = {
    yes: { type: "boolean" },
    json: { type: "boolean" },
    only: { type: "string", multiple: true },
  } as const;
  const { values, positionals } = parseOptions(args, options, RESTORE_HELP, true);
  const [file, ...more] = positionals;
  if (file === undefined) throw usage("the file of copies is missing", RESTORE_HELP);
  if (more.length > 0) throw usage(`"${more[0]}" is one argument too many`, RESTORE_HELP);
  return {
    file: userPath(file),
    only: values.only ?? [],
    isConfirmed: values.yes ?? false,
    json: values.json ?? false,
  };
}
