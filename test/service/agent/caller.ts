/**
 * A caller without SIP, run as a process of its own (rtc-node keeps native threads that a test runner must not hold).
 * Joins `call-<id>` as `caller-<id>`, says what it hears, one JSON object a line, and does what it reads on stdin:
 * `say HZ` (a tone from now on), `press KEYS` (DTMF), `attributes JSON`, `leave`.
 */
import { createInterface } from "node:readline";
import { type RemoteTrack, Room, RoomEvent, TrackKind } from "@livekit/rtc-node";
import { framesOf } from "../../../service/agent/audio/frames.ts";
import { Speaker } from "../../../service/agent/audio/speaker.ts";
import { dominantTone, levelOf } from "../../../service/agent/audio/spectrum.ts";

const SAMPLE_RATE = 16_000;
const WINDOW = SAMPLE_RATE * 0.12; // three of the frames that are heard
const FRAME = SAMPLE_RATE / 50;

const [url = "", token = ""] = process.argv.slice(2);
const room = new Room();
const speaker = new Speaker(SAMPLE_RATE);
let toneHz = 0;
let sent = 0;

room.on(RoomEvent.TrackSubscribed, (track) => {
  if (track.kind === TrackKind.KIND_AUDIO) void listen(track);
});
room.on(RoomEvent.ParticipantDisconnected, (who) => print({ event: "left", identity: who.identity }));
room.on(RoomEvent.DtmfReceived, (_code, key) => print({ event: "key", key }));
room.on(RoomEvent.Disconnected, () => print({ event: "disconnected" }));
await room.connect(url, token, { autoSubscribe: true, dynacast: false });
await speaker.publish(room);
print({ event: "joined" });
void speak();
createInterface({ input: process.stdin }).on("line", (line) => void obey(line));

/** Prints every piece of 120 ms that is not silent. */
async function listen(track: RemoteTrack): Promise<void> {
  const window = new Int16Array(WINDOW);
  let filled = 0;
  for await (const samples of framesOf(track, SAMPLE_RATE, new AbortController().signal)) {
    window.set(samples, filled);
    filled += samples.length;
    if (filled < WINDOW) continue;
    filled = 0;
    const level = levelOf(window);
    if (level > -40) print({ event: "heard", ...dominantTone(window, SAMPLE_RATE), level });
  }
}

/** Without a pause, as a telephone does: silence while there is nothing to say. */
async function speak(): Promise<void> {
  for (;;) {
    const samples = new Int16Array(FRAME);
    if (toneHz > 0)
      samples.forEach((_, i) => {
        samples[i] = 8_000 * Math.sin((2 * Math.PI * toneHz * sent++) / SAMPLE_RATE);
      });
    speaker.add(samples);
    await new Promise((done) => setTimeout(done, speaker.backlogMs > 60 ? 20 : 5));
  }
}

async function obey(line: string): Promise<void> {
  const [command, ...rest] = line.split(" ");
  if (command === "say") {
    toneHz = Number(rest[0]);
    print({ event: "saying", hz: toneHz });
  } else if (command === "press") {
    for (const key of rest[0] ?? "") await room.localParticipant?.publishDtmf("0123456789*#".indexOf(key), key);
  } else if (command === "attributes") await room.localParticipant?.setAttributes(JSON.parse(rest.join(" ")));
  else if (command === "leave") {
    await room.disconnect();
    process.exit(0);
  }
}

function print(line: object): void {
  console.log(JSON.stringify({ time: Date.now(), ...line }));
}
