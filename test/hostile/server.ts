import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Hostile } from "./answers.ts";

/** A server that answers everything in one way; or one before a real server, until it is told to take over. */
export interface HostileServer {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Undefined: requests go to the real server. */
  answer: Hostile | undefined;
  /** `METHOD /path` of what it has answered itself. */
  requests: string[];
  stop(): Promise<void>;
}

export async function startHostile(target?: string): Promise<HostileServer> {
  const server = createServer((request, response) => {
    const { answer } = hostile;
    if (answer === undefined)
      return void forward(target ?? "", request).then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" }).end(body);
      });
    request.resume().on("end", () => {
      hostile.requests.push(`${request.method} ${request.url}`);
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const hostile: HostileServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: undefined,
    requests: [],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return hostile;
}

async function forward(target: string, request: IncomingMessage): Promise<{ status: number; body: Buffer }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { authorization = "" } = request.headers;
  const answer = await fetch(target + request.url, {
    method: request.method ?? "GET",
    headers: { "content-type": "application/json", authorization },
    ...(chunks.length > 0 && { body: new Uint8Array(Buffer.concat(chunks)) }),
  });
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
}
