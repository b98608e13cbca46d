import { bounded } from "@trunkline/contract/outgoing";
import * as sdk from "livekit-server-sdk";
import { RoomServiceClient } from "livekit-server-sdk";
import { type AgentConfig, readConfig } from "./config.ts";
import { loadConversation } from "./conversations/choose.ts";
import { AgentError } from "./errors.ts";

/**
 * The `release:` command: may this build with this configuration replace what is running? Changes nothing.
 * Exit codes: 0 = it may, 1 = LiveKit does not take the key, 2 = the configuration is wrong. Any but 0 keeps the old release running.
 */
const REQUEST_TIMEOUT_SECONDS = 10;

try {
  const config = readConfig(process.env);
  if (config.conversation.name === "own") await loadConversation(config);
  await requireKey(config.livekit);
  process.stdout.write("The release may go on: LiveKit takes the key.\n");
} catch (error) {
  const isConfig = error instanceof AgentError;
  process.exitCode = isConfig ? 2 : 1;
  process.stderr.write(`${isConfig ? `${error.code}: ` : ""}${error instanceof Error ? error.message : error}\n`);
}

/** Unlike the worker, which waits for a server that is away, a release does not start without one. */
async function requireKey({ url, apiKey, apiSecret }: AgentConfig["livekit"]): Promise<void> {
  const server = { url, timeoutSeconds: REQUEST_TIMEOUT_SECONDS, sdk };
  const rooms = bounded(new RoomServiceClient(url, apiKey, apiSecret), server);
  await rooms.listRooms(["no such room"]).catch((error: Error) => {
    throw new Error(
      `RELEASE_LIVEKIT_REFUSED: LiveKit at ${new URL(url).host} did not answer the key ${apiKey}: ${error.message}. Set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to a pair of that project.`,
    );
  });
}
