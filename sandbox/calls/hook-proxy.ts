import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/** What becomes of one webhook on its way to the middleware. */
export interface Fate {
  /** Held back before it is passed on. */
  delayMs?: number;
  /** Held back until this has come. */
  until?: Promise<unknown>;
  /** Passed on so often at once; the last answer counts. Default 1. */
  copies?: number;
  /** The connection breaks: before the middleware has seen it, or after. */
  lost?: "request" | "answer";
  /** Answered here, with these verbs. */
  verbs?: object[];
  /** Answered here, with this status and an empty object: the other side never sees it. */
  status?: number;
}

interface Answer {
  status: number;
  contentType: string;
  body: Buffer | string;
}

/**
 * Stands between jambonz and the middleware, and does to webhooks what networks do; or before any other HTTP server, and does
 * it to requests. Passes them on as they are by default.
 */
export class HookProxy {
  /** Asked for every try of every webhook; `nth` counts the tries of this path from 1. */
  fate: (path: string, nth: number, method: string) => Fate = () => ({});
  readonly #seen = new Map<string, number>();
  readonly port: number;
  readonly #target: number;
  #server!: Server;

  private constructor(port: number, target: number) {
    this.port = port;
    this.#target = target;
  }

  /** @param target the middleware's port on 127.0.0.1 */
  static async start(port: number, target: number): Promise<HookProxy> {
    const proxy = new HookProxy(port, target);
    proxy.#server = createServer((incoming, outgoing) => void proxy.#handle(incoming, outgoing));
    await new Promise<void>((resolve) => proxy.#server.listen(port, "127.0.0.1", resolve));
    return proxy;
  }

  /** Passes everything on again, and counts anew. */
  reset(): void {
    this.fate = () => ({});
    this.#seen.clear();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = (incoming.url ?? "").split("#")[0] ?? "";
    const nth = (this.#seen.get(path) ?? 0) + 1;
    this.#seen.set(path, nth);
    const body = await readAll(incoming);
    const fate = this.fate(path, nth, incoming.method ?? "");
    if (fate.lost === "request") return void incoming.socket.destroy();
    await Promise.all([pause(fate.delayMs ?? 0), fate.until]);
    try {
      const answer = ownAnswer(fate) ?? (await this.#passOn(incoming, body, fate.copies ?? 1));
      if (fate.lost === "answer") return void incoming.socket.destroy();
      outgoing.writeHead(answer.status, { "content-type": answer.contentType }).end(answer.body);
    } catch {
      incoming.socket.destroy(); // nobody listens there: the same to jambonz
    }
  }

  async #passOn(incoming: IncomingMessage, body: Buffer, copies: number): Promise<Answer> {
    const answers = await Promise.all(Array.from({ length: copies }, () => this.#send(incoming, body)));
    return answers.at(-1) as Answer;
  }

  #send({ method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const options = { host: "127.0.0.1", port: this.#target, path: url, method, headers, agent: false as const };
    return new Promise((resolve, reject) => {
      const passed = request(options, (answer) => {
        const contentType = answer.headers["content-type"] ?? "";
        readAll(answer).then((bytes) => resolve({ status: answer.statusCode ?? 0, contentType, body: bytes }), reject);
      });
      passed.once("error", reject).end(body);
    });
  }
}

function ownAnswer({ verbs, status }: Fate): Answer | undefined {
  if (verbs === undefined && status === undefined) return undefined;
  return { status: status ?? 200, contentType: "application/json", body: JSON.stringify(verbs ?? {}) };
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
