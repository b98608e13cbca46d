import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { atMost } from "../dynamic/deadline.ts";
import { DeclaredResource } from "../dynamic/declared.ts";
import type { Handler, InputsOf } from "../dynamic/resource.ts";
import { stub } from "../dynamic/stub.ts";
import { credentialsFor, requireSameHost } from "../livekit/environment.ts";
import { livekitHost } from "../livekit/fields.ts";
import { roomService, sdk } from "../livekit/sdk.ts";
import { appName, buildHash, limitSeconds } from "./fields.ts";
import { readyCheck } from "./ready-check.ts";

/** By this attribute an agent in a room says which build it is. */
export const BUILD_ATTRIBUTE = "trunkline.build";
/** livekit_models.proto, ParticipantInfo.Kind; the SDK does not export it. */
const KIND_AGENT = 4;
/** Rooms with this name are no calls. */
const PROBE_PREFIX = "probe-";
/** Longer than a job takes to reach a worker, be refused, and reach the next one. */
const JOIN_LIMIT_MS = 10_000;
const LOOK_EVERY_MS = 250;
const ROOM_EMPTY_SECONDS = 20;

/** Which agent has to take calls before callers are sent there. */
export interface AgentReadyArgs {
  /** The LiveKit project, `wss://…`. */
  host: pulumi.Input<string>;
  /** The name the agent is dispatched by. */
  agentName: pulumi.Input<string>;
  /** The content hash of the build that has to join. */
  buildHash: pulumi.Input<string>;
  /** The Heroku app, for the command in an error. */
  app: pulumi.Input<string>;
  /** How long it may take: 1 to 1800 s, default 300. */
  limitSeconds?: pulumi.Input<number>;
}

const fields = { host: livekitHost, agentName: z.string().min(1), buildHash, app: appName, limitSeconds } as const;

type Inputs = InputsOf<typeof fields>;

const provider = stub("deploy:AgentReady");

/**
 * A deployment of the agent is done when LiveKit sends this build into a room: twice in a row a probe room is made, the agent
 * is dispatched into it, joins and shows its content hash as the attribute `trunkline.build`. Another build is drift.
 * Errors: NOT_READY, with what joined instead.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { AgentReady } from "@trunkline/providers";
 *
 * new AgentReady("agent", {
 *   host: "wss://example.livekit.cloud",
 *   agentName: "reception",
 *   buildHash: new pulumi.Config().require("agentBuild"),
 *   app: "reception-agent",
 * });
 * ```
 */
export class AgentReady extends DeclaredResource {
  declare readonly buildHash: pulumi.Output<string>;

  constructor(resourceName: string, args: AgentReadyArgs, options: pulumi.CustomResourceOptions = {}) {
    super(resourceName, { provider, inputs: { ...args }, options, module: "deploy", type: "AgentReady" });
  }
}

/** How it is done. Called by the dispatcher. A probe room is removed at once. */
export const agentReady: Handler<Inputs, Inputs> = readyCheck<Inputs>({
  fields,
  validate: ({ host }) => requireSameHost(host),
  inARow: 2,
  wanted: ({ buildHash: build, agentName }) => `build ${build} of "${agentName}" in a probe room`,
  async look(inputs) {
    const build = await probe(inputs, atMost(Math.min(JOIN_LIMIT_MS, inputs.limitSeconds * 1_000)));
    if (build === inputs.buildHash) return { isReady: true };
    return { isReady: false, found: build === undefined ? "no agent joined" : `build "${build}" joined` };
  },
  live: async (inputs) => ({ buildHash: (await probe(inputs, JOIN_LIMIT_MS)) ?? "(no answer)" }),
});

/** Has the agent join a room of its own; returns its build (empty when it shows none), undefined when none joined in time. */
async function probe({ host, agentName }: Inputs, joinLimitMs: number): Promise<string | undefined> {
  const rooms = roomService(host, credentialsFor(host));
  const name = PROBE_PREFIX + randomBytes(12).toString("hex");
  await rooms.createRoom({
    name,
    emptyTimeout: ROOM_EMPTY_SECONDS,
    maxParticipants: 1,
    agents: [new (sdk().RoomAgentDispatch)({ agentName })],
  });
  try {
    for (const end = performance.now() + joinLimitMs; performance.now() < end; await sleep(LOOK_EVERY_MS)) {
      const agent = (await rooms.listParticipants(name)).find(({ kind }) => Number(kind) === KIND_AGENT);
      const build = agent?.attributes[BUILD_ATTRIBUTE];
      if (build !== undefined) return build;
    }
    return undefined;
  } finally {
    await rooms.deleteRoom(name).catch(() => undefined); // it closes by itself
  }
}
