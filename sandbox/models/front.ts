import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";
import { freePorts } from "../processes/ports.ts";
import type { ConnectFault, Faults, ServiceName } from "./fault.ts";

/** One of a server's services: reached by a WebSocket or by a request. */
export interface Door {
  service: ServiceName;
  path: string;
  isAllowed(authorization: string): Promise<boolean>;
  open?(socket: WebSocket, request: IncomingMessage): void;
  answer?(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** The bodies of OpenAI's refusals (platform.openai.com/docs/guides/error-codes), which LiveKit's gateway passes on. */
const REFUSALS: Record<number, { type: string; code: string; message: string }> = {
  401: { type: "invalid_request_error", code: "invalid_api_key", message: "Incorrect API key provided" },
  429: { type: "requests", code: "rate_limit_exceeded", message: "Rate limit reached" },
};
export const QUOTA = {
  type: "insufficient_quota",
  code: "insufficient_quota",
  message: "You exceeded your current quota, please check your plan and billing details.",
};

/** A server on 127.0.0.1 that lets its doors be opened, unless a fault is due. */
export class Front {
  readonly #doors: readonly Door[];
  readonly #faults: Faults;
  readonly #upgrades = new WebSocketServer({ noServer: true });
  readonly #open = new Set<WebSocket>();
  readonly #raw = new Set<Duplex>();
  #server: Server | undefined;
  #port = 0;

  constructor(doors: readonly Door[], faults: Faults) {
    this.#doors = doors;
    this.#faults = faults;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/v1`;
  }

  /** WebSockets that are open now. */
  get openSockets(): number {
    return this.#open.size;
  }

  /** Listens, from the second time on where it did before. */
  async listen(): Promise<void> {
    if (this.#port === 0) [this.#port = 0] = await freePorts(1);
    const server = createServer((request, response) => void this.#request(request, response));
    server.on("upgrade", (request, socket, head) => void this.#upgrade(request, socket, head));
    server.on("connection", (socket) => {
      this.#raw.add(socket);
      socket.once("close", () => this.#raw.delete(socket));
    });
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(this.#port, "127.0.0.1", resolve));
    server.unref(); // as long as whoever speaks to it
    this.#server = server;
  }

  /** From now on connections are refused by TCP; what is open stays open. */
  refuse(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /** Breaks all open connections off. */
  cut(): void {
    for (const socket of this.#raw) socket.destroy();
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.refuse();
    this.cut();
    if (server?.listening) await new Promise((resolve) => server.once("close", resolve));
  }

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const door = this.#doorOf(request);
    if (!door?.answer) return void response.writeHead(404).end();
    const status = await this.#refusal(door, request);
    if (status === "gone") return;
    if (status !== undefined) return void response.writeHead(status, JSON_TYPE).end(bodyOf(status));
    await door.answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => undefined); // the client may be gone before it is answered
    const door = this.#doorOf(request);
    const status = door?.open ? await this.#refusal(door, request) : 404;
    if (status === "gone") return;
    if (status !== undefined) return void socket.end(rawAnswer(status));
    this.#upgrades.handleUpgrade(request, socket, head, (open) => {
      this.#open.add(open);
      open.once("close", () => this.#open.delete(open));
      open.on("error", () => undefined);
      door?.open?.(open, request);
    });
  }

  #doorOf({ url = "" }: IncomingMessage): Door | undefined {
    const path = url.split("?")[0];
    return this.#doors.find((door) => door.path === path);
  }

  /** The status of a refusal, `gone` when there is no connection left to answer on, undefined to go on. */
  async #refusal({ service, isAllowed }: Door, request: IncomingMessage): Promise<number | "gone" | undefined> {
    const fault = this.#faults.takeConnect(service);
    if (fault) return this.#suffer(fault, request);
    return (await isAllowed(request.headers.authorization ?? "")) ? undefined : 401;
  }

  async #suffer(fault: ConnectFault, { socket }: IncomingMessage): Promise<number | "gone" | undefined> {
    if (fault.kind === "status") return fault.status;
    if (fault.kind === "noUpgrade") return 200;
    if (fault.kind === "reset") socket.resetAndDestroy();
    if (fault.kind !== "late") return "gone";
    await pause(fault.ms);
    return socket.destroyed ? "gone" : undefined;
  }
}

const JSON_TYPE = { "content-type": "application/json" };

function bodyOf(status: number): string {
  const error = REFUSALS[status] ?? { type: "server_error", code: null, message: "The server had an error" };
  return status === 200 ? "{}" : JSON.stringify({ error: { ...error, param: null } });
}

function rawAnswer(status: number): string {
  const body = bodyOf(status);
  return `HTTP/1.1 ${status} -\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
}
