import { setTimeout as pause } from "node:timers/promises";
import { firstHeard } from "../../sandbox/calls/heard.ts";
import { invitedAt, lengthOf, linesOf, ModelCaller } from "../../sandbox/calls/model-caller.ts";
import { type FlowName, type PlacedCall, System } from "../../sandbox/calls/system.ts";
import { type ModelConversation, Models } from "../../sandbox/models/models.ts";
import type { Running } from "../../sandbox/processes/supervisor.ts";
import { checkout } from "../../sandbox/root.ts";
import { requireSpeech } from "../../sandbox/toolchain/debian.ts";
import { round, type Spread, spreadOf } from "../measure/spread.ts";
import { type MemoryCourse, watched } from "./process-cost.ts";

type ConversationName = "echo" | ModelConversation;

/** One conversation on one worker, as callers with SIP and RTP lived through it. */
export interface ConversationRow {
  conversation: ConversationName;
  worker: "trunkline" | "stock";
  calls: number;
  /** From the caller's INVITE to the first sound of the greeting, ms; calls one after another. */
  greetingMs: Record<FlowName, Spread>;
  /** From the caller's last sound to the answer's first, ms. */
  turnMs: Spread;
  /** From the caller's first sound over an answer to that answer's last, ms. */
  bargeInMs: Spread;
  cpuSecondsPerCall: number;
  memoryMb: MemoryCourse;
  atOnce: { calls: number; greeted: number; greetingMs: Spread };
}

const FLOWS = ["callback", "dial"] as const satisfies FlowName[];
/** What a worker starts ahead of calls is started by then. */
const SETTLE_MS = 10_000;
/** What the caller leaves for after the good-bye of an agent that does not hang up. */
const BURST_HOLD_MS = 14_000;
const STORY_BEFORE_MS = 2_500;

interface Measured {
  flow: FlowName;
  greetingMs: number;
  turnMs: number;
  bargeInMs: number;
}

/** All rows in turns, one worker after another, on the same servers. */
export async function conversationRows(callsPerFlow: number, atOnce: number): Promise<ConversationRow[]> {
  await requireSpeech(() => undefined);
  const system = new System(false);
  try {
    await system.startServers();
    await system.startMiddleware();
    system.models = await Models.start();
    const rows: ConversationRow[] = [await row(system, "echo", "trunkline", callsPerFlow, atOnce)];
    for (const conversation of ["realtime", "pipeline"] as const)
      for (const worker of ["trunkline", "stock"] as const)
        rows.push(await row(system, conversation, worker, callsPerFlow, atOnce));
    return rows;
  } finally {
    await system.stop();
  }
}

async function row(
  system: System,
  conversation: ConversationName,
  worker: ConversationRow["worker"],
  callsPerFlow: number,
  atOnce: number,
): Promise<ConversationRow> {
  const running = await start(system, conversation, worker);
  await pause(SETTLE_MS);
  const measured: Measured[] = [];
  const alone = await watched(running.pid, async () => {
    for (const flow of FLOWS)
      for (let number = 0; number < callsPerFlow; number++) measured.push(await converse(system, flow, conversation));
  });
  const burst: number[] = [];
  const loaded = await watched(running.pid, async () => {
    const calls = Array.from({ length: atOnce }, (_, index) =>
      greet(system, FLOWS[index % 2] as FlowName, conversation),
    );
    burst.push(...(await Promise.all(calls)));
  });
  await running.stop();
  const of = (flow: FlowName) => spreadOf(measured.filter((one) => one.flow === flow).map((one) => one.greetingMs));
  const result: ConversationRow = {
    ...{ conversation, worker, calls: measured.length, greetingMs: { callback: of("callback"), dial: of("dial") } },
    turnMs: spreadOf(measured.map(({ turnMs }) => turnMs)),
    bargeInMs: spreadOf(measured.map(({ bargeInMs }) => bargeInMs)),
    cpuSecondsPerCall: round(alone.cost.cpuSeconds / measured.length, 2),
    memoryMb: loaded.memoryMb,
    atOnce: { calls: atOnce, greeted: spreadOf(burst).n, greetingMs: spreadOf(burst) },
  };
  process.stderr.write(`  ${conversation}, ${worker}: ${result.atOnce.greeted} of ${atOnce} at once greeted\n`);
  return result;
}

async function start(
  system: System,
  conversation: ConversationName,
  worker: ConversationRow["worker"],
): Promise<Running> {
  if (worker === "stock") return startStock(system, conversation as ModelConversation);
  if (conversation === "echo") await system.startAgent();
  else await system.startAgent((system.models as Models).environment(conversation));
  if (!system.agent) throw new Error("The agent was not started");
  return system.agent;
}

async function startStock(system: System, conversation: ModelConversation): Promise<Running> {
  const { url, apiKey, apiSecret } = system.livekit;
  const registered = Promise.withResolvers<void>();
  const livekit = { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret };
  const models = (system.models as Models).environment(conversation);
  const running = await system.supervisor.start({
    name: `stock-${conversation}`,
    command: process.execPath,
    args: [checkout("bench/agent/stock-models.ts"), "start"],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...livekit, ...models, BENCH_CONVERSATION: conversation },
    onLine: (line) => void (line.includes("registered worker") && registered.resolve()),
  });
  await registered.promise;
  return running;
}

/** One call: the greeting, a question, and a story that the caller interrupts. An echo answers with the caller's own voice. */
async function converse(system: System, flow: FlowName, conversation: ConversationName): Promise<Measured> {
  if (conversation === "echo") {
    const { caller } = await system.call(flow, { holdMs: 8_000 });
    return { flow, greetingMs: firstHeard(caller, "greeting"), turnMs: Number.NaN, bargeInMs: Number.NaN };
  }
  const [greetingMs, answerMs] = [await lengthOf("greeting"), await lengthOf("answer")];
  const caller = new ModelCaller(system, flow, { holdMs: 26_000, bye: "caller" });
  await pause((flow === "callback" ? 4_500 : 2_000) + greetingMs);
  await caller.say("question");
  const askedAt = caller.silentAt;
  await pause(answerMs + 2_000);
  await caller.say("story");
  await pause(STORY_BEFORE_MS);
  const overAt = Date.now();
  await caller.say("question");
  return { flow, ...measure(await caller.over, askedAt, overAt) };
}

function measure(call: PlacedCall, askedAt: number, overAt: number): Omit<Measured, "flow"> {
  const lines = linesOf(call);
  const of = (name: string) => lines.find(({ line }) => line === name);
  const at = invitedAt(call);
  return {
    greetingMs: of("greeting")?.fromMs ?? Number.NaN,
    turnMs: at + (of("answer")?.fromMs ?? Number.NaN) - askedAt,
    bargeInMs: Math.max(0, at + (of("story")?.toMs ?? Number.NaN) - overAt),
  };
}

/** NaN for a caller who was not greeted whole. */
async function greet(system: System, flow: FlowName, conversation: ConversationName): Promise<number> {
  const { caller, events } = await system.call(flow, {
    holdMs: BURST_HOLD_MS,
    ...(conversation !== "echo" && { toneHz: 0 }),
  });
  if (conversation === "echo") return firstHeard(caller, "greeting");
  const greeting = linesOf({ caller, events }).find(({ line }) => line === "greeting");
  const isWhole = greeting !== undefined && greeting.toMs - greeting.fromMs > (await lengthOf("greeting")) - 500;
  return isWhole ? greeting.fromMs : Number.NaN;
}
