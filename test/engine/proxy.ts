import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the proxy does with a request instead of passing it on. */
export type Fault =
  /** The server gets it and does it; the answer is lost. */
  | "lose the answer"
  /** The connection breaks before the server gets it. */
  | "reset"
  | { status: number; headers?: Record<string, string> };

/** An HTTP proxy before a real LiveKit server that counts what passes and fails what it is told to. */
export interface FaultProxy {
  /** `ws://127.0.0.1:PORT` */
  url: string;
  /** Methods of the SIP service in the order of their requests. */
  requests: string[];
  /** The next requests of this method, one fault each. */
  fail(method: string, ...faults: Fault[]): void;
  stop(): Promise<void>;
}

/**
 * `afterWrite` sees what the server has become by each change, before whoever made it gets the answer and before the next
 * change is passed on: no state in between is missed.
 */
export async function startProxy(target: string, afterWrite?: (method: string) => Promise<void>): Promise<FaultProxy> {
  const requests: string[] = [];
  let turn = Promise.resolve();
  const faults = new Map<string, Fault[]>();
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const method = request.url?.split("/").at(-1) ?? "";
    requests.push(method);
    const body = await read(request);
    const passOn = () => forward(target, request, body);
    const watched = async () => {
      const answer = await passOn();
      await afterWrite?.(method);
      return answer;
    };
    const isWatched = afterWrite !== undefined && !method.startsWith("List");
    const answer = () => (isWatched ? inTurn(watched) : passOn());
    await respond(response, answer, faults.get(method)?.shift());
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.then(
      () => {},
      () => {},
    );
    return done;
  };
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail: (method, ...some) => faults.set(method, some),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Answer {
  status: number;
  text: string;
}

async function respond(
  response: ServerResponse,
  answered: () => Promise<Answer>,
  fault: Fault | undefined,
): Promise<void> {
  if (fault === "reset") return void response.destroy();
  if (typeof fault === "object") return void response.writeHead(fault.status, fault.headers).end("{}");
  const { status, text } = await answered();
  if (fault === "lose the answer") return void response.destroy();
  response.writeHead(status, { "content-type": "application/json" }).end(text);
}

async function forward(target: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const { authorization = "" } = request.headers;
  const answer = await fetch(target + request.url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization },
    body: new Uint8Array(body),
  });
  return { status: answer.status, text: await answer.text() };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
