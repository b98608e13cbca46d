import { setTimeout as sleep } from "node:timers/promises";
import { type Job, ServerMessage, type WorkerMessage } from "@livekit/protocol";
import { clockMs, type Logger } from "@trunkline/shared";
import { AccessToken } from "livekit-server-sdk";
import { WebSocket } from "ws";
import type { AgentConfig } from "../config.ts";
import { accept, decline, jobEnded, load, register } from "./protocol.ts";

/** What LiveKit asks of a worker. */
export interface WorkerEvents {
  registered(workerId: string): void;
  /** Whether the job is taken. If not, LiveKit asks the next worker at once. */
  offered(job: Job): boolean;
  /** A job that was taken, with its ticket to the room; `url` only where it is not the project's. */
  assigned(job: Job, token: string, url?: string): void;
  /** The room or the dispatch is gone, or the agent has left the room. */
  terminated(jobId: string): void;
  /** How busy the worker is: 0 (idle) … 1 (takes nothing). */
  load(): number;
}

const LOAD_EVERY_MS = 1_000;
const PING_EVERY_MS = 5_000;
const LONGEST_PAUSE_MS = 5_000;
const OPEN_TIMEOUT_MS = 10_000;

/**
 * The worker's side of LiveKit's agent protocol (a WebSocket at `/agent`): registers, says how busy it is, answers
 * offers. Comes back by itself for as long as it is not closed; calls that run do not depend on it.
 */
export class LiveKitConnection {
  readonly #livekit: AgentConfig["livekit"];
  readonly #events: WorkerEvents;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  #socket: WebSocket | undefined;
  #isRegistered = false;

  constructor(livekit: AgentConfig["livekit"], events: WorkerEvents, log: Logger) {
    this.#livekit = livekit;
    this.#events = events;
    this.#log = log;
  }

  /** Whether LiveKit gives calls to this worker, as far as is known. */
  get isRegistered(): boolean {
    return this.#isRegistered;
  }

  /** Resolves after `close`. */
  async run(): Promise<void> {
    for (let failures = 0; !this.#closing.signal.aborted; failures++) {
      const since = clockMs();
      const reason = await this.#connect();
      if (this.#closing.signal.aborted) return;
      if (clockMs() - since > LONGEST_PAUSE_MS) failures = 0;
      const retryMs = Math.min(250 * 2 ** failures, LONGEST_PAUSE_MS);
      this.#log.warn({ event: "agent.disconnected", reason, retryMs }, "No connection to LiveKit");
      await sleep(retryMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    }
  }

  close(): void {
    this.#closing.abort();
    this.#socket?.close();
  }

  /** Tells the load now, not only at the next of its regular times. */
  tellLoad(): void {
    this.#send(load(this.#events.load()));
  }

  tellEnded(jobId: string, failed: boolean): void {
    this.#send(jobEnded(jobId, failed));
  }

  /** One connection, from opening to its end. Never rejects; returns why it ended. */
  async #connect(): Promise<string> {
    const headers = { authorization: `Bearer ${await workerToken(this.#livekit)}` };
    const socket = new WebSocket(agentAddress(this.#livekit.url), { headers, handshakeTimeout: OPEN_TIMEOUT_MS });
    this.#socket = socket;
    const timers: NodeJS.Timeout[] = [];
    socket.on("open", () => {
      this.#send(register());
      timers.push(
        setInterval(() => this.tellLoad(), LOAD_EVERY_MS),
        watch(socket),
      );
    });
    socket.on("message", (data: Buffer) => this.#receive(data));
    const reason = await ended(socket);
    this.#isRegistered = false;
    for (const timer of timers) clearInterval(timer);
    return reason;
  }

  #receive(data: Buffer): void {
    const { message } = ServerMessage.fromBinary(data);
    if (message.case === "register") this.#registered(message.value.workerId);
    else if (message.case === "availability") this.#answer(message.value.job);
    else if (message.case === "termination") this.#events.terminated(message.value.jobId);
    else if (message.case === "assignment" && message.value.job)
      this.#events.assigned(message.value.job, message.value.token, message.value.url || undefined);
  }

  #registered(workerId: string): void {
    this.#isRegistered = true;
    this.tellLoad();
    this.#events.registered(workerId);
  }

  #answer(job: Job | undefined): void {
    if (!job) return;
    this.#send(this.#events.offered(job) ? accept(job.id) : decline(job.id));
    this.tellLoad();
  }

  #send(message: WorkerMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(message.toBinary());
  }
}

function agentAddress(url: string): URL {
  const address = new URL("agent", url.endsWith("/") ? url : `${url}/`);
  address.protocol = address.protocol.replace("http", "ws");
  return address;
}

async function workerToken({ apiKey, apiSecret }: AgentConfig["livekit"]): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret);
  token.addGrant({ agent: true });
  return token.toJwt();
}

/** Ends a connection that has died without a word: two pings in a row without an answer. */
function watch(socket: WebSocket): NodeJS.Timeout {
  let unanswered = 0;
  socket.on("pong", () => {
    unanswered = 0;
  });
  return setInterval(() => {
    if (unanswered++ < 2) socket.ping();
    else socket.terminate();
  }, PING_EVERY_MS);
}

function ended(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.on("error", (error) => resolve(error.message));
    socket.on("close", (code, reason) => resolve(`closed with ${code} ${reason.toString()}`.trim()));
  });
}
