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
    const socket = await twice(() => super.connectWs(CONNECT_MS));
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
    await twice(() => this.pool.withConnection(async () => undefined, { timeout: CONNECT_MS }));
    if (this.#isClosed) await this.pool.close(); // meanwhile
  }

  override async close(): Promise<void> {
    this.#isClosed = true;
    await super.close();
  }
}

async function twice<T>(connect: () => Promise<T>): Promise<T> {
  try {
    return await connect();
  } catch (error) {
    if (!(error instanceof APIError) || !error.retryable) throw error;
    await sleep(PAUSE_MS);
    return connect();
  }
}
