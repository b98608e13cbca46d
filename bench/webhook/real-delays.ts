import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RoomServiceClient, SipClient } from "livekit-server-sdk";
import { Supervisor } from "../../sandbox/processes/supervisor.ts";
import { startRedis } from "../../sandbox/servers/redis.ts";
import { percentile, round } from "../measure/spread.ts";
import { startWithTrunk } from "./livekit-with-trunk.ts";

/** Milliseconds by API method. */
export type Delays = Record<"CreateRoom" | "CreateSIPParticipant", number>;

const TRIES = 15;

/** What the real servers take for each answer, one request at a time: the medians. */
export async function realDelays(): Promise<Delays> {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-bench-"));
  const supervisor = new Supervisor({ folder });
  try {
    const redis = await startRedis(supervisor);
    const { httpUrl, apiKey, apiSecret, trunkId } = await startWithTrunk(supervisor, redis.port);
    const rooms = new RoomServiceClient(httpUrl, apiKey, apiSecret);
    return await timed(rooms, new SipClient(httpUrl, apiKey, apiSecret), trunkId);
  } finally {
    await supervisor.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(rooms: RoomServiceClient, sip: SipClient, trunkId: string): Promise<Delays> {
  const times = { rooms: [] as number[], legs: [] as number[] };
  for (let number = 0; number < TRIES; number++) {
    const name = `bench-${number}`;
    times.rooms.push(await msOf(rooms.createRoom({ name })));
    times.legs.push(await msOf(sip.createSipParticipant(trunkId, "+4989", name, { ringingTimeout: 1 })));
  }
  const median = (values: number[]) => round(percentile(values, 0.5), 1);
  return { CreateRoom: median(times.rooms), CreateSIPParticipant: median(times.legs) };
}

async function msOf(work: Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work;
  return performance.now() - started;
}
