import { freePort } from "../processes/ports.ts";
import { accepts, waitUntilReady } from "../processes/ready.ts";
import type { Running, Supervisor } from "../processes/supervisor.ts";
import { findOrBuild } from "../toolchain/binaries.ts";
import type { LivekitServer } from "./livekit-server.ts";

export interface LivekitSip {
  /** `127.0.0.1:PORT`: the host part of SIP URIs to this project. */
  host: string;
  port: number;
  running: Running;
}

export interface LivekitSipOptions {
  livekit: Pick<LivekitServer, "url" | "apiKey" | "apiSecret">;
  redisPort: number;
  sipPort?: number;
  /** Above this share of the whole machine's CPU it calls nobody out (`503 cpu exhausted`). Default 1: never. */
  maxCpuUtilization?: number;
}

/** livekit-sip on loopback, its media and WebRTC sockets too (sandbox/toolchain/source-edits.ts). */
export async function startLivekitSip(supervisor: Supervisor, options: LivekitSipOptions): Promise<LivekitSip> {
  const binary = await findOrBuild("livekit-sip");
  const port = options.sipPort ?? (await freePort());
  // JSON is YAML. Neither a file nor the list of processes has the secret.
  const env = { ...process.env, SIP_CONFIG_BODY: JSON.stringify(sipConfig(port, options)) };
  const running = await supervisor.start({ name: `livekit-sip-${port}`, command: binary, args: [], env });
  await waitUntilReady(running, () => accepts(port));
  return { host: `127.0.0.1:${port}`, port, running };
}

function sipConfig(port: number, { livekit, redisPort, maxCpuUtilization = 1 }: LivekitSipOptions): object {
  return {
    api_key: livekit.apiKey,
    api_secret: livekit.apiSecret,
    ws_url: livekit.url,
    redis: { address: `127.0.0.1:${redisPort}` },
    sip_port: port,
    sip_port_listen: port,
    rtp_port: "30000-40000",
    use_external_ip: false,
    listen_ip: "127.0.0.1",
    // Without these: "no local interface found" (livekit-sip 1.8.0).
    nat_1_to_1_ip: "127.0.0.1",
    media_nat_1_to_1_ip: "127.0.0.1",
    // Its own default 0.9 refuses calls whenever the whole machine is busy, with a build for example.
    max_cpu_utilization: maxCpuUtilization,
    logging: { json: true, level: "info" },
  };
}
