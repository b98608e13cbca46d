import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { withoutPulumiFlags } from "@trunkline/contract";
import { SandboxError } from "../errors.ts";
import { cacheFolder, checkout } from "../root.ts";

/** The published passphrase of the stack `local`: its state holds nothing but what this machine made up for one run. */
export const LOCAL_PASSPHRASE = "trunkline-local";

/** Exit codes of the pulumi CLI that mean something here (since 3.227). */
export const PULUMI_EXIT = { ok: 0, noSuchStack: 6, changesFound: 7, cancelled: 8 } as const;

export interface PulumiPlace {
  /** Where state and Pulumi's own files go: `<workFolder>/state`, `<workFolder>/home`. Has to exist. */
  workFolder: string;
  /** Absolute path of `pulumi`. */
  pulumi: string;
  /** Absolute path of `pulumi-language-nodejs`. */
  languageHost: string;
  /** Default: the local stack's published passphrase. */
  passphrase?: string;
}

/**
 * The variables with which `pulumi` works on the state in this folder, typed by hand or started by us: nothing else
 * is needed. Only these variables, to be laid over an environment.
 */
export function pulumiEnvironment(place: PulumiPlace, inherited: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return {
    PATH: [...programFolders(place), inherited.PATH ?? ""].join(":"),
    PULUMI_HOME: join(place.workFolder, "home"),
    PULUMI_BACKEND_URL: stateUrl(join(place.workFolder, "state")),
    PULUMI_CONFIG_PASSPHRASE: place.passphrase ?? LOCAL_PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Node keeps what it has compiled and stripped of types: every run starts two processes that load the same modules.
    NODE_COMPILE_CACHE: inherited.NODE_COMPILE_CACHE ?? cacheFolder("compiled"),
  };
}

/**
 * Pulumi would write an `.attrs` file beside each file of the state, of which it needs nothing; killed while writing one, it leaves it
 * empty and refuses the stack from then on ("failed to load checkpoint: EOF", gocloud.dev 0.46.0).
 */
function stateUrl(folder: string): string {
  return `${pathToFileURL(folder).href}?metadata=skip`;
}

/** Node 24 and the provider of dynamic resources come from npm, so they are found whatever else is installed. */
function programFolders({ pulumi, languageHost }: PulumiPlace): string[] {
  const sdk = dirname(createRequire(checkout("package.json")).resolve("@pulumi/pulumi/package.json"));
  return [checkout("node_modules", ".bin"), dirname(pulumi), dirname(languageHost), sdk];
}

export interface PulumiRun {
  /** Exit code; null when it was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface PulumiOptions {
  /** The environment of the child, but for variables that would change the CLI's flags. */
  env: NodeJS.ProcessEnv;
  /** Such variables of our own. */
  flags?: NodeJS.ProcessEnv;
  /** Default: the checkout. */
  cwd?: string;
  /** Every line of stdout and stderr, as it comes. */
  onLine?: (line: string) => void;
  /** After so long it is interrupted (which lets it write its state), 10 s later killed. Default 10 min. */
  timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 600_000;
const GRACE_MS = 10_000;

/** Runs the pulumi CLI without questions and colours. Rejects only when it cannot be started. */
export function runPulumi(args: string[], { env, flags, cwd, onLine, timeoutMs }: PulumiOptions): Promise<PulumiRun> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color=never"], {
      cwd: cwd ?? checkout(),
      env: { ...withoutPulumiFlags(env), ...flags },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const timers = endAfter(child, timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const [stdout, stderr] = [collect(child.stdout, onLine), collect(child.stderr, onLine)];
    child.once("error", (error) => {
      timers.clear();
      reject("code" in error && error.code === "ENOENT" ? missing() : error);
    });
    child.once("close", (code) => {
      timers.clear();
      resolve({ code, stdout: stdout.join("\n"), stderr: stderr.join("\n") });
    });
  });
}

function missing(): SandboxError {
  return new SandboxError(
    "PULUMI_MISSING",
    "There is no `pulumi` on PATH",
    'Install it (https://www.pulumi.com/docs/iac/download-install/), or take the sandbox\'s: eval "$(npx --no-install trunkline env)"',
  );
}

function collect(stream: Readable, onLine: ((line: string) => void) | undefined): string[] {
  const lines: string[] = [];
  createInterface({ input: stream }).on("line", (line) => {
    lines.push(line);
    onLine?.(line);
  });
  return lines;
}

function endAfter(child: { kill(signal: NodeJS.Signals): boolean }, timeoutMs: number): { clear(): void } {
  const interrupt = setTimeout(() => child.kill("SIGINT"), timeoutMs);
  const kill = setTimeout(() => child.kill("SIGKILL"), timeoutMs + GRACE_MS);
  return {
    clear() {
      clearTimeout(interrupt);
      clearTimeout(kill);
    },
  };
}
