import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { AnswerFault, Faults } from "../fault.ts";
import { QUOTA } from "../front.ts";
import { type Reply, type Script, type Turn, textOf } from "../script.ts";
import type { SeenSession } from "../sessions.ts";

/** From the request to the first word. */
const THINKING_MS = 50;
const WORD_MS = 5;

interface Message {
  role: string;
  content?: string | { text?: string }[] | null;
}

interface ChatRequest {
  model: string;
  messages: Message[];
  tools?: { function: { name: string } }[];
}

/**
 * Chat completions, streamed (platform.openai.com/docs/api-reference/chat-streaming): text word by word, tool calls, usage in the last chunk, as
 * the client asks for it (`stream_options`; `@livekit/agents` 1.9.0 src/inference/llm.ts).
 */
export async function complete(
  request: IncomingMessage,
  response: ServerResponse,
  parts: { seen: SeenSession; faults: Faults; script: Script },
): Promise<void> {
  const asked = JSON.parse(await bodyOf(request)) as ChatRequest;
  const { seen, faults, script } = parts;
  seen.settings = { ...asked };
  const turn = turnOf(asked);
  seen.texts.push({ who: turn.by, text: turn.text });
  const fault = faults.takeAnswer("llm");
  if (fault?.kind === "mute") return;
  if (fault?.kind === "quota") return refuse(response, 429, QUOTA);
  if (fault?.kind === "error") return refuse(response, 500, { type: "server_error", message: "upstream failed" });
  const reply = script(turn);
  seen.texts.push({ who: "model", text: textOf(reply) });
  await pause(fault?.kind === "slow" ? fault.ms : THINKING_MS);
  await streamReply(response, asked, reply, fault);
}

/**
 * What the model is to answer: the last word, if it is a caller's or a tool's. Behind its own words it is asked to say something of its own
 * accord: the framework writes that as the last line of the agent's instructions (`@livekit/agents` 1.9.0 src/voice/agent_activity.ts, `generateReply`).
 */
function turnOf({ messages, tools = [] }: ChatRequest): Turn {
  const names = tools.map((tool) => tool.function.name);
  const last = messages.at(-1);
  if (last?.role === "user") return { by: "caller", text: contentOf(last), tools: names };
  if (last?.role === "tool") return { by: "tool", text: contentOf(last), tools: names };
  const instructions = messages.findLast(({ role }) => role === "system" || role === "developer");
  return { by: "instructions", text: contentOf(instructions).split("\n").at(-1) ?? "", tools: names };
}

function contentOf(message: Message | undefined): string {
  const { content } = message ?? {};
  return typeof content === "string" ? content : (content ?? []).map(({ text }) => text ?? "").join(" ");
}

async function streamReply(
  response: ServerResponse,
  { model }: ChatRequest,
  reply: Reply,
  fault: AnswerFault | undefined,
): Promise<void> {
  const id = `chatcmpl-${randomUUID()}`;
  const about = { id, object: "chat.completion.chunk", created: Math.floor(Date.now() / 1_000), model };
  const send = (fields: object) => response.write(`data: ${JSON.stringify({ ...about, ...fields })}\n\n`);
  const delta = (piece: object, finish_reason: string | null = null) =>
    send({ choices: [{ index: 0, delta: piece, finish_reason }], usage: null });
  response.writeHead(200, { "content-type": "text/event-stream" });
  delta({ role: "assistant", content: "" });
  const words = textOf(reply).split(/(?<= )/);
  for (const [at, word] of words.entries()) {
    if (fault?.kind === "dies" && at * WORD_MS >= fault.afterMs) return void response.destroy();
    if (word !== "") delta({ content: word });
    await pause(WORD_MS);
  }
  for (const [index, { name, args }] of (reply.call ?? []).entries()) {
    delta({ tool_calls: [{ index, id: `call_${randomUUID()}`, type: "function", function: { name, arguments: "" } }] });
    delta({ tool_calls: [{ index, function: { arguments: JSON.stringify(args) } }] });
  }
  delta({}, reply.call?.length ? "tool_calls" : "stop");
  const [prompt_tokens, completion_tokens] = [100, words.length];
  send({ choices: [], usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens } });
  response.end("data: [DONE]\n\n");
}

function refuse(response: ServerResponse, status: number, error: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
