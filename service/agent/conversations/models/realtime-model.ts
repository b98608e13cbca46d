import { APIError } from "@livekit/agents";
import { realtime } from "@livekit/agents-plugin-openai";
import type { WebSocket } from "ws";
import { openSocket } from "./open-socket.ts";
import { CONNECT_MS } from "./session.ts";

/** What the plugin knows of a session's options, and keeps to itself. */
interface Options {
  apiKey?: string;
  baseURL: string;
  model: string;
  isAzure: boolean;
  azureDeployment?: string;
  apiVersion?: string;
}

/** OpenAI's realtime model for one call. */
export class CallModel extends realtime.RealtimeModel {
  readonly #connected = Promise.withResolvers<void>();

  /** When the model has accepted the session; rejects when it does not. */
  get connected(): Promise<void> {
    return this.#connected.promise;
  }

  override session(): realtime.RealtimeSession {
    const session = new CallSession(this);
    session.once("openai_server_event_received", () => this.#connected.resolve());
    session.on("error", ({ error, recoverable }) => {
      if (!recoverable) this.#connected.reject(error);
    });
    this.#connected.promise.catch(() => undefined); // told to the session, too
    return session;
  }
}

/**
 * A session whose connection fails as an error of its own call. The plugin (1.9.0, src/realtime/realtime_model.ts) connects without a listener
 * for errors, which ends the process when the server refuses (livekit/agents-js#2539), and tells no one when it was refused; after `close` it
 * keeps its socket until there is something more to send, or for 20 minutes.
 */
class CallSession extends realtime.RealtimeSession {
  readonly #closing = new AbortController();
  #socket: WebSocket | undefined;

  /** In place of the plugin's `createWsConn`. */
  async connect(): Promise<WebSocket> {
    await Promise.resolve(); // the plugin's constructor connects before this object is complete
    const options = Reflect.get(this, "_options") as Options;
    try {
      const [timeoutMs, signal] = [CONNECT_MS, this.#closing.signal];
      const address = realtime.processBaseURL(options);
      this.#socket = await openSocket(address, { headers: headersOf(options), timeoutMs, signal });
      return this.#socket;
    } catch (failure) {
      const error = failure instanceof APIError ? failure : new APIError(String(failure), { retryable: false });
      const told = { type: "realtime_model_error", timestamp: Date.now(), label: "openai.RealtimeModel" } as const;
      if (!signalled(this.#closing)) this.emit("error", { ...told, error, recoverable: false });
      throw error;
    }
  }

  override async close(): Promise<void> {
    this.#closing.abort();
    await super.close().catch(() => undefined); // a connection that failed is closed, too
    this.#socket?.close();
  }
}

// The plugin's method is private, which a subclass cannot override by declaration.
Object.defineProperty(CallSession.prototype, "createWsConn", { value: CallSession.prototype.connect });

function signalled({ signal }: AbortController): boolean {
  return signal.aborted;
}

function headersOf({ apiKey = "", isAzure }: Options): Record<string, string> {
  return isAzure ? { "api-key": apiKey } : { Authorization: `Bearer ${apiKey}` };
}
