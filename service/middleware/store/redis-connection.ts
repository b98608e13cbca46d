import type { Logger } from "@trunkline/shared";
import { Redis } from "ioredis";
import { reasonOf, StoreError } from "../errors.ts";
import { SCRIPTS } from "./redis-scripts.ts";

export interface RedisSettings {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** Whether the certificate of a `rediss://` server has to be signed by a known authority: Heroku's is self-signed. */
  readonly verifyCertificate: boolean;
}

/** A caller waits for every command: shorter than any hook's patience, longer than a fail-over that goes well. */
const COMMAND_TIMEOUT_MS = 800;
const CONNECT_TIMEOUT_MS = 2_000;
const RETRIES_PER_COMMAND = 3;
const FIRST_RETRY_MS = 50;
const SLOWEST_RETRY_MS = 1_000;

/** A connection that comes back by itself, for ever; its state is logged once per change. */
export function connect({ url, verifyCertificate }: RedisSettings, log: Logger): Redis {
  const redis = new BatchingRedis(url, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: RETRIES_PER_COMMAND,
    retryStrategy: (attempt) => Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), SLOWEST_RETRY_MS),
    // After a fail-over this connection may lead to what is a replica now: the name leads to the new primary.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
    connectionName: "trunkline-middleware",
    scripts: SCRIPTS,
    ...(url.startsWith("rediss:") ? { tls: { rejectUnauthorized: verifyCertificate } } : {}),
  });
  logState(redis, log);
  return redis;
}

/** Commands of one turn of the event loop leave in one system call: under load most of what they cost is that call. */
class BatchingRedis extends Redis {
  override sendCommand(...args: Parameters<Redis["sendCommand"]>): unknown {
    const { stream } = this;
    if (stream?.writable && stream.writableCorked === 0) {
      stream.cork();
      setImmediate(() => stream.uncork());
    }
    return super.sendCommand(...args);
  }
}

/** Redis answers, but not for long: the same connection twice in a row says nothing new. */
function logState(redis: Redis, log: Logger): void {
  let usable: boolean | undefined;
  redis.on("ready", () => {
    if (usable !== true) log.info("Redis is connected");
    usable = true;
  });
  redis.on("error", (error: unknown) => {
    if (usable !== false) log.error({ reason: reasonOf(error) }, "Redis is away");
    usable = false;
  });
}

/** The work's result; whatever Redis or the way to it failed with becomes one error. */
export async function reached<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError("STORE_UNAVAILABLE", `Redis could not be used: ${reasonOf(error)}`);
  }
}
