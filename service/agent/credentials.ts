import { bounded } from "@trunkline/contract/outgoing";
import * as sdk from "livekit-server-sdk";
import { RoomServiceClient, ServerError } from "livekit-server-sdk";
import type { AgentConfig } from "./config.ts";
import { AgentError } from "./errors.ts";

/**
 * Asks LiveKit once whether it knows the key. A server that cannot be reached passes: the worker waits for it.
 * @throws AgentError AGENT_LIVEKIT_KEY_REFUSED: trying again, as the worker does, would not help.
 */
export async function checkCredentials({ url, apiKey, apiSecret }: AgentConfig["livekit"]): Promise<void> {
  const rooms = bounded(new RoomServiceClient(url, apiKey, apiSecret), { url, timeoutSeconds: 5, sdk });
  try {
    await rooms.listRooms(["no such room"]);
  } catch (error) {
    const status = error instanceof ServerError ? error.status : undefined;
    if (status === 401 || status === 403) throw refused(url, apiKey, status);
  }
}

function refused(url: string, apiKey: string, status: number): AgentError {
  const todo = "Set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to a pair of this project and start again.";
  return new AgentError(
    "AGENT_LIVEKIT_KEY_REFUSED",
    `LiveKit at ${url} refused the API key ${apiKey} (${status}). ${todo}`,
  );
}
