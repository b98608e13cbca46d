import { connectionFrom, readLiveProject } from "./connection.ts";
import type { SipProject } from "./project.ts";
import { readProjectFile } from "./project-file.ts";

/**
 * The live project that the environment names, or the file instead of it.
 * @throws CliError MISSING_SETTING, API_UNREACHABLE, WRONG_KEY, API_REFUSED, BAD_FILE
 */
export async function readProject(file: string | undefined, environment: NodeJS.ProcessEnv): Promise<SipProject> {
  return file === undefined ? readLiveProject(connectionFrom(environment)) : readProjectFile(file);
}
