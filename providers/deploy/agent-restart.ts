import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { DeclaredResource } from "../dynamic/declared.ts";
import { TrunklineError } from "../dynamic/errors.ts";
import type { Handler, InputsOf } from "../dynamic/resource.ts";
import { stub } from "../dynamic/stub.ts";
import { requireSameHost } from "../livekit/environment.ts";
import { livekitHost } from "../livekit/fields.ts";
import { callsInProgress } from "./calls-in-progress.ts";

/** Whatever changes here restarts the agent. */
export interface AgentRestartArgs {
  /** The LiveKit project, `wss://…`. */
  host: pulumi.Input<string>;
  /** The stack's identity, which marks the rooms of its calls: no other room counts. */
  stackId: pulumi.Input<string>;
  /** The name the agent is dispatched by. */
  agentName: pulumi.Input<string>;
  /** The content hash of the build. */
  buildHash: pulumi.Input<string>;
  /** Says which config vars it has; any text that changes with them. */
  configuration: pulumi.Input<string>;
  /** Restart it also while calls go on: they lose their agent. */
  duringCalls: pulumi.Input<boolean>;
}

const fields = {
  host: livekitHost,
  stackId: z.string().min(1),
  agentName: z.string().min(1),
  buildHash: z.string(),
  configuration: z.string(),
  duringCalls: z.boolean(),
} as const;

type Inputs = InputsOf<typeof fields>;

const provider = stub("deploy:AgentRestart");

/**
 * Stands before everything that restarts the agent: while calls go on, it refuses, and nothing behind it is touched.
 * Errors: CALLS_IN_PROGRESS, with their number.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { AgentRestart, SipRouting } from "@trunkline/providers";
 *
 * const config = new pulumi.Config();
 * const host = "wss://example.livekit.cloud";
 * const guard = new SipRouting("routing", { host });
 *
 * new AgentRestart("agent", {
 *   host,
 *   stackId: guard.stackId,
 *   agentName: "reception",
 *   buildHash: config.require("agentBuild"),
 *   configuration: config.require("agentConfiguration"),
 *   duringCalls: false,
 * });
 * ```
 */
export class AgentRestart extends DeclaredResource {
  constructor(resourceName: string, args: AgentRestartArgs, options: pulumi.CustomResourceOptions = {}) {
    super(resourceName, { provider, inputs: { ...args }, options, module: "deploy", type: "AgentRestart" });
  }
}

/** How it is done. Called by the dispatcher. */
export const agentRestart: Handler<Inputs, Inputs> = {
  fields,
  replaceOn: [],
  validate: ({ host }) => requireSameHost(host),
  async create(inputs) {
    await requireQuiet(inputs, undefined);
    return { id: "agent-restart", outs: inputs };
  },
  async update(_id, state, inputs) {
    const restarts = state.buildHash !== inputs.buildHash || state.configuration !== inputs.configuration;
    if (restarts) await requireQuiet(inputs, state.stackId);
    return inputs;
  },
  async read(_id, state) {
    return { props: state, inputs: state };
  },
  async delete() {
    // There is nothing.
  },
};

/** @param running the identity with which the middleware runs; undefined: it may be one that marks no rooms */
async function requireQuiet({ stackId, ...inputs }: Inputs, running: string | undefined): Promise<void> {
  if (inputs.duringCalls) return;
  const stackIds = [stackId, ...(running === undefined ? [] : [running])];
  const calls = await callsInProgress({ ...inputs, stackIds }, running === undefined);
  if (calls === 0) return;
  throw new TrunklineError(
    "CALLS_IN_PROGRESS",
    `This update would restart the agent, and ${calls} call(s) are going on: they would lose it. The agent was left as it was. Run \`pulumi up\` again when they have ended, or: pulumi config set --path heroku.deployDuringCalls true`,
  );
}
