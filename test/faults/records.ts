import { Redis } from "ioredis";
import { wasPutAgain } from "../../service/middleware/calls/outcome.ts";
import { readRecord } from "../../service/middleware/store/record-text.ts";
import type { KeptRecord } from "./invariants.ts";

/**
 * The records of all calls, read where they are kept: what the middleware would say about itself is not what is asked here.
 * Rejects while Redis is away.
 */
export async function recordsIn(redisUrl: string): Promise<KeptRecord[]> {
  const redis = new Redis(redisUrl, { lazyConnect: true, maxRetriesPerRequest: 1, retryStrategy: () => null });
  redis.on("error", () => undefined); // whoever asked learns of it by the rejection
  try {
    await redis.connect();
    const live = await redis.keys("{trunkline:*}:call:*");
    const records = live.map(async (key) => [key.replace(/^.*:/, ""), await redis.hget(key, "record")] as const);
    const ended = (await redis.keys("{trunkline:*}:ended")).map((key) => redis.hgetall(key));
    const all = [...(await Promise.all(records)), ...(await Promise.all(ended)).flatMap(Object.entries)];
    return all.flatMap(keptRecord);
  } finally {
    redis.disconnect();
  }
}

function keptRecord([callId, text]: readonly [string, string | null]): KeptRecord[] {
  if (text === null) return [];
  const record = readRecord(text, callId);
  const { context, callSid, state } = record;
  return [{ callId: context.callId, callSid, phase: state.phase, wasPutAgain: wasPutAgain(record) }];
}
