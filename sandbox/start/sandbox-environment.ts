import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { bundlePulumi } from "../pulumi/bundle.ts";
import { pulumiEnvironment } from "../pulumi/cli.ts";
import { checkout } from "../root.ts";
import { findOrBuild } from "../toolchain/binaries.ts";
import { hasState, readState, type StackState, stateFolder } from "./state.ts";

/** Where `pulumi up` finds the values of this run: see infra/settings.ts. */
export const settingsFile = () => stateFolder("settings.json");

/** The variables with which `pulumi` works on the stack `local`, and a word on what they point to. */
export async function sandboxEnvironment(): Promise<{ variables: NodeJS.ProcessEnv; note: string }> {
  const place = await pulumiPlace();
  const state = hasState() ? readState() : undefined;
  const variables = { ...pulumiEnvironment(place), ...(state && stackVariables(state)) };
  const note = state
    ? 'For this shell: eval "$(npx --no-install trunkline env)". Then: pulumi preview, up, refresh, destroy; the servers run while `npm start` does.'
    : "No sandbox has been started: LIVEKIT_API_KEY, LIVEKIT_API_SECRET and TRUNKLINE_LOCAL_SETTINGS are missing. Run `npm start` in another shell first.";
  return { variables, note };
}

/** What the program of the stack `local` reads from the environment. */
export function stackVariables(state: StackState): NodeJS.ProcessEnv {
  return {
    LIVEKIT_URL: `ws://127.0.0.1:${state.ports.livekit}`,
    LIVEKIT_API_KEY: state.livekitApiKey,
    LIVEKIT_API_SECRET: state.livekitApiSecret,
    JAMBONZ_API_URL: `http://127.0.0.1:${state.jambonzApi.port}`,
    JAMBONZ_API_KEY: state.jambonzApi.key,
    TRUNKLINE_LOCAL_SETTINGS: settingsFile(),
  };
}

export async function pulumiPlace() {
  const workFolder = stateFolder("pulumi");
  for (const name of ["state", "home"]) mkdirSync(join(workFolder, name), { recursive: true });
  const languageHost = await findOrBuild("pulumi-language-nodejs");
  const plugins = [languageHost, checkout("node_modules/@pulumi/pulumi/pulumi-resource-pulumi-nodejs")];
  const pulumi = bundlePulumi(join(workFolder, "bin"), await findOrBuild("pulumi"), plugins);
  return { workFolder, pulumi, languageHost };
}
