import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Post {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  text: string;
  /** Parsed `text`; empty where there is none. */
  body: Record<string, unknown>;
}

/** A webhook application on loopback: keeps what it was sent and answers by what the test says. */
export class WebhookApp {
  readonly posts: Post[] = [];
  /** Sends the answer itself. Default: `answer` as JSON. */
  respond: (response: ServerResponse, post: Post) => void = (response, post) => json(response, this.answer(post));
  answer: (post: Post) => unknown = () => ({});
  readonly #server: Server;

  static async start(): Promise<WebhookApp> {
    const app = new WebhookApp();
    await new Promise<void>((resolve) => app.#server.listen(0, "127.0.0.1", resolve));
    return app;
  }

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    const body = text ? (JSON.parse(text) as Record<string, unknown>) : {};
    const post = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, text, body };
    this.posts.push(post);
    this.respond(response, post);
  }

  /** What was sent to one path. */
  to(url: string): Record<string, unknown>[] {
    return this.posts.filter((post) => post.url === url).map((post) => post.body);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function json(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json; charset=utf-8").end(JSON.stringify(value));
}
