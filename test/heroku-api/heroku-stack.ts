import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type Running, Supervisor } from "../../sandbox/processes/supervisor.ts";
import { checkout } from "../../sandbox/root.ts";
import { findOrBuild } from "../../sandbox/toolchain/binaries.ts";
import { createStack, type LiveKit, must, type Stack, startLiveKit } from "../engine/stack.ts";
import { findPlugins, HOW_TO_GET_PLUGINS, type Plugins } from "./plugins.ts";
import { API_KEY, HerokuApi } from "./server.ts";
import type { StoredApp } from "./store.ts";

const MANIFEST: { workspaces: string[] } = JSON.parse(readFileSync(checkout("package.json"), "utf8"));
/** What apps are packed from. */
const SOURCES = ["package-lock.json", ...MANIFEST.workspaces];
const SECRETS = { jambonzWebhookSecret: "canary-of-the-webhooks/1", sipPassword: "canary-of-the-trunk/1" };

/** The apps of the stack under test, and how long one may take to be ready. */
export const MIDDLEWARE = "jambonz-livekit-middleware-dev";
export const AGENT = "livekit-sip-agent-eu-dev";
const READY_LIMIT_SECONDS = "60";
/** An update waits 10 s after each new app, as the provider does, and for the ready checks. */
const COMMAND_LIMIT_MS = 240_000;

/** What a deployment goes to, and its stack. */
export interface Surroundings {
  livekit: LiveKit;
  api: HerokuApi;
  stack: Stack;
  stop(): Promise<void>;
}

/**
 * Tests of deployments by the real engine and the real plug-ins, with a real livekit-server and the real agent. Where there are
 * no plug-ins they are skipped, and it is told how to get them.
 */
export function describeDeployments(name: string, tests: (start: () => Promise<Surroundings>) => void): void {
  const plugins = findPlugins();
  if (plugins === undefined) process.stderr.write(`${HOW_TO_GET_PLUGINS}\n`);
  const start = () => (plugins ? startSurroundings(plugins) : Promise.reject(new Error(HOW_TO_GET_PLUGINS)));
  (plugins ? describe : describe.skip)(name, () => tests(start));
}

async function startSurroundings(plugins: Plugins): Promise<Surroundings> {
  const [livekit, api, dyno] = [await startLiveKit(), await new HerokuApi().start(), new AgentDyno()];
  api.store.onStart = (app) => dyno.restart(app);
  const stack = await createHerokuStack(livekit, api, plugins);
  return {
    livekit,
    api,
    stack,
    async stop() {
      await dyno.stop();
      await api.stop();
      await livekit.stop();
      stack.remove();
    },
  };
}

/** The stack `dev` in a copy of the project with its services, on the real plug-ins, against a server that speaks Heroku's API. */
async function createHerokuStack(livekit: LiveKit, api: HerokuApi, plugins: Plugins): Promise<Stack> {
  const folders = [...plugins.folders, checkout("node_modules/.bin"), dirname(await findOrBuild("pulumi"))];
  const environment = {
    ...livekit.keys,
    PATH: [...folders, checkout("node_modules/@pulumi/pulumi"), process.env.PATH].join(delimiter),
    HEROKU_API_KEY: API_KEY,
    HEROKU_API_URL: api.url,
    PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR: plugins.providerCache,
  };
  const stack = await createStack("dev", environment, COMMAND_LIMIT_MS);
  for (const part of SOURCES) cpSync(checkout(part), join(stack.project, part), { recursive: true, filter: isSource });
  writeFileSync(join(stack.project, "artefact-files.txt"), execFileSync("git", ["ls-files"], { cwd: checkout() }));
  await must(stack.pulumi(["config", "set", "livekitUrl", livekit.url]));
  for (const [name, value] of Object.entries(SECRETS))
    await must(stack.pulumi(["config", "set", "--secret", name, value]));
  await setHeroku(stack, {
    "middleware.name": MIDDLEWARE,
    "agent.name": AGENT,
    readyLimitSeconds: READY_LIMIT_SECONDS,
  });
  return stack;
}

/** Sets settings of the section `heroku` by their paths. */
export async function setHeroku(stack: Stack, settings: Record<string, string>): Promise<void> {
  for (const [path, value] of Object.entries(settings))
    await must(stack.pulumi(["config", "set", "--path", `heroku.${path}`, value]));
}

function isSource(path: string): boolean {
  return !path.includes("node_modules");
}

/** The agent's dyno: the real agent with the app's config vars, started anew whenever Heroku would. */
class AgentDyno {
  readonly #supervisor = new Supervisor({ folder: mkdtempSync(join(tmpdir(), "trunkline-dyno-")) });
  #running: Promise<Running> | undefined;

  restart(app: StoredApp): void {
    const build = app.builds.filter(({ status }) => status === "succeeded").at(-1);
    if (app.name !== AGENT || build === undefined || app.formation.get("worker")?.quantity === 0) return;
    const before = this.#running;
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...app.vars, BUILD_HASH: build.source.version };
    const start = { name: "agent", command: process.execPath, args: [checkout("service/agent/main.ts")], env };
    this.#running = Promise.resolve(before)
      .then((running) => running?.stop())
      .then(() => this.#supervisor.start(start));
  }

  async stop(): Promise<void> {
    await this.#supervisor.stopAll();
    rmSync(this.#supervisor.folder, { recursive: true, force: true });
  }
}
