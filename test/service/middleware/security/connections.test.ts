import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { signatureHeader } from "../../../../service/middleware/jambonz/signature.ts";
import { eventually, SECRET, startService } from "../support.ts";

// Over real sockets: what opens connections and sends nothing, or half of a request.
jest.setTimeout(30_000);

let app: FastifyInstance;
let port: number;
const sockets: Socket[] = [];

async function serve(connectionsPerSource: number): Promise<void> {
  app = startService({ connectionsPerSource }).app;
  port = Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
}
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await app.close();
});

/** A connection that has sent this much, and no more. */
async function opened(text: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined).resume();
  sockets.push(socket);
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

const HALF_A_HEADER = "POST /livekit-api HTTP/1.1\r\nHost: x\r\nContent-Type: appl";
const HALF_A_BODY = `POST /livekit-api HTTP/1.1\r\nHost: x\r\nJambonz-Signature: t=${Math.floor(Date.now() / 1_000)},v1=${"0".repeat(64)}\r\nContent-Length: 1000\r\n\r\n{`;

async function signedHook(): Promise<number> {
  const body = JSON.stringify({ call_sid: "1" });
  const signature = signatureHeader(SECRET, Buffer.from(body), Date.now() / 1_000);
  const headers = { "content-type": "application/json", "jambonz-signature": signature };
  const answer = await fetch(`http://127.0.0.1:${port}/livekit-api/wait`, { method: "POST", body, headers });
  return answer.status;
}

test("requests that do not go on are ended within seconds, and webhooks are answered meanwhile", async () => {
  await serve(0);
  const half = [HALF_A_HEADER, HALF_A_BODY];
  const startedAt = performance.now();
  const slow = await Promise.all(Array.from({ length: 300 }, (_, index) => opened(half[index % 2] ?? "")));
  expect(await signedHook()).toBe(200);
  await eventually(() => slow.every((socket) => socket.destroyed || socket.readableEnded), 14_000);
  expect(performance.now() - startedAt).toBeGreaterThan(4_000);
  expect(await signedHook()).toBe(200);
});

test("whoever opens too many connections closes their own oldest ones; a webhook from the same address gets in", async () => {
  await serve(50);
  const slow: Socket[] = [];
  for (let index = 0; index < 60; index++) slow.push(await opened(HALF_A_BODY));
  expect(await signedHook()).toBe(200);
  await eventually(() => slow.slice(0, 10).every((socket) => socket.destroyed));
  expect(slow.slice(12).filter((socket) => socket.destroyed)).toEqual([]);
});

test("a stream that is open stays when many connections come", async () => {
  await serve(5);
  const stream = await fetch(`http://127.0.0.1:${port}/livekit-api/calls/events`);
  for (let index = 0; index < 20; index++) await opened(HALF_A_HEADER);
  await pause(200);
  const reader = stream.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toContain("event: beat");
  await reader?.cancel();
});

/** Asks for much, again and again, and reads none of it. */
async function deaf(): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => undefined);
  sockets.push(socket);
  await once(socket, "connect");
  socket.pause();
  socket.write("GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(500));
  return socket;
}

test("whoever reads no answers keeps nobody out, and is cut off within a minute", async () => {
  await serve(20);
  for (let index = 0; index < 25; index++) await deaf();
  await pause(1_000);
  expect(await connections()).toBeLessThanOrEqual(20);
  expect(await signedHook()).toBe(200);
  await eventually(async () => (await connections()) <= 1, 60_000); // the hook's own is kept
}, 90_000);

function connections(): Promise<number> {
  return new Promise((resolve, reject) =>
    app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
