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

/** A model's connection that is made before the framework asks for a session. */
export interface Preconnection {
  /** Resolves when the model has answered. @throws APIError when it does not. */
  connect(): Promise<void>;
  /** Ends the connection that no session has taken; a session closes its own. */
  close(): Promise<void>;
}

/** Has OpenAI's realtime model, for one call, connect ahead of its first session, and each of its sessions fail as an error of its own call. */
export function preconnect(model: realtime.RealtimeModel): Preconnection {
  let waiting: CallSession | undefined;
  model.session = () => {
    const session = waiting ?? new CallSession(model);
    waiting = undefined;
    return session;
  };
  const connect = async () => {
    const session = new CallSession(model);
    waiting = session;
    await new Promise<void>((resolve, reject) => {
      session.once("openai_server_event_received", () => resolve());
      session.on("error", ({ error, recoverable }) => void (recoverable || reject(error)));
    });
  };
  return { connect, close: async () => waiting?.close() };
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
    if (this.#socket) this.#tell(new APIError("The connection to the model was lost"), true);
    const options = Reflect.get(this, "_options") as Options;
    try {
      const [timeoutMs, signal] = [CONNECT_MS, this.#closing.signal];
      const address = realtime.processBaseURL(options);
      this.#socket = await openSocket(address, { headers: headersOf(options), timeoutMs, signal });
      return this.#socket;
    } catch (failure) {
      const error = failure instanceof APIError ? failure : new APIError(String(failure), { retryable: false });
      if (!signalled(this.#closing)) this.#tell(error, false);
      throw error;
    }
  }

  #tell(error: Error, recoverable: boolean): void {
    const label = "openai.RealtimeModel";
    this.emit("error", { type: "realtime_model_error", timestamp: Date.now(), label, error, recoverable });
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
