import { createRequire } from "node:module";
import { bounded } from "@trunkline/contract/outgoing";
import type { AgentDispatchClient, RoomServiceClient } from "livekit-server-sdk";
import { atMost } from "../dynamic/deadline.ts";
import type { LiveKitCredentials } from "./environment.ts";

type Sdk = typeof import("livekit-server-sdk");

const TIMEOUT_SECONDS = 10;

const load = createRequire(import.meta.url);

/**
 * LiveKit's SDK, loaded at its first use: a preview or an update without changes needs nothing of it, and would wait for it twice, 0.2 s each, in
 * the program and in the process that Pulumi starts for its resources (`npm run bench -- pulumi`).
 */
export function sdk(): Sdk {
  return load("livekit-server-sdk") as Sdk;
}

/** Rooms of a LiveKit project. */
export function roomService(url: string, { apiKey, apiSecret }: LiveKitCredentials): RoomServiceClient {
  const rooms = new (sdk().RoomServiceClient)(url, apiKey, apiSecret);
  return bounded(rooms, { url, timeoutSeconds: atMost(TIMEOUT_SECONDS * 1_000) / 1_000, sdk: sdk() });
}

/** Dispatches of agents into its rooms. */
export function dispatchService(url: string, { apiKey, apiSecret }: LiveKitCredentials): AgentDispatchClient {
  const dispatches = new (sdk().AgentDispatchClient)(url, apiKey, apiSecret);
  return bounded(dispatches, { url, timeoutSeconds: atMost(TIMEOUT_SECONDS * 1_000) / 1_000, sdk: sdk() });
}
