import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/**
 * Parts of Pulumi that no npm package carries, by the name of their program. The language host is the one of a full Pulumi
 * distribution: the one that tools/ pins (3.68.0) knows no packages with parameters, such as @pulumi/heroku.
 */
const PROGRAMS = ["pulumi-language-nodejs", "pulumi-resource-terraform-provider", "pulumi-resource-random"] as const;
/** Where the bridge keeps Terraform providers, below its cache. */
const PROVIDER = ["registry.opentofu.org", "heroku", "heroku", "5.3.2"];

export interface Plugins {
  /** To be put in front of PATH. */
  folders: string[];
  /** PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR */
  providerCache: string;
}

/** The real plug-ins on PATH or in Pulumi's own cache, with the Heroku provider in the bridge's; undefined when one is missing. */
export function findPlugins(environment: NodeJS.ProcessEnv = process.env): Plugins | undefined {
  const home = environment.PULUMI_HOME ?? join(homedir(), ".pulumi");
  const providerCache = environment.PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR ?? join(home, "dynamic_tf_plugins");
  const programs = PROGRAMS.map((name) => findProgram(name, environment.PATH ?? "", join(home, "plugins")));
  const hasProvider = existsSync(join(providerCache, ...PROVIDER));
  if (!hasProvider || programs.includes(undefined)) return undefined;
  return { folders: programs.flatMap((path) => (path === undefined ? [] : [dirname(path)])), providerCache };
}

function findProgram(name: string, path: string, cache: string): string | undefined {
  const short = name.replace("pulumi-", "");
  const cached = existsSync(cache) ? readdirSync(cache).filter((entry) => entry.startsWith(`${short}-v`)) : [];
  const folders = [...path.split(delimiter), ...cached.map((entry) => join(cache, entry))];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

export const HOW_TO_GET_PLUGINS = [
  "SKIPPED: real plugins. With them on this machine this test runs the whole deployment. A full Pulumi distribution (3.250 or",
  "newer) on PATH has the language host; the rest:",
  "  pulumi plugin install resource terraform-provider 1.1.1",
  "  pulumi plugin install resource random 4.21.2",
  "  pulumi package get-schema terraform-provider heroku/heroku 5.3.2 > /dev/null   # fetches the Heroku provider",
].join("\n");
