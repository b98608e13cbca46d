import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** An OpenTelemetry collector that keeps what it gets: OTLP over HTTP, as it came. */
export class Collector {
  readonly requests: { path: string; type: string; body: string }[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, answer) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const type = request.headers["content-type"] ?? "";
        // Texts stand in protobuf as they are.
        this.requests.push({ path: request.url ?? "", type, body: Buffer.concat(chunks).toString("latin1") });
        answer.writeHead(200, { "content-type": "application/x-protobuf" }).end();
      });
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Everything that was collected. */
  get text(): string {
    return this.requests.map(({ body }) => body).join("\n");
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
