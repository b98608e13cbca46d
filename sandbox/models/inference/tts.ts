import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { WebSocket } from "ws";
import { stream } from "../audio-out.ts";
import type { AnswerFault, Faults } from "../fault.ts";
import type { SeenSession } from "../sessions.ts";
import { type Progress, speak, VOICE_RATE } from "../voice.ts";

/** From a sentence to its first sound. */
const THINKING_MS = 80;

interface ClientEvent {
  type: string;
  transcript?: string;
}

/**
 * Text to speech as LiveKit's inference gateway speaks it: read in the client, `@livekit/agents` 1.9.0 src/inference/tts.ts (a sentence a
 * message, `session.flush` after the last, `done` when all was spoken; one connection for many answers) and src/inference/api_protos.ts.
 */
export function openTts(socket: WebSocket, seen: SeenSession, faults: Faults): void {
  new TtsSession(socket, seen, faults);
}

class TtsSession {
  readonly #socket: WebSocket;
  readonly #seen: SeenSession;
  readonly #faults: Faults;
  readonly #id = randomUUID();
  readonly #closed = new AbortController();
  #progress: Progress = { line: "other", samples: 0 };
  /** One sentence after another. */
  #speaking: Promise<unknown> = Promise.resolve();
  #isFirst = true;

  constructor(socket: WebSocket, seen: SeenSession, faults: Faults) {
    this.#socket = socket;
    this.#seen = seen;
    this.#faults = faults;
    socket.once("close", () => this.#closed.abort());
    socket.on("message", (data) => this.#receive(JSON.parse(String(data)) as ClientEvent));
  }

  #receive(event: ClientEvent): void {
    if (event.type === "session.create") {
      Object.assign(this.#seen.settings, event);
      this.#send({ type: "session.created", session_id: this.#id });
    } else if (event.type === "input_transcript") this.#next(() => this.#say(event.transcript ?? ""));
    else if (event.type === "session.flush") this.#next(() => this.#done());
    else if (event.type === "session.close") this.#send({ type: "session.closed", session_id: this.#id });
  }

  #next(work: () => Promise<void>): void {
    this.#speaking = this.#speaking.then(work).catch(() => this.#socket.terminate());
  }

  async #say(text: string): Promise<void> {
    if (this.#closed.signal.aborted) return;
    const fault = this.#isFirst ? this.#faults.takeAnswer("tts") : undefined;
    this.#isFirst = false;
    if (fault && (await this.#suffer(fault))) return;
    this.#seen.texts.push({ who: "model", text: text.trim() });
    await pause(THINKING_MS);
    const rate = Number(this.#seen.settings.sample_rate ?? VOICE_RATE);
    const audio = await speak(text, this.#progress, rate);
    const part = fault?.kind === "dies" ? audio.slice(0, (fault.afterMs * rate) / 1_000) : audio;
    await stream(part, rate, this.#closed.signal, (base64) =>
      this.#send({ type: "output_audio", audio: base64, session_id: this.#id }),
    );
    if (fault?.kind === "dies") this.#socket.terminate();
  }

  /** Whether there is no more to come. */
  async #suffer(fault: AnswerFault): Promise<boolean> {
    if (fault.kind === "slow") await pause(fault.ms);
    if (fault.kind === "mute") await new Promise(() => undefined);
    const message = fault.kind === "quota" ? "quota exceeded" : fault.kind === "error" ? "upstream failed" : undefined;
    if (message !== undefined) this.#send({ type: "error", message, session_id: this.#id });
    return message !== undefined;
  }

  async #done(): Promise<void> {
    this.#progress = { line: "other", samples: 0 };
    this.#isFirst = true;
    this.#send({ type: "done", session_id: this.#id });
  }

  #send(event: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(event));
  }
}
