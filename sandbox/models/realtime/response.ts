import { setTimeout as pause } from "node:timers/promises";
import { stream } from "../audio-out.ts";
import type { AnswerFault } from "../fault.ts";
import { QUOTA } from "../front.ts";
import { type Reply, textOf } from "../script.ts";
import type { SeenSession } from "../sessions.ts";
import { speak, VOICE_RATE } from "../voice.ts";
import { idOf, type Wire } from "./wire.ts";

/** From the request to the first sound. */
const THINKING_MS = 100;
/** Assistant audio is one token per 50 ms, a caller's one per 100 ms (platform.openai.com/docs/guides/realtime-costs). */
const MS_PER_OUTPUT_TOKEN = 50;
const INPUT_TOKENS = 120;

/** One answer, from `response.created` to `response.done`. */
export class Response {
  readonly #session: Wire;
  readonly #seen: SeenSession;
  readonly #id = idOf("resp");
  readonly #metadata: object;
  readonly #stopping = new AbortController();
  readonly #output: object[] = [];
  #sentMs = 0;
  #end: { status: string; status_details: object | null } | undefined;
  #isDone = false;

  constructor(session: Wire, seen: SeenSession, reply: Reply, fault: AnswerFault | undefined, metadata: object) {
    this.#session = session;
    this.#seen = seen;
    this.#metadata = metadata;
    void this.#run(reply, fault);
  }

  get isActive(): boolean {
    return !this.#isDone;
  }

  cancel(reason: "turn_detected" | "client_cancelled"): void {
    this.#finish("cancelled", { type: "cancelled", reason });
  }

  /** Says nothing more, not even that it is over: nobody listens. */
  stop(): void {
    this.#isDone = true;
    this.#stopping.abort();
  }

  async #run(reply: Reply, fault: AnswerFault | undefined): Promise<void> {
    this.#send("response.created", { response: this.#resource("in_progress") });
    if (fault?.kind === "mute") return;
    if (fault?.kind === "quota") return this.#fail(QUOTA);
    if (fault?.kind === "error") return this.#fail({ type: "server_error", code: "server_error", message: "Sorry" });
    await pause(fault?.kind === "slow" ? fault.ms : THINKING_MS);
    const text = textOf(reply);
    if (text !== "" && this.isActive) await this.#say(text, fault);
    if (!this.isActive) return;
    for (const { name, args } of reply.call ?? []) this.#call(name, args);
    this.#finish("completed", null);
  }

  async #say(text: string, fault: AnswerFault | undefined): Promise<void> {
    const item = { id: idOf("item"), type: "message", role: "assistant", content: [] as object[] };
    const at = { item_id: item.id, output_index: this.#output.length, content_index: 0 };
    this.#seen.texts.push({ who: "model", text });
    this.#send("response.output_item.added", { output_index: at.output_index, item });
    this.#session.add(item);
    this.#send("response.content_part.added", { ...at, part: { type: "audio", transcript: "" } });
    this.#send("response.output_audio_transcript.delta", { ...at, delta: text });
    await this.#stream(await speak(text, { line: "other", samples: 0 }), at, fault);
    if (this.isActive || this.#end) this.#doneSpeaking(item, at, text);
  }

  async #stream(audio: Int16Array, at: object, fault: AnswerFault | undefined): Promise<void> {
    const whole = fault?.kind === "dies" ? audio.slice(0, (fault.afterMs * VOICE_RATE) / 1_000) : audio;
    const send = (delta: string) => this.#send("response.output_audio.delta", { ...at, delta });
    this.#sentMs += await stream(whole, VOICE_RATE, this.#stopping.signal, send);
    if (fault?.kind === "dies") this.#session.die();
  }

  #doneSpeaking(item: { content: object[] }, at: object, transcript: string): void {
    const part = { type: "audio", transcript };
    item.content.push(part);
    this.#output.push(item);
    if (!this.isActive) return;
    this.#send("response.output_audio.done", at);
    this.#send("response.output_audio_transcript.done", { ...at, transcript });
    this.#send("response.content_part.done", { ...at, part });
    this.#send("response.output_item.done", { output_index: this.#output.length - 1, item });
  }

  #call(name: string, args: object): void {
    const item = {
      ...{ id: idOf("item"), type: "function_call", status: "completed" },
      ...{ call_id: idOf("call"), name, arguments: JSON.stringify(args) },
    };
    const output_index = this.#output.length;
    this.#output.push(item);
    this.#send("response.output_item.added", { output_index, item: { ...item, status: "in_progress", arguments: "" } });
    this.#session.add(item);
    this.#send("response.function_call_arguments.done", { item_id: item.id, output_index, arguments: item.arguments });
    this.#send("response.output_item.done", { output_index, item });
  }

  #fail(error: object): void {
    this.#finish("failed", { type: "failed", error });
  }

  #finish(status: string, status_details: object | null): void {
    if (this.#isDone) return;
    this.#end = { status, status_details };
    this.#isDone = true;
    this.#stopping.abort();
    this.#send("response.done", { response: this.#resource(status) });
  }

  #resource(status: string): object {
    const output_tokens = Math.round(this.#sentMs / MS_PER_OUTPUT_TOKEN);
    const usage = {
      ...{ total_tokens: INPUT_TOKENS + output_tokens, input_tokens: INPUT_TOKENS, output_tokens },
      input_token_details: { text_tokens: INPUT_TOKENS - 20, audio_tokens: 20, cached_tokens: 0 },
      output_token_details: { text_tokens: 0, audio_tokens: output_tokens },
    };
    return {
      ...{ id: this.#id, object: "realtime.response", status, metadata: this.#metadata, output: this.#output },
      status_details: this.#end?.status_details ?? null,
      usage: status === "in_progress" ? null : usage,
    };
  }

  #send(type: string, fields: object): void {
    this.#session.send({ type, response_id: this.#id, ...fields });
  }
}
