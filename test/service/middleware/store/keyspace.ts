import { setTimeout as pause } from "node:timers/promises";
import type { Redis } from "ioredis";
import { agentInvite, CALLER_SID, callerInvite, eventually, LEG_SID, type Service } from "../support.ts";

export const ENDED_SID = "11111111-0000-4000-8000-000000000003";
const ENDED_LEG_SID = "22222222-0000-4000-8000-000000000004";
export const WAITING_SID = "11111111-0000-4000-8000-000000000005";
const ORIGIN = {
  sbc_callid: "carrier-call-1@192.0.2.1",
  trace_id: "0af7651916cd43dd8448eb211c80319c",
  sip: {
    headers: { "x-carrier": "north" },
    body: "v=0\r\nm=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n",
  },
};

/** What a version of the middleware leaves in Redis while three calls are there: one talks, one waits, one has ended. */
export interface Keyspace {
  /** Call ids. */
  readonly talking: string;
  readonly waiting: string;
  readonly ended: string;
  readonly keys: Record<string, { type: string; value: unknown }>;
}

/** Makes the three calls. */
export async function makeCalls(service: Service): Promise<Omit<Keyspace, "keys">> {
  const { rooms, hook } = service;
  rooms.view = {
    ...{ agentReady: true, callerPresent: true, callerActive: true, livekitCallId: "SCL_oldVersion01" },
    agentReport: { joinMs: 120, readyMs: 180, firstAudioMs: 240, turns: 2, interruptions: 0 },
  };
  const talking = await talk(service, CALLER_SID, LEG_SID);
  const ended = await talk(service, ENDED_SID, ENDED_LEG_SID);
  await hook("/livekit-api/status", { call_sid: ENDED_SID, call_status: "completed" });
  rooms.view = { agentReady: false, callerPresent: false };
  await hook("/livekit-api", callerInvite({ call_sid: WAITING_SID, ...ORIGIN }));
  await hook("/livekit-api/wait", { call_sid: WAITING_SID });
  return { talking, ended, waiting: rooms.calls.at(-1)?.callId ?? "" };
}

async function talk({ rooms, hook }: Service, callSid: string, legSid: string): Promise<string> {
  const before = rooms.count("createAgentLeg");
  await hook("/livekit-api", callerInvite({ call_sid: callSid, ...ORIGIN }));
  await hook("/livekit-api/wait", { call_sid: callSid });
  await eventually(() => rooms.count("createAgentLeg") > before);
  const callId = rooms.calls.at(-1)?.callId ?? "";
  await pause(50);
  await hook("/livekit-api/agent-leg", agentInvite(callId, { call_sid: legSid }));
  await hook("/livekit-api/status", { call_sid: legSid, call_status: "in-progress" });
  await pause(1_300); // the next look into the room brings the report
  return callId;
}

/** All keys of a Redis. */
export async function readKeys(client: Redis): Promise<Keyspace["keys"]> {
  const keys = (await client.keys("*")).sort();
  const values = keys.map(async (key) => {
    const type = await client.type(key);
    return [key, { type, value: await readValue(client, key, type) }] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}

async function readValue(client: Redis, key: string, type: string): Promise<unknown> {
  if (type === "hash") return client.hgetall(key);
  if (type === "zset") return client.zrange(key, "0", "-1", "WITHSCORES");
  return type === "list" ? client.lrange(key, 0, -1) : client.get(key);
}

/** Writes a keyspace, its times moved to now. */
export async function writeKeys(client: Redis, text: string): Promise<Keyspace> {
  const isTime = /\b1\d{12}\b/g;
  const shift = Date.now() - Math.max(...(text.match(isTime) ?? []).map(Number));
  const keyspace = JSON.parse(text.replaceAll(isTime, (time) => String(Number(time) + shift))) as Keyspace;
  for (const [key, { type, value }] of Object.entries(keyspace.keys)) {
    if (type === "hash") await client.hset(key, value as Record<string, string>);
    else if (type === "zset") await client.zadd(key, ...(value as string[]).toReversed());
    else if (type === "list") await client.rpush(key, ...(value as string[]));
    else await client.set(key, value as string);
  }
  return keyspace;
}
