import { Redis } from "ioredis";
import type { CallRecord } from "../../service/middleware/calls/call-record.ts";
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
    const keys = await redis.keys("{trunkline:*}:call:*");
    const texts = await Promise.all(keys.map((key) => redis.hget(key, "record")));
    return texts.flatMap(keptRecord);
  } finally {
    redis.disconnect();
  }
}

function keptRecord(text: string | null): KeptRecord[] {
  if (text === null) return [];
  const { context, callSid, state } = JSON.parse(text) as CallRecord;
  return [{ callId: context.callId, callSid, phase: state.phase }];
}
