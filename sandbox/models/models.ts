import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TokenVerifier } from "livekit-server-sdk";
import { Faults, type ServiceName } from "./fault.ts";
import { type Door, Front } from "./front.ts";
import { complete } from "./inference/chat.ts";
import { openStt } from "./inference/stt.ts";
import { openTts } from "./inference/tts.ts";
import { RealtimeSession } from "./realtime/session.ts";
import { assistant, type Script } from "./script.ts";
import type { SeenSession } from "./sessions.ts";

/** A conversation that needs models. */
export type ModelConversation = "realtime" | "pipeline";

/** Stand-ins of the model servers that the agent's conversations speak to: OpenAI's realtime API, and LiveKit's inference gateway. */
export class Models {
  readonly faults = new Faults();
  /** Of all services, in the order in which they were opened. */
  readonly sessions: SeenSession[] = [];
  /** What the models answer. */
  script: Script = assistant;
  readonly openai: Front;
  readonly gateway: Front;
  readonly #apiKey = `sk-${randomBytes(12).toString("hex")}`;
  readonly #inference = { key: `API${randomBytes(6).toString("hex")}`, secret: randomBytes(24).toString("hex") };

  private constructor() {
    const verifier = new TokenVerifier(this.#inference.key, this.#inference.secret);
    const isToken = (authorization: string) =>
      verifier.verify(authorization.replace("Bearer ", "")).then(
        ({ inference }) => inference?.perform === true,
        () => false,
      );
    this.openai = new Front([this.#realtime()], this.faults);
    this.gateway = new Front([this.#stt(isToken), this.#tts(isToken), this.#llm(isToken)], this.faults);
  }

  static async start(): Promise<Models> {
    const models = new Models();
    await models.openai.listen();
    await models.gateway.listen();
    return models;
  }

  /** The agent's environment, with which it speaks to these. */
  environment(conversation: ModelConversation): Record<string, string> {
    if (conversation === "realtime")
      return { AGENT_CONVERSATION: "realtime", OPENAI_API_KEY: this.#apiKey, OPENAI_BASE_URL: this.openai.url };
    return {
      AGENT_CONVERSATION: "pipeline",
      LIVEKIT_INFERENCE_API_KEY: this.#inference.key,
      LIVEKIT_INFERENCE_API_SECRET: this.#inference.secret,
      LIVEKIT_INFERENCE_URL: this.gateway.url,
    };
  }

  /** WebSockets to models that are open now: each is paid for. */
  get openSockets(): number {
    return this.openai.openSockets + this.gateway.openSockets;
  }

  of(service: ServiceName): SeenSession[] {
    return this.sessions.filter((session) => session.service === service);
  }

  async stop(): Promise<void> {
    await Promise.all([this.openai.stop(), this.gateway.stop()]);
  }

  #realtime(): Door {
    return {
      service: "realtime",
      path: "/v1/realtime",
      isAllowed: async (authorization) => authorization === `Bearer ${this.#apiKey}`,
      open: (socket, request) => {
        const seen = this.#see("realtime", socket, request);
        new RealtimeSession(socket, { faults: this.faults, script: () => this.script, seen });
      },
    };
  }

  #stt(isAllowed: Door["isAllowed"]): Door {
    const open: Door["open"] = (socket, request) => openStt(socket, this.#see("stt", socket, request), this.faults);
    return { service: "stt", path: "/v1/stt", isAllowed, open };
  }

  #tts(isAllowed: Door["isAllowed"]): Door {
    const open: Door["open"] = (socket, request) => openTts(socket, this.#see("tts", socket, request), this.faults);
    return { service: "tts", path: "/v1/tts", isAllowed, open };
  }

  #llm(isAllowed: Door["isAllowed"]): Door {
    return {
      service: "llm",
      path: "/v1/chat/completions",
      isAllowed,
      answer: (request, response) => {
        const seen = this.#see("llm", response, request);
        return complete(request, response, { seen, faults: this.faults, script: this.script });
      },
    };
  }

  #see(service: ServiceName, connection: NodeJS.EventEmitter, request: IncomingMessage): SeenSession {
    const settings = { url: request.url };
    const seen: SeenSession = { service, openedAt: Date.now(), settings, heardHz: [], texts: [] };
    this.sessions.push(seen);
    connection.once("close", () => {
      seen.closedAt = Date.now();
    });
    return seen;
  }
}
