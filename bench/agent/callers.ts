/**
 * Callers without SIP, all in one process: each line on stdin, `{"callId","url","token","holdMs"}`, is one call. Says when a
 * call was greeted (`{"event":"greeted","callId","time"}`) and when it was over.
 */
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type RemoteTrack, Room, RoomEvent } from "@livekit/rtc-node";
import { framesOf } from "../../service/agent/audio/frames.ts";
import { Speaker } from "../../service/agent/audio/speaker.ts";
import { levelOf } from "../../service/agent/audio/spectrum.ts";
import { tone } from "../../service/agent/audio/tone.ts";

const SAMPLE_RATE = 16_000;
const AUDIBLE_DB = -40;
const VOICE = { hz: 440, ms: 1_000 };

interface CallOrder {
  callId: string;
  url: string;
  token: string;
  holdMs: number;
}

createInterface({ input: process.stdin }).on("line", (line) => void call(JSON.parse(line) as CallOrder));
process.on("unhandledRejection", () => undefined);
process.stdin.once("end", () => process.exit(0));
print({ event: "callers.ready" });

async function call({ callId, url, token, holdMs }: CallOrder): Promise<void> {
  const room = new Room();
  const over = new AbortController();
  const greeted = new Promise<void>((resolve) => {
    room.on(RoomEvent.TrackSubscribed, (track) => void listen(track, over.signal, resolve));
  });
  await room.connect(url, token, { autoSubscribe: true, dynacast: false });
  const speaker = new Speaker(SAMPLE_RATE);
  await speaker.publish(room);
  const waited = await Promise.race([greeted.then(() => true), sleep(10_000).then(() => false)]);
  print({ event: waited ? "greeted" : "silent", callId });
  for (const end = Date.now() + holdMs; waited && Date.now() < end; ) await speaker.play(tone(VOICE, SAMPLE_RATE));
  over.abort();
  await speaker.close();
  await room.disconnect();
  print({ event: "over", callId });
}

/** Hears the track to the end of the call, as a telephone would. */
async function listen(track: RemoteTrack, signal: AbortSignal, heard: () => void): Promise<void> {
  for await (const samples of framesOf(track, SAMPLE_RATE, signal)) if (levelOf(samples) > AUDIBLE_DB) heard();
}

function print(line: object): void {
  console.log(JSON.stringify({ time: Date.now(), ...line }));
}
