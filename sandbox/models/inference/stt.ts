import { randomUUID } from "node:crypto";
import type { WebSocket } from "ws";
import { samplesOf } from "../audio-out.ts";
import { Ear, type Utterance } from "../ear.ts";
import type { Faults } from "../fault.ts";
import { wordsOf } from "../script.ts";
import type { SeenSession } from "../sessions.ts";

/** So long a pause ends an utterance for the recognizer. */
const SILENCE_MS = 300;
const DEFAULT_RATE = 16_000;

interface ClientEvent {
  type: string;
  audio?: string;
  settings?: { sample_rate?: string; language?: string };
}

/**
 * Speech to text as LiveKit's inference gateway speaks it: read in the client, `@livekit/agents` 1.9.0 src/inference/stt.ts (messages and
 * their order) and src/inference/api_protos.ts (their fields). Words stand for tones.
 */
export function openStt(socket: WebSocket, seen: SeenSession, faults: Faults): void {
  const session_id = randomUUID();
  const send = (event: object) => socket.readyState === socket.OPEN && socket.send(JSON.stringify(event));
  let ear: Ear | undefined;

  const transcript = (type: string, { fromMs, toMs, hz }: Utterance) => {
    const [start, duration] = [fromMs / 1_000, (toMs - fromMs) / 1_000];
    const words = [{ word: wordsOf(hz), start, end: start + duration, confidence: 1 }];
    const language = (seen.settings.settings as ClientEvent["settings"])?.language ?? "en";
    send({ type, session_id, transcript: wordsOf(hz), language, start, duration, confidence: 1, words, extra: null });
  };
  const stopped = (utterance: Utterance) => {
    const fault = faults.takeAnswer("stt");
    if (fault?.kind === "mute") return;
    if (fault?.kind === "dies") return socket.terminate();
    if (fault?.kind === "quota") return void send({ type: "error", message: "quota exceeded", code: 429 });
    if (fault?.kind === "error") return void send({ type: "error", message: "upstream failed", code: 500 });
    seen.heardHz.push(utterance.hz);
    setTimeout(() => transcript("final_transcript", utterance), fault?.kind === "slow" ? fault.ms : 0);
  };
  const understood = (utterance: Utterance) => transcript("interim_transcript", utterance);
  const begin = (event: ClientEvent) => {
    Object.assign(seen.settings, event);
    const rate = Number(event.settings?.sample_rate ?? DEFAULT_RATE);
    ear = new Ear(rate, () => SILENCE_MS, { started: () => undefined, understood, stopped });
    send({ type: "session.created", session_id });
  };

  socket.on("message", (data) => {
    const event = JSON.parse(String(data)) as ClientEvent;
    if (event.type === "session.create") begin(event);
    else if (event.type === "input_audio") ear?.hear(samplesOf(event.audio ?? ""));
    else if (event.type === "session.finalize") send({ type: "session.finalized" });
    else if (event.type === "session.close") send({ type: "session.closed" });
  });
}
