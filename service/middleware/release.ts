import { bounded } from "@trunkline/contract/outgoing";
import * as sdk from "livekit-server-sdk";
import { SipClient } from "livekit-server-sdk";
import { type Config, loadConfig } from "./config.ts";
import { ConfigError, reasonOf } from "./errors.ts";

/**
 * The `release:` command: may this build with this configuration replace what is running? Changes nothing.
 * Exit codes: 0 = it may, 1 = LiveKit does not play along, 2 = the configuration is wrong. Any but 0 keeps the old release running.
 */
const REQUEST_TIMEOUT_SECONDS = 10;

try {
  const trunk = await requireTrunk(loadConfig(process.env).livekit);
  process.stdout.write(`The release may go on: LiveKit takes the key and has the outbound trunk ${trunk}.\n`);
} catch (error) {
  process.exitCode = error instanceof ConfigError ? 2 : 1;
  process.stderr.write(`${error instanceof ConfigError ? `${error.code}: ${error.message}` : reasonOf(error)}\n`);
}

async function requireTrunk({ url, apiKey, apiSecret, outboundTrunkId }: Config["livekit"]): Promise<string> {
  const server = { url, timeoutSeconds: REQUEST_TIMEOUT_SECONDS, sdk };
  const sip = bounded(new SipClient(url, apiKey, apiSecret), server);
  const { host } = new URL(url);
  const trunks = await sip.listSipOutboundTrunk().catch((error: unknown) => {
    throw new Error(
      `RELEASE_LIVEKIT_REFUSED: LiveKit at ${host} did not list the outbound trunks with the key ${apiKey}: ${reasonOf(error)}. Set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to a pair of that project.`,
    );
  });
  if (trunks.some(({ sipTrunkId }) => sipTrunkId === outboundTrunkId)) return outboundTrunkId;
  throw new Error(
    `RELEASE_TRUNK_MISSING: LiveKit at ${host} has no outbound trunk ${outboundTrunkId} (LIVEKIT_OUTBOUND_TRUNK_ID). Run pulumi up, which makes it and sets its id.`,
  );
}
