import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { TrunklineError } from "../dynamic/errors.ts";
import type { Handler, InputsOf } from "../dynamic/resource.ts";
import { stub } from "../dynamic/stub.ts";
import { credentialsFor, requireSameHost } from "../livekit/environment.ts";
import { livekitHost } from "../livekit/fields.ts";
import { roomService } from "../livekit/sdk.ts";

const CALL_PREFIX = "call-";
/** The metadata of a room that was made ahead and has no call yet (service/shared/standby.ts): nobody is in it but its agent. */
const STANDBY = '{"standby":true}';

/** Whatever changes here restarts the agent. */
export interface AgentRestartArgs {
  /** The LiveKit project, `wss://…`. */
  host: pulumi.Input<string>;
  /** The content hash of the build. */
  buildHash: pulumi.Input<string>;
  /** Says which config vars it has; any text that changes with them. */
  configuration: pulumi.Input<string>;
  /** Restart it also while calls go on: they lose their agent. */
  duringCalls: pulumi.Input<boolean>;
}

const fields = {
  host: livekitHost,
  buildHash: z.string(),
  configuration: z.string(),
  duringCalls: z.boolean(),
} as const;

type Inputs = InputsOf<typeof fields>;

/**
 * Stands before everything that restarts the agent: while calls go on, it refuses, and nothing behind it is touched.
 * Errors: CALLS_IN_PROGRESS, with their number.
 */
export class AgentRestart extends pulumi.dynamic.Resource {
  constructor(resourceName: string, args: AgentRestartArgs, options: pulumi.CustomResourceOptions = {}) {
    super(stub("deploy:AgentRestart"), resourceName, { ...args }, options, "deploy", "AgentRestart");
  }
}

/** How it is done. Called by the dispatcher. */
export const agentRestart: Handler<Inputs, Inputs> = {
  fields,
  replaceOn: [],
  validate: ({ host }) => requireSameHost(host),
  async create(inputs) {
    await requireQuiet(inputs);
    return { id: "agent-restart", outs: inputs };
  },
  async update(_id, state, inputs) {
    const restarts = state.buildHash !== inputs.buildHash || state.configuration !== inputs.configuration;
    if (restarts) await requireQuiet(inputs);
    return inputs;
  },
  async read(_id, state) {
    return { props: state, inputs: state };
  },
  async delete() {
    // There is nothing.
  },
};

async function requireQuiet({ host, duringCalls }: Inputs): Promise<void> {
  if (duringCalls) return;
  const rooms = await roomService(host, credentialsFor(host)).listRooms();
  // How many are in a room is known only seconds later; and a call's room closes 5 s after everybody has left.
  const calls = rooms.filter(({ name, metadata }) => name.startsWith(CALL_PREFIX) && metadata !== STANDBY);
  if (calls.length === 0) return;
  throw new TrunklineError(
    "CALLS_IN_PROGRESS",
    `This update would restart the agent, and ${calls.length} call(s) are going on: they would lose it. The agent was left as it was. Run \`pulumi up\` again when they have ended, or: pulumi config set --path heroku.deployDuringCalls true`,
  );
}
