import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RoomServiceClient, SipClient } from "livekit-server-sdk";
import { type CallerReport, type PlaceCallOptions, placeCall } from "../../sandbox/callers/sipp-caller.ts";
import { Supervisor } from "../../sandbox/processes/supervisor.ts";
import { type LivekitServer, startLivekitServer } from "../../sandbox/servers/livekit-server.ts";
import { type LivekitSip, startLivekitSip } from "../../sandbox/servers/livekit-sip.ts";
import { startRedis } from "../../sandbox/servers/redis.ts";

/** A LiveKit project that can be called: livekit-server, livekit-sip, and SIPp to call them. */
export interface SipProject extends LivekitServer {
  api: SipClient;
  rooms: RoomServiceClient;
  sip: LivekitSip;
  /** LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET. */
  environment: Record<"LIVEKIT_URL" | "LIVEKIT_API_KEY" | "LIVEKIT_API_SECRET", string>;
  /** One call with a Call-ID of its own: a rejection is repeated to the same one for 60 s. */
  call(options: Partial<PlaceCallOptions> & { from: string; to: string }): Promise<CallerReport>;
  stop(): Promise<void>;
}

export async function startSipProject(): Promise<SipProject> {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-calls-"));
  const supervisor = new Supervisor({ folder });
  const redis = await startRedis(supervisor);
  const livekit = await startLivekitServer(supervisor, { redisPort: redis.port });
  const sip = await startLivekitSip(supervisor, { livekit, redisPort: redis.port });
  const { url, httpUrl, apiKey, apiSecret } = livekit;
  return {
    ...livekit,
    sip,
    api: new SipClient(httpUrl, apiKey, apiSecret),
    rooms: new RoomServiceClient(httpUrl, apiKey, apiSecret),
    environment: { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret },
    call: (options) =>
      placeCall(supervisor, { target: sip.host, toneHz: 1_000, folder, holdMs: 300, timeoutMs: 5_000, ...options }),
    async stop() {
      await supervisor.stopAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
