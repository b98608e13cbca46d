import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Answering = (response: ServerResponse, request: IncomingMessage) => void;

export interface Receiver {
  readonly url: string;
  /** What came, whole, whatever it was answered. */
  readonly requests: { headers: IncomingHttpHeaders; body: string; path: string }[];
  answering: Answering;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;

export const taken: Answering = (response) => void response.writeHead(204).end();
export const status =
  (code: number, headers = {}): Answering =>
  (response) =>
    void response.writeHead(code, headers).end("no");

/** Ways in which a receiver does not take what is sent. */
export const FAILURES: Readonly<Record<string, Answering>> = {
  "answers 500": status(500),
  "answers 400": status(400),
  "answers 429 and when to come again": status(429, { "retry-after": "1" }),
  "redirects to another path": status(307, { location: "/elsewhere" }),
  "redirects with 303": status(303, { location: "/elsewhere" }),
  "closes the connection": (response) => void response.destroy(),
  "answers nothing": () => undefined,
  "begins its headers and stops": (response) => void response.socket?.write("HTTP/1.1 200 OK\r\nX-A: b\r\n"),
  "sends a header each moment, for ever": (response) => {
    response.socket?.write("HTTP/1.1 200 OK\r\n");
    const timer = setInterval(() => response.socket?.write("X-A: b\r\n"), 20);
    setTimeout(() => clearInterval(timer), HOUR_MS).unref();
    response.socket?.on("close", () => clearInterval(timer)).on("error", () => undefined);
  },
  "speaks no HTTP": (response) => void response.socket?.end("SSH-2.0-OpenSSH_9.9\r\n"),
};

/** Answers whose status says that it was taken, and whose body is of no use. */
export const TAKEN: Readonly<Record<string, Answering>> = {
  "says nothing more": taken,
  "sends a page": (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
  "sends a body without end": (response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write("x".repeat(65_536)));
    };
    response.on("drain", more).on("error", () => undefined);
    more();
  },
  "sends a byte each moment, for ever": (response) => {
    response.writeHead(202);
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(timer));
  },
};

/** A receiver of call events, on a port of its own. */
export async function startReceiver(answering: Answering = taken): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("end", () => {
        const body = Buffer.concat(chunks).toString("utf8");
        receiver.requests.push({ headers: request.headers, body, path: request.url ?? "" });
        receiver.answering(response, request);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/calls`,
    requests: [],
    answering,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
