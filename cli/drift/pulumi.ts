import { PULUMI_EXIT, type PulumiRun, pulumiEnvironment, runPulumi } from "../../sandbox/pulumi/cli.ts";
import { sandboxEnvironment } from "../../sandbox/start/sandbox-environment.ts";
import { findOrBuild } from "../../sandbox/toolchain/binaries.ts";
import { CliError } from "../errors.ts";
import type { CommandIO } from "../output/io.ts";

/** `pulumi`, as the user would type it for one stack. */
export interface Pulumi {
  /** What every run gets; LiveKit's keys are in it, too. */
  environment: NodeJS.ProcessEnv;
  run(...args: string[]): Promise<PulumiRun>;
}

/** The pinned CLI in the user's environment; for the stack `local` in that of the sandbox, unless a backend is set. */
export async function pulumiFor(stack: string, { environment, folder }: CommandIO): Promise<Pulumi> {
  const isSandbox = stack === "local" && !environment.PULUMI_BACKEND_URL;
  const variables = isSandbox ? (await sandboxEnvironment()).variables : await programs(environment);
  const env = { ...environment, ...variables };
  return { environment: env, run: (...args) => runPulumi([...args, "--stack", stack], { env, cwd: folder }) };
}

/** Where the programs are: backend, home and passphrase stay the user's. */
async function programs(environment: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const [pulumi, languageHost] = await Promise.all([findOrBuild("pulumi"), findOrBuild("pulumi-language-nodejs")]);
  const place = { workFolder: "", pulumi, languageHost };
  const { PATH, NODE_COMPILE_CACHE } = pulumiEnvironment(place, environment);
  return { PATH, NODE_COMPILE_CACHE, PULUMI_SKIP_UPDATE_CHECK: "true" };
}

/** Why a run has failed before it could say anything in JSON. */
export function cannotRun(stack: string, { code, stdout, stderr }: PulumiRun): CliError {
  if (code === PULUMI_EXIT.noSuchStack)
    return new CliError(
      "WRONG_STACK",
      `There is no stack "${stack}" in this backend`,
      "Check --stack and the backend (`pulumi stack ls`); `pulumi stack init` makes one.",
    );
  const lines = `${stderr}\n${stdout}`
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("warning: "));
  return new CliError("CANNOT_LOOK", `pulumi ended with code ${code}: ${lines.slice(-MOST_LINES).join("\n  ")}`, HINT);
}

const MOST_LINES = 10;
const HINT = "Nothing was changed. Try: pulumi preview --refresh --stack STACK";
