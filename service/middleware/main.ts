import { join } from "node:path";
import { type Logger, serviceLogger } from "@trunkline/shared";
import type { FastifyInstance } from "fastify";
import { type Config, loadConfig } from "./config.ts";
import { ConfigError, reasonOf } from "./errors.ts";
import { LiveKitClient } from "./livekit/client.ts";
import { buildServer } from "./server.ts";
import type { CallStore } from "./store/call-store.ts";
import { MemoryStore } from "./store/memory-store.ts";
import { RedisStore } from "./store/redis-store.ts";
import { DEFAULT_RETENTION, MOST_EVENTS } from "./store/retention.ts";

/** Platforms kill a process some 30 s after SIGTERM. */
const SHUTDOWN_LIMIT_MS = 25_000;
/** Callers in queues come for music every 3.5 s; new ones are taken meanwhile, and may not hold this instance for ever. */
const DRAIN_LIMIT_MS = 20_000;

const PAGE_FOLDER = join(import.meta.dirname, "page");

/** Exit codes: 0 = stopped as asked, 1 = could not start, 2 = the configuration is wrong (`--check-config` starts nothing). */
async function main(): Promise<void> {
  const config = configOrExit();
  if (process.argv.includes("--check-config")) {
    process.stdout.write("The configuration is valid.\n");
    return;
  }
  await serve(config, serviceLogger("middleware"));
}

async function serve(config: Config, log: Logger): Promise<void> {
  const rooms = new LiveKitClient({ ...config.livekit, callLimitSeconds: config.callLimitSeconds });
  const server = buildServer({ config, store: storeOf(config, log), rooms, log, pageFolder: PAGE_FOLDER });
  stopOnSignal(server, log);
  for (const replaced of config.calls.speech.replaced) log.warn({ event: "speech.replaced" }, replaced);
  await server.listen({ host: config.host, port: config.port });
  if (config.webhookSecrets.length === 0) log.warn("Webhooks are not verified: JAMBONZ_WEBHOOK_SECRETS is not set");
}

function storeOf({ redis, stack, livekit, endedCallsKept, callEvents }: Config, log: Logger): CallStore {
  const mostEvents = callEvents === undefined ? 0 : MOST_EVENTS;
  const retention = { ...DEFAULT_RETENTION, mostEnded: endedCallsKept, mostEvents };
  if (redis !== undefined) return new RedisStore({ ...redis, stackId: livekit.stackId, stack, retention, log });
  log.info("Calls are kept in memory: for one instance only, and gone with it. REDIS_URL is not set");
  return new MemoryStore(retention);
}

/** A signal may come more than once: only the first one counts, the others must not end the process half-way. */
function stopOnSignal(server: FastifyInstance, log: Logger): void {
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (!stopping) void stop(server, log, signal);
      stopping = true;
    });
  }
}

async function stop(server: FastifyInstance, log: Logger, signal: string): Promise<void> {
  log.info({ signal }, "Stopping: callers in queues get music for the restart, hooks in flight finish");
  setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref();
  await server.drain(DRAIN_LIMIT_MS);
  await server.close();
  process.exit(0);
}

function configOrExit(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}\n`);
    process.exit(2);
  }
}

main().catch((error) => {
  process.stderr.write(`START_FAILED: ${reasonOf(error)}\n`);
  process.exit(1);
});
