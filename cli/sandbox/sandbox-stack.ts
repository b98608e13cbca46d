import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Running, Supervisor } from "../../sandbox/processes/supervisor.ts";
import { Progress } from "../../sandbox/progress.ts";
import { declare, type StackOutputs } from "../../sandbox/start/declare.ts";
import { EventLog } from "../../sandbox/start/event-log.ts";
import { parseStartOptions } from "../../sandbox/start/options.ts";
import { type Servers, startServers } from "../../sandbox/start/servers.ts";
import { startAgent, startMiddleware } from "../../sandbox/start/services.ts";
import { openState, type StackState } from "../../sandbox/start/state.ts";
import { stopSignal } from "../../sandbox/start/stop-signal.ts";
import { installTools } from "../../sandbox/toolchain/install.ts";
import { type CommandIO, processIO } from "../output/io.ts";
import { addOperator, OPERATOR } from "./operator.ts";

/** The called number of the stack `local`: Pulumi.local.yaml. */
export const SANDBOX_NUMBER = "+493012345678";

/** The carrier of phone calls, named after the stack like everything else that is declared. */
export const PHONE_CARRIER = "local-phone";

/**
 * The stack `local` on servers of its own, in a work folder of its own: it runs beside an `npm start` in the same checkout. The steps are
 * the caller's: `up`, `startServices`, and whatever comes then.
 */
export class SandboxStack {
  readonly events: EventLog;
  readonly supervisor: Supervisor;
  readonly state: StackState;
  readonly servers: Servers;
  outputs!: StackOutputs;
  readonly #folder: string;
  readonly #progress: Progress;
  readonly #flow: "callback" | "dial";
  #agent: Running | undefined;
  #dismissOperator: (() => Promise<void>) | undefined;

  private constructor(parts: {
    folder: string;
    progress: Progress;
    supervisor: Supervisor;
    state: StackState;
    servers: Servers;
    events: EventLog;
    flow: "callback" | "dial";
  }) {
    this.#folder = parts.folder;
    this.#progress = parts.progress;
    this.#flow = parts.flow;
    this.supervisor = parts.supervisor;
    this.state = parts.state;
    this.servers = parts.servers;
    this.events = parts.events;
  }

  /** Starts the servers: Redis, LiveKit, the Jambonz stand-in with an empty account. Nothing is declared yet. */
  static async open(flow: "callback" | "dial", tell: (line: string) => void): Promise<SandboxStack> {
    const folder = mkdtempSync(join(tmpdir(), "trunkline-stack-"));
    // State, settings and logs of this process's stack `local`, also for `drift`.
    process.env.TRUNKLINE_WORK_FOLDER = folder;
    const supervisor = new Supervisor({ folder: join(folder, "run") });
    closeOnSignal(supervisor, folder);
    const progress = new Progress(tell, JSON.parse(process.env.TRUNKLINE_EARLIER_STEPS || "[]"));
    try {
      await installTools(progress);
      const { state } = await openState(parseStartOptions(["--flow", flow]));
      const events = new EventLog();
      const servers = await startServers(supervisor, state, events, progress);
      return new SandboxStack({ folder, progress, supervisor, state, servers, events, flow });
    } catch (error) {
      await closeAll(supervisor, folder);
      throw error;
    }
  }

  /** `pulumi up` with the real engine; the operator may be transferred to. */
  async up(): Promise<void> {
    const options = parseStartOptions(["--flow", this.#flow]);
    const own = { allowedTargets: [OPERATOR], phoneCarrierName: PHONE_CARRIER };
    this.outputs = await this.#progress.step("pulumi up", (report) =>
      declare(this.supervisor, this.state, options, false, report, own),
    );
  }

  /** Middleware and agent as dynos would run them, and the operator. */
  async startServices(): Promise<void> {
    const { supervisor, outputs, state, events, servers } = this;
    await this.#progress.step("middleware", () => startMiddleware(supervisor, outputs, state, events));
    await this.#progress.step("agent", () => this.startAgent());
    this.#dismissOperator = await addOperator(servers.jambonz.account, PHONE_CARRIER, state.ports.sbc);
  }

  async startAgent(): Promise<void> {
    this.#agent = await startAgent(this.supervisor, this.outputs, this.events);
  }

  async stopAgent(): Promise<void> {
    await this.#agent?.stop();
    this.#agent = undefined;
  }

  /** Takes away what nobody has declared. */
  async dismissOperator(): Promise<void> {
    await this.#dismissOperator?.();
    this.#dismissOperator = undefined;
  }

  /** For commands that read the stack: the backend is the sandbox's, whatever the user's own is; nothing of a live one is known. */
  io(): CommandIO {
    const { PULUMI_BACKEND_URL: _backend, MIDDLEWARE_URL: _url, CALLS_TOKEN: _token, ...environment } = process.env;
    return { ...processIO(), environment };
  }

  async close(): Promise<void> {
    await this.dismissOperator();
    await this.#progress.step("everything stopped", () => closeAll(this.supervisor, this.#folder));
  }
}

/** Ctrl-C leaves nothing behind either. */
function closeOnSignal(supervisor: Supervisor, folder: string): void {
  const { asked } = stopSignal();
  void asked.then(() => closeAll(supervisor, folder)).finally(() => process.exit(1));
}

async function closeAll(supervisor: Supervisor, folder: string): Promise<void> {
  await supervisor.stopAll();
  rmSync(folder, { recursive: true, force: true });
}
