import { setTimeout as pause } from "node:timers/promises";
import { AccessToken } from "livekit-server-sdk";
import { WebSocket } from "ws";
import type { ConnectFault, ServiceName } from "../../../sandbox/models/fault.ts";
import { LINES } from "../../../sandbox/models/lines.ts";
import { Models } from "../../../sandbox/models/models.ts";
import { PHRASES } from "../../../sandbox/models/script.ts";
import { VOICE_RATE } from "../../../sandbox/models/voice.ts";
import { requireSpeech } from "../../../sandbox/toolchain/debian.ts";
import { tone } from "../../../service/agent/audio/tone.ts";

// The stand-ins as their clients see them; the real clients speak to them in test/calls.
let models: Models;

beforeAll(async () => {
  await requireSpeech(() => undefined);
  models = await Models.start();
}, 120_000);
afterAll(() => models.stop());
afterEach(async () => {
  models.faults.heal();
  models.openai.cut();
  models.gateway.cut();
  await pause(50);
  expect(models.openSockets).toBe(0);
});

interface Wire {
  type: string;
  [field: string]: unknown;
}

class Client {
  readonly events: Wire[] = [];
  readonly socket: WebSocket;
  readonly opened: Promise<string>;
  readonly closed: Promise<number>;

  constructor(url: string, authorization: string) {
    this.socket = new WebSocket(url.replace("http", "ws"), { headers: { authorization } });
    this.socket.on("message", (data) => this.events.push(JSON.parse(String(data)) as Wire));
    this.closed = new Promise((resolve) => this.socket.once("close", resolve));
    this.opened = new Promise((resolve) => {
      this.socket.once("open", () => resolve("open"));
      this.socket.once("error", ({ message }) => resolve(message));
    });
  }

  send(event: object): void {
    this.socket.send(JSON.stringify(event));
  }

  async saw(type: string, count = 1): Promise<Wire> {
    for (const end = Date.now() + 8_000; Date.now() < end; await pause(10)) {
      const found = this.events.filter((event) => event.type === type)[count - 1];
      if (found) return found;
    }
    throw new Error(`${type} did not come; came: ${this.events.map((event) => event.type)}`);
  }

  hear(hz: number, ms: number): void {
    const samples = tone({ hz, ms }, VOICE_RATE);
    this.send({ type: "input_audio_buffer.append", audio: Buffer.from(samples.buffer).toString("base64") });
  }
}

async function authorizationOf(service: ServiceName): Promise<string> {
  if (service === "realtime") return `Bearer ${models.environment("realtime").OPENAI_API_KEY}`;
  const { LIVEKIT_INFERENCE_API_KEY: key, LIVEKIT_INFERENCE_API_SECRET: secret } = models.environment("pipeline");
  const token = new AccessToken(key, secret, { identity: "agent" });
  token.addInferenceGrant({ perform: true });
  return `Bearer ${await token.toJwt()}`;
}

const PATHS = { realtime: "/realtime?model=gpt-realtime", stt: "/stt?model=a", tts: "/tts?model=a", llm: "" };

function open(service: ServiceName, authorization: string): Client {
  const { url } = service === "realtime" ? models.openai : models.gateway;
  return new Client(url + PATHS[service], authorization);
}

async function ask(authorization: string, messages: object[], signal?: AbortSignal): Promise<string> {
  const headers = { authorization, "content-type": "application/json" };
  const tools = [{ type: "function", function: { name: "hangUp" } }];
  const body = JSON.stringify({ model: "a", messages, tools });
  const request = { method: "POST", headers, body, ...(signal && { signal }) };
  const answer = await fetch(`${models.gateway.url}/chat/completions`, request);
  return `${answer.status} ${await answer.text()}`;
}

describe.each(["realtime", "stt", "tts"] as const)("%s", (service) => {
  test("opens for its key and for no other", async () => {
    expect(await open(service, await authorizationOf(service)).opened).toBe("open");
    expect(await open(service, "Bearer wrong").opened).toContain("401");
  });

  test.each<[ConnectFault, RegExp]>([
    [{ kind: "status", status: 401 }, /401/],
    [{ kind: "status", status: 429 }, /429/],
    [{ kind: "status", status: 503 }, /503/],
    [{ kind: "noUpgrade" }, /200/],
    [{ kind: "reset" }, /ECONNRESET|hang up/],
  ])("can fail with %j, once", async (fault, message) => {
    models.faults.onConnect(service, fault, 1);
    const authorization = await authorizationOf(service);
    expect(await open(service, authorization).opened).toMatch(message);
    expect(await open(service, authorization).opened).toBe("open");
  });

  test("can hang, be late, and refuse by TCP", async () => {
    const authorization = await authorizationOf(service);
    models.faults.onConnect(service, { kind: "hang" }, 1);
    expect(await Promise.race([open(service, authorization).opened, pause(300)])).toBeUndefined();
    models.faults.onConnect(service, { kind: "late", ms: 200 }, 1);
    const askedAt = Date.now();
    expect(await open(service, authorization).opened).toBe("open");
    expect(Date.now() - askedAt).toBeGreaterThanOrEqual(190);
    const front = service === "realtime" ? models.openai : models.gateway;
    front.refuse();
    expect(await open(service, authorization).opened).toContain("ECONNREFUSED");
    await front.listen();
    expect(await open(service, authorization).opened).toBe("open");
  });
});

