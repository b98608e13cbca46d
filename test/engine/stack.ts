import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SipClient } from "livekit-server-sdk";
import { Supervisor } from "../../sandbox/processes/supervisor.ts";
import { type PulumiRun, pulumiEnvironment, runPulumi } from "../../sandbox/pulumi/cli.ts";
import { checkout } from "../../sandbox/root.ts";
import { type LivekitServer, startLivekitServer } from "../../sandbox/servers/livekit-server.ts";
import { startRedis } from "../../sandbox/servers/redis.ts";
import { findOrBuild } from "../../sandbox/toolchain/binaries.ts";

/** A real livekit-server, and its API as anybody else sees it. */
export interface LiveKit extends LivekitServer {
  sip: SipClient;
  /** LIVEKIT_API_KEY, LIVEKIT_API_SECRET. */
  keys: { LIVEKIT_API_KEY: string; LIVEKIT_API_SECRET: string };
  /** Removes every SIP object. */
  wipe(): Promise<void>;
  stop(): Promise<void>;
}

export async function startLiveKit(): Promise<LiveKit> {
  const supervisor = new Supervisor({ folder: mkdtempSync(join(tmpdir(), "trunkline-livekit-")) });
  const redis = await startRedis(supervisor);
  const server = await startLivekitServer(supervisor, { redisPort: redis.port });
  const sip = new SipClient(server.httpUrl, server.apiKey, server.apiSecret);
  return {
    ...server,
    sip,
    keys: { LIVEKIT_API_KEY: server.apiKey, LIVEKIT_API_SECRET: server.apiSecret },
    wipe: () => wipe(sip),
    async stop() {
      await supervisor.stopAll();
      rmSync(supervisor.folder, { recursive: true, force: true });
    },
  };
}

/** Reads within a second share an answer; changes past the provider are seen after that. */
export const sharedReadsExpire = () => new Promise((resolve) => setTimeout(resolve, 1_050));

async function wipe(sip: SipClient): Promise<void> {
  const trunks = [...(await sip.listSipInboundTrunk()), ...(await sip.listSipOutboundTrunk())];
  for (const { sipTrunkId } of trunks) await sip.deleteSipTrunk(sipTrunkId);
  for (const { sipDispatchRuleId } of await sip.listSipDispatchRule())
    await sip.deleteSipDispatchRule(sipDispatchRuleId);
}

/** A stack on a throw-away backend, driven by the real `pulumi`. */
export interface Stack {
  /** Runs `pulumi ARGS` with the stack's environment; `changes` are laid over it (undefined removes). */
  pulumi(args: string[], changes?: NodeJS.ProcessEnv): Promise<PulumiRun>;
  /** With which `pulumi` works on this stack. */
  env: NodeJS.ProcessEnv;
  /** The settings of this run (TRUNKLINE_LOCAL_SETTINGS). */
  settings(values: Record<string, unknown>): void;
  /** Of this stack alone: state, settings, copies of what it removed. */
  folder: string;
  /** The folder whose Pulumi.yaml is used. */
  project: string;
  remove(): void;
}

/**
 * `local` runs on the checkout's own files: `stack init` writes nothing into a Pulumi.local.yaml that has a salt already.
 * Every other stack gets a copy of the project, for `stack init` and `config set` write into its file, `stack rm`
 * deletes it, and of these only `config` knows --config-file. (`stack rm` is not needed: the backend's folder goes.)
 * @param limitMs how long one command may take
 */
export async function createStack(name: string, environment: NodeJS.ProcessEnv, limitMs = 60_000): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-stack-"));
  for (const part of ["state", "home"]) mkdirSync(join(folder, part));
  const project = name === "local" ? checkout() : copyProject(join(folder, "project"));
  const settingsFile = join(folder, "settings.json");
  const [pulumi, languageHost] = await Promise.all([findOrBuild("pulumi"), findOrBuild("pulumi-language-nodejs")]);
  const env = {
    ...process.env,
    ...pulumiEnvironment({ workFolder: folder, pulumi, languageHost }),
    TRUNKLINE_WORK_FOLDER: folder,
    ...environment,
    LIVEKIT_URL: undefined,
  };
  const local = name === "local" ? { TRUNKLINE_LOCAL_SETTINGS: settingsFile } : {};
  const stack: Stack = {
    env: { ...env, ...local },
    pulumi: (args, changes = {}) =>
      runPulumi([...args, "--stack", name], {
        env: { ...env, ...local, ...changes },
        cwd: project,
        timeoutMs: limitMs,
      }),
    folder,
    settings: (values) => writeFileSync(settingsFile, JSON.stringify(values)),
    project,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  await must(runPulumi(["stack", "init", name], { env, cwd: project }));
  return stack;
}

/** Fails with everything that was printed when the exit code is not 0. */
export async function must(running: Promise<PulumiRun>): Promise<PulumiRun> {
  const run = await running;
  if (run.code !== 0) throw new Error(`pulumi exited with ${run.code}\n${run.stdout}\n${run.stderr}`);
  return run;
}

function copyProject(folder: string): string {
  for (const part of ["Pulumi.yaml", "Pulumi.dev.yaml", "package.json", "infra"])
    cpSync(checkout(part), join(folder, part), { recursive: true });
  symlinkSync(checkout("node_modules"), join(folder, "node_modules"));
  return folder;
}
