import { setTimeout as pause } from "node:timers/promises";
import type { WebSocket } from "ws";
import { samplesOf } from "../audio-out.ts";
import { Ear, type Utterance } from "../ear.ts";
import type { Faults } from "../fault.ts";
import { type Script, type Turn, wordsOf } from "../script.ts";
import type { SeenSession } from "../sessions.ts";
import { VOICE_RATE } from "../voice.ts";
import { Response } from "./response.ts";
import { type Item, idOf, type Wire, type WireEvent } from "./wire.ts";

interface TurnDetection {
  type: string;
  silence_duration_ms?: number;
  create_response?: boolean;
  interrupt_response?: boolean;
}

export interface SessionParts {
  faults: Faults;
  script: () => Script;
  seen: SeenSession;
}

/** Of `server_vad`; what `semantic_vad` waits depends on what was said, and is no longer for a whole sentence (guides/realtime-vad). */
const DEFAULT_SILENCE_MS = 500;

/**
 * The server's side of one session of OpenAI's realtime API over WebSocket (GA), as its reference describes it
 * (platform.openai.com/docs/api-reference/realtime-client-events and realtime-server-events) and as `@livekit/agents-plugin-openai`
 * 1.9 reads it (src/realtime/realtime_model.ts): session, server VAD by energy, audio, function calls, truncation, errors.
 */
export class RealtimeSession implements Wire {
  readonly #socket: WebSocket;
  readonly #parts: SessionParts;
  readonly #ear: Ear;
  readonly #items: Item[] = [];
  #response: Response | undefined;
  #userItem = "";

