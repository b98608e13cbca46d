import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dispatch } from "@trunkline/providers";
import { drift } from "../../cli/commands/drift.ts";
import { processIO } from "../../cli/output/io.ts";
import { type PulumiRun, pulumiEnvironment, runPulumi } from "../../sandbox/pulumi/cli.ts";
import { checkout } from "../../sandbox/root.ts";
import type { LivekitServer } from "../../sandbox/servers/livekit-server.ts";
import { findOrBuild } from "../../sandbox/toolchain/binaries.ts";

export type Kind = "empty" | "noop" | "trunks";
export const KINDS: readonly Kind[] = ["empty", "noop", "trunks"];
export type Command = "preview" | "up" | "drift";
export const COMMANDS: readonly Command[] = ["preview", "up", "drift"];

const STACK = "bench";
const PROJECT = "name: trunkline\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.ts\n";
/** Making the objects is not measured: without it the engine writes its whole state, which grows, after each of them. */
const QUICKLY = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };
const ARGUMENTS = {
  preview: ["preview", "--expect-no-changes"],
  up: ["up", "--yes", "--skip-preview", "--expect-no-changes"],
} as const;

/** One stack with its objects made, on a throw-away backend. */
export class BenchProject {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#env = env;
  }

  /** @param parent the folder in which the project gets one of its own. */
  static async create(parent: string, kind: Kind, count: number, livekit: LivekitServer): Promise<BenchProject> {
    const folder = join(parent, `${kind}-${count}`);
    for (const part of ["state", "home"]) mkdirSync(join(folder, part), { recursive: true });
    writeFileSync(join(folder, "Pulumi.yaml"), PROJECT);
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    copyFileSync(checkout("bench/pulumi/program.ts"), join(folder, "index.ts"));
    symlinkSync(checkout("node_modules"), join(folder, "node_modules"));
    const [pulumi, languageHost] = await Promise.all([findOrBuild("pulumi"), findOrBuild("pulumi-language-nodejs")]);
    const project = new BenchProject(folder, {
      ...process.env,
      ...pulumiEnvironment({ workFolder: folder, pulumi, languageHost }),
      LIVEKIT_URL: undefined,
      LIVEKIT_API_KEY: livekit.apiKey,
      LIVEKIT_API_SECRET: livekit.apiSecret,
      BENCH_KIND: kind,
      BENCH_COUNT: String(count),
      BENCH_LIVEKIT_URL: livekit.url,
      BENCH_DEFAULTS: JSON.stringify(await trunkDefaults(livekit)),
    });
    await project.#pulumi(["stack", "init", STACK]);
    await project.#pulumi(["up", "--yes", "--skip-preview", "--stack", STACK], QUICKLY);
    return project;
  }

  /** Runs a command on the stack, on which there is nothing to change; returns how long it took, in ms. */
  async time(command: Command): Promise<number> {
    const started = performance.now();
    if (command === "drift") await this.#drift();
    else await this.#pulumi([...ARGUMENTS[command], "--stack", STACK]);
    return performance.now() - started;
  }

  async #pulumi(args: string[], flags: NodeJS.ProcessEnv = {}): Promise<PulumiRun> {
    const run = await runPulumi(args, { env: this.#env, flags, cwd: this.#folder });
    if (run.code !== 0)
      throw new Error(`pulumi ${args.join(" ")} ended with ${run.code}\n${run.stdout}\n${run.stderr}`);
    return run;
  }

  /** The command's work without the start of its process, which costs all programs the same. */
  async #drift(): Promise<void> {
    const told: string[] = [];
    const print = (text: string) => void told.push(text);
    const done = (code: number, text: string) => {
      print(text);
      return code;
    };
    const io = { ...processIO(), environment: this.#env, folder: this.#folder, print, done };
    const code = await drift(["--stack", STACK], io);
    if (code !== 0) throw new Error(`drift ended with ${code}\n${told.join("\n")}`);
  }
}

/** Everything that the state keeps of a trunk: a resource that does nothing has as much to carry. */
async function trunkDefaults({ url: host }: LivekitServer): Promise<object> {
  const owner = { project: "trunkline", stack: STACK, name: "object" };
  const given = { host, owner, name: "trunk", address: "sbc.example.com", presentedNumbers: ["+4989100000"] };
  const { inputs } = await dispatch("livekit:SipOutboundTrunk").check({}, given);
  return inputs;
}
