import { inference } from "@livekit/agents";
import { CONNECT_MS } from "./session.ts";

type Socket = Awaited<ReturnType<inference.STT<string>["connectWs"]>>;

/** Speech to text that says when it is connected: its stream connects by itself when the session starts. */
export class CallStt extends inference.STT<string> {
  readonly #connected = Promise.withResolvers<void>();

  get connected(): Promise<void> {
    return this.#connected.promise;
  }

  override async connectWs(timeoutMs: number): Promise<Socket> {
    const socket = await super.connectWs(timeoutMs);
    this.#connected.resolve();
    return socket;
  }
}

/** Text to speech that is connected before it is needed, and says so. */
export class CallTts extends inference.TTS<string> {
  /** Connects. @throws what the gateway answers. */
  async connect(): Promise<void> {
    await this.pool.withConnection(async () => undefined, { timeout: CONNECT_MS });
  }
}
