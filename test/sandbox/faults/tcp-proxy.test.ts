import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { TcpProxy } from "../../../sandbox/faults/tcp-proxy.ts";
import { freePort } from "../../../sandbox/processes/ports.ts";

let echo: Server;
let proxy: TcpProxy;
const clients: Socket[] = [];

beforeAll(async () => {
  echo = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.pipe(socket);
  }).listen(0, "127.0.0.1");
  await once(echo, "listening");
});
afterAll(() => new Promise((resolve) => echo.close(resolve)));
beforeEach(async () => {
  proxy = await TcpProxy.start(await freePort(), (echo.address() as AddressInfo).port);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.stop();
});

async function client(): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port: proxy.port });
  clients.push(socket);
  await once(socket, "connect");
  return socket;
}

/** The answer to a word, and after how long. */
async function said(socket: Socket, word: string): Promise<{ answer: string; ms: number }> {
  const started = performance.now();
  socket.write(word);
  const [data] = (await once(socket, "data")) as [Buffer];
  return { answer: data.toString(), ms: performance.now() - started };
}

/** The error's code with which the connection ended. */
const broken = (socket: Socket): Promise<string> =>
  new Promise((resolve) => socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "")));

test("an open path passes everything on", async () => {
  expect((await said(await client(), "hello")).answer).toBe("hello");
});

test("a slow path delays each direction, also of a connection that was there before", async () => {
  const socket = await client();
  await said(socket, "before");
  proxy.become({ delayMs: 60 });
  expect((await said(socket, "after")).ms).toBeGreaterThanOrEqual(118);
});

test("a reset breaks the connections there are, and every new one", async () => {
  const socket = await client();
  await said(socket, "hello");
  const end = broken(socket);
  proxy.become("reset");
  expect(await end).toBe("ECONNRESET");
  const next = connect({ host: "127.0.0.1", port: proxy.port });
  expect(await broken(next)).toBe("ECONNRESET");
});

test("a black hole accepts, and never answers; when it opens its connections break, and new ones work", async () => {
  proxy.become("black hole");
  const socket = await client();
  const answers: unknown[] = [];
  socket.on("data", (data) => answers.push(data));
  const end = broken(socket);
  socket.write("hello");
  proxy.become("open");
  expect(await end).toBe("ECONNRESET");
  expect(answers).toEqual([]);
  expect((await said(await client(), "again")).answer).toBe("again");
});
