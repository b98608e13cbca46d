import { setTimeout as sleep } from "node:timers/promises";
import { APIError, inference } from "@livekit/agents";
import { CONNECT_MS } from "./session.ts";

type Socket = Awaited<ReturnType<inference.STT<string>["connectWs"]>>;

/** A gateway that hiccups is there again soon. */
const PAUSE_MS = 250;

/** Speech to text that is connected before the session starts. */
export class CallStt extends inference.STT<string> {
  #waiting: Socket | undefined;
  #isClosed = false;

  /** @throws APIError with what the gateway answers. */
  async connect(): Promise<void> {
    const socket = await twice((timeoutMs) => super.connectWs(timeoutMs));
    socket.on("error", () => undefined); // until a stream takes it
    if (this.#isClosed) socket.close();
    else this.#waiting = socket;
  }

  /** For each stream of the framework; the first takes the connection that is there. */
  override async connectWs(timeoutMs: number): Promise<Socket> {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting && waiting.readyState === waiting.OPEN ? waiting : super.connectWs(timeoutMs);
  }

  /** Ends the connection that no stream has taken; a stream closes its own. */
  override async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting?.close();
    await super.close();
  }
}

/** Text to speech that is connected before it is needed. */
export class CallTts extends inference.TTS<string> {
  #isClosed = false;

  /** @throws APIError with what the gateway answers. */
  async connect(): Promise<void> {
    await twice((timeout) => this.pool.withConnection(async () => undefined, { timeout }));
    if (this.#isClosed) await this.pool.close(); // meanwhile
  }

  override async close(): Promise<void> {
    this.#isClosed = true;
    await super.close();
  }
}

/** Both attempts share the time in which a model has to accept. */
async function twice<T>(connect: (timeoutMs: number) => Promise<T>): Promise<T> {
  const deadline = performance.now() + CONNECT_MS;
  try {
    return await connect(CONNECT_MS);
  } catch (error) {
    const leftMs = deadline - performance.now() - PAUSE_MS;
    if (!(error instanceof APIError) || !error.retryable || leftMs <= 0) throw error;
    await sleep(PAUSE_MS);
    return connect(leftMs);
  }
}