async function session(): Promise<Client> {
  const client = open("realtime", await authorizationOf("realtime"));
  await client.opened;
  const turn_detection = { type: "server_vad", silence_duration_ms: 200, create_response: true };
  const tools = [{ name: "hangUp" }];
  client.send({
    type: "session.update",
    session: { instructions: "Help.", tools, audio: { input: { turn_detection } } },
  });
  await client.saw("session.updated");
  return client;
}

test("realtime: greets as it is instructed, hears a caller, answers, calls a tool", async () => {
  const client = await session();
  client.send({ type: "response.create", response: { instructions: "Help.\nGreet the caller." } });
  const greeted = await client.saw("response.done");
  expect(greeted.response).toMatchObject({ status: "completed", usage: { output_tokens: expect.any(Number) } });
  expect(await client.saw("response.output_audio_transcript.done")).toMatchObject({ transcript: LINES.greeting });
  client.hear(PHRASES.goodbye.hz, 500);
  client.hear(0, 400);
  expect(await client.saw("conversation.item.input_audio_transcription.completed")).toMatchObject({
    transcript: PHRASES.goodbye.words,
  });
  const { response } = await client.saw("response.done", 2);
  expect(response).toMatchObject({ output: [{ type: "message" }, { type: "function_call", name: "hangUp" }] });
});

test("realtime: a caller who speaks over the answer cancels it; errors are the API's", async () => {
  const client = await session();
  client.send({ type: "response.cancel", event_id: "c1" });
  expect(await client.saw("error")).toMatchObject({ error: { code: "response_cancel_not_active", event_id: "c1" } });
  client.send({ type: "response.create" });
  await client.saw("response.output_audio.delta");
  client.send({ type: "response.create" });
  expect(await client.saw("error", 2)).toMatchObject({ error: { code: "conversation_already_has_active_response" } });
  client.hear(1_000, 300);
  const { response } = await client.saw("response.done");
  expect(response).toMatchObject({ status: "cancelled", status_details: { reason: "turn_detected" } });
});

test("realtime: runs out of quota, dies in the middle of an answer", async () => {
  const client = await session();
  models.faults.onAnswer("realtime", { kind: "quota" }, 1);
  client.send({ type: "response.create" });
  expect((await client.saw("response.done")).response).toMatchObject({
    status: "failed",
    status_details: { error: { code: "insufficient_quota" } },
  });
  models.faults.onAnswer("realtime", { kind: "dies", afterMs: 500 }, 1);
  client.send({ type: "response.create" });
  expect(await client.closed).toBe(1_006);
  expect(client.events.filter(({ type }) => type === "response.output_audio.delta")).toHaveLength(5);
});

test("the language model: text and a tool call in a stream; quota; death in the middle", async () => {
  const authorization = await authorizationOf("llm");
  const goodbye = [{ role: "user", content: PHRASES.goodbye.words }];
  const stream = await ask(authorization, goodbye);
  expect(stream).toMatch(/^200 data: /);
  expect(stream).toContain('"name":"hangUp"');
  expect(stream).toContain('"completion_tokens"');
  expect(stream.trim()).toMatch(/data: \[DONE\]$/);
  models.faults.onAnswer("llm", { kind: "quota" }, 1);
  expect(await ask(authorization, goodbye)).toMatch(/^429 .*insufficient_quota/);
  models.faults.onAnswer("llm", { kind: "dies", afterMs: 10 }, 1);
  await expect(ask(authorization, goodbye)).rejects.toThrow();
  models.faults.onConnect("llm", { kind: "status", status: 503 }, 1);
  expect(await ask(authorization, goodbye)).toMatch(/^503 /);
  expect(await ask("Bearer wrong", goodbye)).toMatch(/^401 .*invalid_api_key/);
});

test("the speech models: words for tones, speech for text", async () => {
  const stt = open("stt", await authorizationOf("stt"));
  await stt.opened;
  stt.send({ type: "session.create", settings: { sample_rate: String(VOICE_RATE), language: "de" } });
  const samples = Int16Array.from([...tone({ hz: 620, ms: 500 }, VOICE_RATE), ...new Int16Array(VOICE_RATE)]);
  stt.send({ type: "input_audio", audio: Buffer.from(samples.buffer).toString("base64") });
  expect(await stt.saw("final_transcript")).toMatchObject({ transcript: PHRASES.goodbye.words, language: "de" });
  const tts = open("tts", await authorizationOf("tts"));
  await tts.opened;
  tts.send({ type: "session.create" });
  tts.send({ type: "input_transcript", transcript: "Are you still there? " });
  tts.send({ type: "session.flush" });
  await tts.saw("done");
  const chunks = tts.events.filter(({ type }) => type === "output_audio").length;
  expect(chunks).toBeGreaterThan(8); // 100 ms each
});
