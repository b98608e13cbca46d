import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type Running, Supervisor } from "../../sandbox/processes/supervisor.ts";
import { checkout } from "../../sandbox/root.ts";
import { findOrBuild } from "../../sandbox/toolchain/binaries.ts";
import { createStack, type LiveKit, must, type Stack } from "../engine/stack.ts";
import type { Plugins } from "./plugins.ts";
import { API_KEY, type HerokuApi } from "./server.ts";
import type { StoredApp } from "./store.ts";

const SOURCES = ["package-lock.json", "service/middleware", "service/agent", "service/shared"];
const SECRETS = { jambonzWebhookSecret: "canary-of-the-webhooks/1", sipPassword: "canary-of-the-trunk/1" };

/** The apps of the stack under test, and how long one may take to be ready. */
export const MIDDLEWARE = "jambonz-livekit-middleware-dev";
export const AGENT = "livekit-sip-agent-eu-dev";
const READY_LIMIT_SECONDS = "20";

/** The stack `dev` in a copy of the project with its services, on the real plug-ins, against a server that speaks Heroku's API. */
export async function createHerokuStack(livekit: LiveKit, api: HerokuApi, plugins: Plugins): Promise<Stack> {
  const folders = [...plugins.folders, checkout("node_modules/.bin"), dirname(await findOrBuild("pulumi"))];
  const stack = await createStack("dev", {
    ...livekit.keys,
    PATH: [...folders, checkout("node_modules/@pulumi/pulumi"), process.env.PATH].join(delimiter),
    HEROKU_API_KEY: API_KEY,
    HEROKU_API_URL: api.url,
    PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR: plugins.providerCache,
  });
  for (const part of SOURCES) cpSync(checkout(part), join(stack.project, part), { recursive: true, filter: isSource });
  await must(stack.pulumi(["config", "set", "livekitUrl", livekit.url]));
  for (const [name, value] of Object.entries(SECRETS))
    await must(stack.pulumi(["config", "set", "--secret", name, value]));
  const settings = { "middleware.name": MIDDLEWARE, "agent.name": AGENT, readyLimitSeconds: READY_LIMIT_SECONDS };
  for (const [path, value] of Object.entries(settings))
    await must(stack.pulumi(["config", "set", "--path", `heroku.${path}`, value]));
  return stack;
}

function isSource(path: string): boolean {
  return !path.includes("node_modules");
}

/** The agent's dyno: the real agent with the app's config vars, started anew whenever Heroku would. */
export class AgentDyno {
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
