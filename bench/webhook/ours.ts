/**
 * The middleware as it is deployed, but for one thing: its look into a call's room never ends, for no agent comes in this bench, and
 * the looks of thousands of waiting calls would be measured instead of the webhook. `BENCH_STUB=rooms` answers for LiveKit, too.
 */
import { serviceLogger } from "@trunkline/shared";
import { loadConfig } from "../../service/middleware/config.ts";
import { type CallRooms, LiveKitClient } from "../../service/middleware/livekit/client.ts";
import { buildServer } from "../../service/middleware/server.ts";
import { RedisStore } from "../../service/middleware/store/redis-store.ts";

const config = loadConfig(process.env);
const log = serviceLogger("middleware");
const { redis, stack, host, port } = config;
if (!redis) throw new Error("REDIS_URL is not set");

class WatchedRooms extends LiveKitClient {
  override lookInto(): Promise<never> {
    return new Promise(() => undefined);
  }
}

class StubbedRooms extends WatchedRooms implements CallRooms {
  override async createCallRoom(): Promise<void> {}
}

const Rooms = process.env.BENCH_STUB === "rooms" ? StubbedRooms : WatchedRooms;
const rooms = new Rooms({ ...config.livekit, callLimitSeconds: config.callLimitSeconds });
await buildServer({
  config,
  store: new RedisStore({ ...redis, stackId: config.livekit.stackId, stack, log }),
  rooms,
  log,
}).listen({ host, port });
