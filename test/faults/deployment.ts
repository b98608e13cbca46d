import { copyFileSync, cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Fate, HookProxy } from "../../sandbox/calls/hook-proxy.ts";
import { type Account, emptyAccount } from "../../sandbox/jambonz/account.ts";
import { type RestServer, startRest } from "../../sandbox/jambonz/rest/server.ts";
import { freePorts } from "../../sandbox/processes/ports.ts";
import { endRegistered } from "../../sandbox/processes/register.ts";
import { Supervisor } from "../../sandbox/processes/supervisor.ts";
import { type PulumiRun, runPulumi } from "../../sandbox/pulumi/cli.ts";
import { createStack, type LiveKit, must, type Stack, startLiveKit } from "../engine/stack.ts";
import { type Adoptions, adoptionsIn, merged } from "./adoptions.ts";
import { type Declared, declaredBy, type LiveObjects } from "./deployed-objects.ts";

const UP = ["up", "--yes", "--skip-preview"];
/** Some 4 s of an idle machine. */
const UP_MS = 240_000;
const JAMBONZ_KEY = "key-of-the-account";
const ROWS = ["applications", "voip_carriers", "sip_gateways", "phone_numbers", "clients"] as const;

/** The stack `local` in the flow `dial` on the real engine; between it and both APIs (LiveKit's, Jambonz') a proxy each. */
export class Deployment {
  readonly #account: Account = emptyAccount();
  stack!: Stack;
  #livekit!: LiveKit;
  #rest!: RestServer;
  readonly #proxies: HookProxy[] = [];
  /** Asked for every request to either API; `nth` counts all of them from 1. */
  fate: (request: string, nth: number, method: string) => Fate = () => ({});
  #requests = 0;

  async start(): Promise<void> {
    this.#livekit = await startLiveKit();
    this.#rest = await startRest({ account: this.#account, apiKey: JAMBONZ_KEY });
    const [livekitPort = 0, jambonzPort = 0] = await freePorts(2);
    await this.#passOn(livekitPort, this.#livekit.httpUrl);
    await this.#passOn(jambonzPort, this.#rest.url);
    const keys = { ...this.#livekit.keys, JAMBONZ_API_KEY: JAMBONZ_KEY, JAMBONZ_API_URL: undefined };
    this.stack = await createStack("local", keys);
    cpSync(this.stateFolder, this.#emptyState, { recursive: true });
    this.stack.settings(this.#settings());
  }

  /** How many requests the APIs have got since the last `reset`. */
  get requests(): number {
    return this.#requests;
  }

  up(): Promise<PulumiRun> {
    return this.#pulumi(UP);
  }

  /**
   * Takes away the lock that a killed engine has left; then `pulumi up`. Jambonz has no place for a mark of ownership: what was
   * made there without the state's knowledge is refused as a foreign twin, and taken over with `adopt`, as the refusal says.
   * @returns what had to be done by hand
   */
  async upAfterKill(): Promise<string[]> {
    const byHand = this.restoreState() ? ["the state file restored from its .bak"] : [];
    await must(this.#pulumi(["cancel", "--yes"]));
    let adopt: Adoptions = {};
    for (let run = await this.up(); run.code !== 0; run = await this.up()) {
      const refused = adoptionsIn(run.stdout);
      const known = JSON.stringify(adopt);
      adopt = merged(adopt, refused);
      if (JSON.stringify(adopt) === known) await must(Promise.resolve(run)); // it says something else
      this.stack.settings(this.#settings(adopt));
    }
    const taken = Object.keys(adopt);
    return taken.length === 0 ? byHand : [...byHand, `taken over with adopt: ${taken.join(", ")}`];
  }

  /** `pulumi up`, as a process group of its own that can be killed with everything it has started. */
  async startUp(): Promise<{ ended: Promise<unknown>; kill(): Promise<void> }> {
    const supervisor = new Supervisor({ folder: join(this.stack.folder, "engine") });
    const args = [...UP, "--stack", "local", "--non-interactive", "--color=never"];
    const engine = { name: "pulumi", command: "pulumi", args, env: this.stack.env, cwd: this.stack.project };
    const running = await supervisor.start(engine);
    const kill = async () => {
      await running.stop("SIGKILL");
      await endRegistered(supervisor.registerFile); // what had a process group of its own
    };
    return { ended: running.exited.then(() => supervisor.stopAll()), kill };
  }

  /**
   * A state file that a full disk has left empty or cut off becomes what was saved last: the engine keeps that beside it. Tells
   * whether it was so.
   */
  restoreState(): boolean {
    const file = join(this.stateFolder, ".pulumi", "stacks", "trunkline", "local.json");
    if (isWhole(file)) return false;
    copyFileSync(`${file}.bak`, file);
    return true;
  }

  /** What is live in both systems, past the proxies. */
  async live(): Promise<LiveObjects> {
    const { sip } = this.#livekit;
    return {
      outbound: (await sip.listSipOutboundTrunk()).map((trunk) => trunk.toJson() as object),
      inbound: (await sip.listSipInboundTrunk()).map((trunk) => trunk.toJson() as object),
      rules: (await sip.listSipDispatchRule()).map((rule) => rule.toJson() as object),
      account: this.#account,
    };
  }

  /** What the state says is there. */
  async declared(): Promise<Declared[]> {
    return declaredBy((await must(this.#pulumi(["stack", "export"]))).stdout);
  }

  /** As if nothing had ever been declared. */
  async reset(): Promise<void> {
    this.fate = () => ({});
    this.#requests = 0;
    await this.#livekit.wipe();
    for (const rows of ROWS) this.#account[rows].length = 0;
    this.stack.settings(this.#settings());
    rmSync(this.stateFolder, { recursive: true });
    cpSync(this.#emptyState, this.stateFolder, { recursive: true });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.stop()));
    await this.#rest?.stop();
    await this.#livekit?.stop();
    this.stack?.remove();
  }

  #pulumi(args: string[]): Promise<PulumiRun> {
    const { env, project: cwd } = this.stack;
    return runPulumi([...args, "--stack", "local"], { env, cwd, timeoutMs: UP_MS });
  }

  get stateFolder(): string {
    return join(this.stack.folder, "state");
  }

  get #emptyState(): string {
    return join(this.stack.folder, "empty-state");
  }

  #settings(adopt: object = {}): Record<string, unknown> {
    const [livekit, jambonz] = this.#proxies;
    return {
      livekitUrl: `ws://127.0.0.1:${livekit?.port}`,
      sbcAddress: "127.0.0.1:5099",
      callFlow: "dial",
      sipPassword: "password-of-the-trunk",
      jambonz: {
        url: `http://127.0.0.1:${jambonz?.port}/v1`,
        middlewareUrl: "https://middleware.example.com",
        livekitSipHost: "project.sip.livekit.cloud",
        phoneCarrier: { trunkType: "static_ip", inboundAddresses: ["192.0.2.1"] },
        adopt,
      },
    };
  }

  async #passOn(port: number, url: string): Promise<void> {
    const proxy = await HookProxy.start(port, Number(new URL(url).port));
    proxy.fate = (path, _nth, method) => this.fate(path, ++this.#requests, method);
    this.#proxies.push(proxy);
  }
}

/** Whether there is a state that can be read. */
function isWhole(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
