import { setTimeout as sleep } from "node:timers/promises";
import { AccessToken, RoomServiceClient } from "livekit-server-sdk";
import type { Running, Supervisor } from "../../sandbox/processes/supervisor.ts";
import { checkout } from "../../sandbox/root.ts";
import type { LivekitServer } from "../../sandbox/servers/livekit-server.ts";
import { AGENT_NAME, type CallContext, callerIdentity, newCallId, roomName } from "../../service/shared/index.ts";
import { round, type Spread, spreadOf } from "../measure/spread.ts";
import { type MemoryCourse, watched } from "./process-cost.ts";

export interface LoadOptions {
  calls: number;
  perSecond: number;
  /** How long a greeted caller stays. */
  holdMs: number;
}

/** What one worker did with one load. */
export interface LoadReport extends LoadOptions {
  worker: string;
  /** Calls whose caller heard the agent. */
  greeted: number;
  /** From the request for the room to the first sound at the caller, ms, of the calls that were greeted. */
  audibleMs: Spread;
  /** Of the worker's processes, those that have ended too, per greeted call. */
  cpuSecondsPerCall: number;
  memoryMb: MemoryCourse;
}

type Line = Record<string, unknown> & { event?: string; callId?: string; time: number };

/** What a worker starts ahead of calls is started by then (the framework's inference process takes longest). */
const SETTLE_MS = 10_000;
/** rtc-node hands every event to every room of a process: the work of one process grows with the square of its calls. */
const CALLER_PROCESSES = 4;
const LONGEST_WAIT_MS = 30_000;

/** Puts a load on a worker that is started for it, and stopped. The callers are the same for every worker. */
export async function load(
  supervisor: Supervisor,
  livekit: LivekitServer,
  worker: { name: string; file: string },
  options: LoadOptions,
): Promise<LoadReport> {
  const lines: Line[] = [];
  const onLine = (line: string) => void (line.startsWith("{") && lines.push(JSON.parse(line) as Line));
  const running = await startNode(supervisor, worker.name, worker.file, livekit, onLine);
  await seen(lines, "agent.registered");
  const callers = await startCallers(supervisor, worker.name, livekit, lines, onLine);
  await sleep(SETTLE_MS);
  const asked = new Map<string, number>();
  const { cost, memoryMb } = await watched(running.pid, () => place(livekit, callers, options, lines, asked));
  for (const process of callers) await process.stop();
  await running.stop();
  return report(worker.name, options, waitsOf(lines, asked), cost.cpuSeconds, memoryMb);
}

async function startCallers(
  supervisor: Supervisor,
  worker: string,
  livekit: LivekitServer,
  lines: Line[],
  onLine: (line: string) => void,
): Promise<Running[]> {
  const callers: Running[] = [];
  for (let number = 1; number <= CALLER_PROCESSES; number++)
    callers.push(await startNode(supervisor, `${worker}-callers-${number}`, "bench/agent/callers.ts", livekit, onLine));
  await seen(lines, "callers.ready", CALLER_PROCESSES);
  return callers;
}

async function place(
  livekit: LivekitServer,
  callers: Running[],
  { calls, perSecond, holdMs }: LoadOptions,
  lines: Line[],
  asked: Map<string, number>,
): Promise<void> {
  const rooms = new RoomServiceClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret);
  const start = Date.now();
  for (let number = 0; number < calls; number++) {
    await sleep(Math.max(0, start + (number * 1_000) / perSecond - Date.now()));
    const call: CallContext = { callId: newCallId(), flow: "dial", caller: "+4930", called: "+4940", headers: {} };
    asked.set(call.callId, Date.now());
    await rooms.createRoom(roomOf(call));
    const order = { callId: call.callId, url: livekit.url, token: await ticket(livekit, call), holdMs };
    callers[number % callers.length]?.stdin?.write(`${JSON.stringify(order)}\n`);
  }
  const over = () => lines.filter((line) => line.event === "over").length === calls;
  for (const end = Date.now() + holdMs + LONGEST_WAIT_MS; !over() && Date.now() < end; ) await sleep(100);
}

function roomOf(call: CallContext) {
  const agents = [{ agentName: AGENT_NAME, metadata: JSON.stringify(call) }];
  return { name: roomName(call.callId), emptyTimeout: 60, departureTimeout: 1, agents: agents as never };
}

async function ticket({ apiKey, apiSecret }: LivekitServer, { callId }: CallContext): Promise<string> {
  const attributes = { "sip.callStatus": "active" };
  const token = new AccessToken(apiKey, apiSecret, { identity: callerIdentity(callId), attributes });
  token.addGrant({ roomJoin: true, room: roomName(callId) });
  return token.toJwt();
}

/** From the request for the room to the first sound at the caller, of each call that was greeted. */
function waitsOf(lines: Line[], asked: Map<string, number>): number[] {
  const greeted = lines.filter(({ event }) => event === "greeted");
  return greeted.map(({ time, callId }) => time - (asked.get(String(callId)) ?? Number.NaN));
}

function report(
  worker: string,
  options: LoadOptions,
  waits: number[],
  cpuSeconds: number,
  memoryMb: MemoryCourse,
): LoadReport {
  const cpuSecondsPerCall = round(cpuSeconds / waits.length, 3);
  return { worker, ...options, greeted: waits.length, audibleMs: spreadOf(waits), cpuSecondsPerCall, memoryMb };
}

function startNode(
  supervisor: Supervisor,
  name: string,
  file: string,
  { url, apiKey, apiSecret }: LivekitServer,
  onLine: (line: string) => void,
): Promise<Running> {
  const livekit = { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret };
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "production", ...livekit };
  return supervisor.start({ name, command: process.execPath, args: [checkout(file)], env, stdin: true, onLine });
}

async function seen(lines: Line[], event: string, times = 1): Promise<void> {
  const isSeen = () => lines.filter((line) => line.event === event).length >= times;
  for (const end = Date.now() + LONGEST_WAIT_MS; !isSeen() && Date.now() < end; ) await sleep(50);
  if (!isSeen()) throw new Error(`${event} was not seen within ${LONGEST_WAIT_MS / 1_000} s`);
}
