import { userPath } from "../caller-folder.ts";
import { STANDARD_INPUT } from "./sources.ts";

/** `--file`, repeatable, and what goes with it; the same for every command that reads a project. */
export const FILE_OPTIONS = {
  file: { type: "string", multiple: true },
  host: { type: "string" },
} as const;

export const FILE_HELP = `  --file FILE            read this instead of the live project; repeatable; a folder's JSON files, or - for standard input.
                         An export, lk sip inbound|outbound|dispatch list --json, or files for lk sip … create
  --host HOST            the host of the project that the files are of, such as my-project.livekit.cloud (lists of lk do not say it)`;

export interface FileOptions {
  /** Undefined: the live project. */
  files: string[] | undefined;
  /** Of the files' project, when they do not say it. */
  host: string | undefined;
}

export function fileOptions({ file, host }: { file?: string[] | undefined; host?: string | undefined }): FileOptions {
  return { files: file?.map((path) => (path === STANDARD_INPUT ? path : userPath(path))), host };
}
