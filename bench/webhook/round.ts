import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../sandbox/processes/ports.ts";
import { accepts, waitUntilReady } from "../../sandbox/processes/ready.ts";
import { type Running, Supervisor } from "../../sandbox/processes/supervisor.ts";
import { checkout } from "../../sandbox/root.ts";
import { startLivekitServer } from "../../sandbox/servers/livekit-server.ts";
import { startRedis } from "../../sandbox/servers/redis.ts";
import { costOf } from "../agent/process-cost.ts";
import { fire, type Volley } from "./fire.ts";
import { startWithTrunk } from "./livekit-with-trunk.ts";
import type { Delays } from "./real-delays.ts";
import type { Variant } from "./variants.ts";

export interface RoundOptions {
  connections: number;
  requests: number;
  /** What a stub takes for its answers. */
  delays: Delays;
}

/** One variant's share of a round. */
export interface Measured extends Volley {
  /** User and system time of the service's process per request. */
  cpuMs: number;
}

const SECRET = "wh_secret_of_the_bench";
/** Compiles what is hot, and opens the connections. */
const WARM_UP_SHARE = 1 / 3;
const NO_KEYS = { apiKey: "APIbench", apiSecret: "a secret of the bench, of 32 bytes or more" };

interface Api {
  url: string;
  apiKey: string;
  apiSecret: string;
  trunkId?: string;
}

/** Redis, LiveKit and the service, all fresh: no variant meets what another has left. */
export async function measureVariant(variant: Variant, options: RoundOptions): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-bench-"));
  const supervisor = new Supervisor({ folder });
  try {
    const redis = await startRedis(supervisor);
    const api = await startApi(supervisor, variant, redis.port, options.delays);
    const port = await freePort();
    const service = await startQuietly(supervisor, variant.file, port, {
      ...environment(api, redis.url),
      ...variant.env,
    });
    const requests = Math.min(options.requests, variant.mostRequests ?? options.requests);
    return await load(service, { port, secret: SECRET, connections: options.connections, requests });
  } finally {
    await supervisor.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function load(service: Running, target: Parameters<typeof fire>[0]): Promise<Measured> {
  await fire({ ...target, requests: Math.ceil(target.requests * WARM_UP_SHARE) });
  const before = costOf(service.pid).cpuSeconds;
  const volley = await fire(target);
  const cpuMs = ((costOf(service.pid).cpuSeconds - before) * 1_000) / target.requests;
  return { ...volley, cpuMs: Math.round(cpuMs * 1_000) / 1_000 };
}

async function startApi(supervisor: Supervisor, variant: Variant, redisPort: number, delays: Delays): Promise<Api> {
  if (variant.livekit === "real") return startLivekitServer(supervisor, { redisPort });
  if (variant.livekit === "real and SIP") return startWithTrunk(supervisor, redisPort);
  const port = await freePort();
  const env = { BENCH_DELAYS: JSON.stringify(delays) };
  await startQuietly(supervisor, "bench/webhook/livekit-stub.ts", port, env);
  return { url: `ws://127.0.0.1:${port}`, ...NO_KEYS };
}

function environment({ url, apiKey, apiSecret, trunkId = "ST_bench" }: Api, redisUrl: string): Record<string, string> {
  return {
    LIVEKIT_URL: url,
    LIVEKIT_API_KEY: apiKey,
    LIVEKIT_API_SECRET: apiSecret,
    LIVEKIT_OUTBOUND_TRUNK_ID: trunkId,
    JAMBONZ_WEBHOOK_SECRETS: SECRET,
    REDIS_URL: redisUrl,
    TRUNKLINE_STACK: "local",
    CALL_FLOW: "dial",
    ANNOUNCEMENT: "",
    // One source, and calls that nobody ends: limits that are right for callers would be measured here.
    RATE_LIMIT_PER_SECOND: "0",
    MAX_CONCURRENT_CALLS: "10000",
  };
}

/** Its log goes nowhere: to read it would take the CPU of those who measure. */
async function startQuietly(
  supervisor: Supervisor,
  file: string,
  port: number,
  env: Record<string, string>,
): Promise<Running> {
  const name = file.replaceAll(/[/.]/g, "-");
  const own = { PATH: process.env.PATH, HOST: "127.0.0.1", PORT: String(port), NODE_ENV: "production", ...env };
  const args = ["-c", 'exec "$0" "$1" > /dev/null', process.execPath, checkout(file)];
  const running = await supervisor.start({ name, command: "sh", args, env: own });
  await waitUntilReady(running, () => accepts(port));
  return running;
}
