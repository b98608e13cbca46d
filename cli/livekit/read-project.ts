import type { CommandIO } from "../output/io.ts";
import { connectionFrom, readLiveProject } from "./connection.ts";
import type { FileOptions } from "./files-option.ts";
import { readForms } from "./forms/read-forms.ts";
import type { SipProject } from "./project.ts";
import { readSources } from "./sources.ts";

/**
 * The live project that the environment names, or the files instead of it.
 * @throws CliError MISSING_SETTING, API_UNREACHABLE, WRONG_KEY, API_REFUSED, BAD_FILE
 */
export async function readProject(
  { files, host }: FileOptions,
  { environment, input }: Pick<CommandIO, "environment" | "input">,
): Promise<SipProject> {
  if (files === undefined) return readLiveProject(connectionFrom(environment));
  const project = readForms(await readSources(files, input));
  return host === undefined ? project : { ...project, host: `${host} (${project.host})`, isHostUnknown: false };
}