  constructor(socket: WebSocket, parts: SessionParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#ear = new Ear(VOICE_RATE, () => this.#turnDetection.silence_duration_ms ?? DEFAULT_SILENCE_MS, {
      started: (atMs) => this.#speechStarted(atMs),
      stopped: (utterance) => this.#speechStopped(utterance),
    });
    socket.on("message", (data) => this.#receive(JSON.parse(String(data)) as WireEvent));
    socket.once("close", () => this.#response?.stop());
    this.send({ type: "session.created", session: { id: idOf("sess"), object: "realtime.session", type: "realtime" } });
  }

  send(event: WireEvent): void {
    if (this.#socket.readyState === this.#socket.OPEN)
      this.#socket.send(JSON.stringify({ event_id: idOf("event"), ...event }));
  }

  die(): void {
    this.#socket.terminate();
  }

  add(item: Item): void {
    const previous_item_id = this.#items.at(-1)?.id ?? null;
    this.#items.push(item);
    this.send({ type: "conversation.item.added", previous_item_id, item });
    if (item.type !== "message" || item.role !== "assistant")
      this.send({ type: "conversation.item.done", previous_item_id, item });
  }

  get #turnDetection(): TurnDetection {
    const audio = this.#parts.seen.settings.audio as { input?: { turn_detection?: TurnDetection } } | undefined;
    return audio?.input?.turn_detection ?? { type: "server_vad" };
  }

  #receive(event: WireEvent): void {
    if (event.type === "input_audio_buffer.append") this.#ear.hear(samplesOf(event.audio as string));
    else if (event.type === "session.update") this.#update(event);
    else if (event.type === "conversation.item.create") this.add(event.item as Item);
    else if (event.type === "conversation.item.delete") this.#delete(event);
    else if (event.type === "conversation.item.truncate") this.#truncate(event);
    else if (event.type === "response.create") this.#create(event);
    else if (event.type === "response.cancel") this.#cancel(event);
    else if (event.type === "input_audio_buffer.clear") this.send({ type: "input_audio_buffer.cleared" });
    else if (event.type !== "input_audio_buffer.commit")
      this.#refuse(event, "invalid_value", `Invalid value: '${event.type}'.`);
  }

  #update({ session }: WireEvent): void {
    Object.assign(this.#parts.seen.settings, session);
    this.send({ type: "session.updated", session: this.#parts.seen.settings });
  }

  #delete(event: WireEvent): void {
    const at = this.#items.findIndex(({ id }) => id === event.item_id);
    if (at < 0) return void this.#refuse(event, "item_delete_invalid_item_id", "Error deleting item: not found.");
    this.#items.splice(at, 1);
    this.send({ type: "conversation.item.deleted", item_id: event.item_id });
  }

  /** "Audio content of … ms is already shorter than … ms" is what the API answers to an end behind the item's. */
  #truncate(event: WireEvent): void {
    const { item_id, content_index, audio_end_ms } = event;
    if (!this.#items.some(({ id }) => id === item_id))
      return void this.#refuse(event, "item_truncate_invalid_item_id", "Error truncating item: not found.");
    this.send({ type: "conversation.item.truncated", item_id, content_index, audio_end_ms });
  }

  #create(event: WireEvent): void {
    if (this.#response?.isActive) return void this.#refuse(event, "conversation_already_has_active_response", BUSY);
    const { instructions, metadata } = (event.response ?? {}) as { instructions?: string; metadata?: object };
    this.#respond(
      instructions === undefined ? this.#turnOfItems() : this.#turn("instructions", instructions),
      metadata,
    );
  }

  #cancel(event: WireEvent): void {
    if (!this.#response?.isActive)
      return void this.#refuse(event, "response_cancel_not_active", "Cancellation failed: no active response found");
    this.#response.cancel("client_cancelled");
  }

  /** The last of what the model has not said itself. */
  #turnOfItems(): Turn {
    const last = this.#items.filter(({ type, role }) => role !== "assistant" && type !== "function_call").at(-1);
    if (last?.type === "function_call_output") return this.#turn("tool", last.output ?? "");
    return this.#turn("caller", last?.content?.map(({ text }) => text ?? "").join(" ") ?? "");
  }

  /** The instructions of a response hold those of the session, which are not the turn's own. */
  #turn(by: Turn["by"], text: string): Turn {
    const { instructions = "", tools = [] } = this.#parts.seen.settings as {
      instructions?: string;
      tools?: { name: string }[];
    };
    const own = by === "instructions" && text.startsWith(instructions) ? text.slice(instructions.length) : text;
    return { by, text: own.trim(), tools: tools.map(({ name }) => name) };
  }

  #respond(turn: Turn, metadata: object = {}): void {
    const { seen, script, faults } = this.#parts;
    seen.texts.push({ who: turn.by, text: turn.text });
    const reply = script()(turn);
    this.#response = new Response(this, seen, reply, faults.takeAnswer("realtime"), metadata);
  }

  #speechStarted(atMs: number): void {
    this.#userItem = idOf("item");
    this.send({ type: "input_audio_buffer.speech_started", audio_start_ms: atMs, item_id: this.#userItem });
    if (this.#turnDetection.interrupt_response !== false && this.#response?.isActive)
      this.#response.cancel("turn_detected");
  }

  #speechStopped({ toMs, hz }: Utterance): void {
    const item_id = this.#userItem;
    const words = wordsOf(hz);
    this.#parts.seen.heardHz.push(hz);
    this.send({ type: "input_audio_buffer.speech_stopped", audio_end_ms: toMs, item_id });
    this.send({ type: "input_audio_buffer.committed", item_id, previous_item_id: this.#items.at(-1)?.id ?? null });
    this.add({ id: item_id, type: "message", role: "user", content: [] });
    void this.#transcribe(item_id, words);
    if (this.#turnDetection.create_response === false || this.#response?.isActive) return;
    this.#respond(this.#turn("caller", words));
  }

  /** Beside the answer, which does not wait for it. */
  async #transcribe(item_id: string, transcript: string): Promise<void> {
    await pause(TRANSCRIPTION_MS);
    const usage = { type: "duration", seconds: 1 };
    const type = "conversation.item.input_audio_transcription.completed";
    this.send({ type, item_id, content_index: 0, transcript, usage });
  }

  #refuse({ event_id }: WireEvent, code: string, message: string): void {
    this.send({ type: "error", error: { type: "invalid_request_error", code, message, param: null, event_id } });
  }
}

const TRANSCRIPTION_MS = 150;
const BUSY = "Conversation already has an active response in progress.";
