import { randomBytes } from "node:crypto";
import { freePorts } from "../processes/ports.ts";
import { waitUntilReady } from "../processes/ready.ts";
import type { Running, Supervisor } from "../processes/supervisor.ts";
import { findOrBuild } from "../toolchain/binaries.ts";

export interface LivekitServer {
  /** `ws://127.0.0.1:PORT` */
  url: string;
  httpUrl: string;
  apiKey: string;
  apiSecret: string;
  running: Running;
}

export interface LivekitServerOptions {
  redisPort: number;
  /** Made anew when not given. */
  apiKey?: string;
  apiSecret?: string;
  port?: number;
  /** How long it tries to send a signal while Redis stands still, as `30s`. */
  signalRetry?: string;
}

/** LiveKit's own default. */
export const SHORT_SIGNAL_RETRY = "7.5s";
/** Of LiveKit's sample configuration: a Redis that stands still for so long ends no conversation. docs/FAULTS.md */
const SIGNAL_RETRY = "30s";

/** livekit-server on loopback, all media on one UDP port. */
export async function startLivekitServer(
  supervisor: Supervisor,
  options: LivekitServerOptions,
): Promise<LivekitServer> {
  const binary = await findOrBuild("livekit-server");
  const apiKey = options.apiKey ?? `API${randomBytes(6).toString("hex")}`;
  const apiSecret = options.apiSecret ?? randomBytes(32).toString("hex");
  const [freeHttp, udp] = (await freePorts(2)) as [number, number];
  const port = options.port ?? freeHttp;
  const config = {
    ...serverConfig(port, udp, options.redisPort, { [apiKey]: apiSecret }),
    signal_relay: { retry_timeout: options.signalRetry ?? SIGNAL_RETRY },
  };
  const running = await supervisor.start({
    name: `livekit-server-${port}`,
    command: binary,
    args: [],
    // JSON is YAML. Neither a file nor the list of processes has the secret.
    env: { ...process.env, LIVEKIT_CONFIG: JSON.stringify(config) },
  });
  const httpUrl = `http://127.0.0.1:${port}`;
  await waitUntilReady(running, () =>
    fetch(httpUrl).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
  return { url: `ws://127.0.0.1:${port}`, httpUrl, apiKey, apiSecret, running };
}

function serverConfig(port: number, udp: number, redisPort: number, keys: Record<string, string>): object {
  return {
    port,
    bind_addresses: ["127.0.0.1"],
    rtc: {
      // Its listener for media over TCP is on all addresses, always (mediatransportutil, webrtc_config.go): there is none.
      tcp_port: 0,
      udp_port: udp,
      node_ip: "127.0.0.1",
      use_external_ip: false,
      enable_loopback_candidate: true,
      ips: { includes: ["127.0.0.1/32"] },
    },
    redis: { address: `127.0.0.1:${redisPort}` },
    keys,
    logging: { json: true, level: "info" },
    // A sandbox shares its cores with everything else: a busy CPU is no reason to refuse a room here.
    limit: { num_tracks: -1 },
  };
}
