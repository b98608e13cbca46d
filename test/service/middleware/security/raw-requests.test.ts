import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { signatureHeader } from "../../../../service/middleware/jambonz/signature.ts";
import { SECRET, type Service, startService } from "../support.ts";

/** Bytes that no client of ours sends, over real sockets: refused or cut off, never taken for a second request, and the next hook is answered. */

jest.setTimeout(60_000);
let service: Service;
let port: number;
beforeAll(async () => {
  service = startService({ openWithoutToken: false, callsToken: "a-token-of-the-test" });
  port = Number(new URL(await service.app.listen({ host: "127.0.0.1", port: 0 })).port);
});
afterAll(() => service.app.close());

const HOOK = "/livekit-api/wait";
const BODY = JSON.stringify({ call_sid: "1" });

function signedHeaders(body = BODY): string {
  const signature = signatureHeader(SECRET, Buffer.from(body), Date.now() / 1_000);
  return `Host: x\r\nContent-Type: application/json\r\nJambonz-Signature: ${signature}\r\n`;
}

/** Everything that comes back until the server hangs up, or is quiet. */
async function answerTo(bytes: string | Buffer, quietMs = 300): Promise<string> {
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "connect");
  socket.write(bytes);
  await Promise.race([new Promise((resolve) => socket.once("close", resolve)), pause(quietMs)]);
  socket.destroy();
  return Buffer.concat(chunks).toString("latin1");
}

const statusesIn = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

async function expectHookAnswered(): Promise<void> {
  const request = `POST ${HOOK} HTTP/1.1\r\n${signedHeaders()}Connection: close\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
  expect(statusesIn(await answerTo(request))).toEqual([200]);
}

const post = (headers: string, body = "") => `POST ${HOOK} HTTP/1.1\r\n${headers}\r\n${body}`;
const SMUGGLED = `GET /livekit-api/calls HTTP/1.1\r\nHost: x\r\n\r\n`;
const chunked = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;

/** Of each a signed body, so that only the form of the request can be the reason. */
const AMBIGUOUS: Readonly<Record<string, string>> = {
  "a length and chunks": post(
    `${signedHeaders()}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n`,
    chunked + SMUGGLED,
  ),
  "chunks and a length": post(
    `${signedHeaders()}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n`,
    chunked + SMUGGLED,
  ),
  "two lengths": post(`${signedHeaders()}Content-Length: ${BODY.length}\r\nContent-Length: 0\r\n`, BODY + SMUGGLED),
  "a list of lengths": post(`${signedHeaders()}Content-Length: ${BODY.length}, 0\r\n`, BODY + SMUGGLED),
  "a signed length": post(`${signedHeaders()}Content-Length: +${BODY.length}\r\n`, BODY + SMUGGLED),
  "a length in hex": post(`${signedHeaders()}Content-Length: 0x10\r\n`, BODY + SMUGGLED),
  "a negative length": post(`${signedHeaders()}Content-Length: -1\r\n`, BODY + SMUGGLED),
  "a coding before chunked": post(`${signedHeaders()}Transfer-Encoding: chunked, identity\r\n`, chunked + SMUGGLED),
  "a coding that is none": post(`${signedHeaders()}Transfer-Encoding: xchunked\r\n`, chunked + SMUGGLED),
  "a blank before the colon": post(`${signedHeaders()}Transfer-Encoding : chunked\r\n`, chunked + SMUGGLED),
  "a folded header": post(`${signedHeaders()}X-A: b\r\n c\r\nTransfer-Encoding:\r\n chunked\r\n`, chunked + SMUGGLED),
  "lines that end with LF alone":
    post(`${signedHeaders()}Content-Length: 0\r\n`, "").replaceAll("\r\n", "\n") + SMUGGLED,
  "a chunk size that is none": post(
    `${signedHeaders()}Transfer-Encoding: chunked\r\n`,
    `g\r\n${BODY}\r\n0\r\n\r\n${SMUGGLED}`,
  ),
  "a chunk size beyond 64 bits": post(
    `${signedHeaders()}Transfer-Encoding: chunked\r\n`,
    `${"f".repeat(17)}\r\n${BODY}`,
  ),
  "a NUL in a header": post(`${signedHeaders()}X-A: b\u0000c\r\nContent-Length: 0\r\n`) + SMUGGLED,
  "a CR in a header": post(`${signedHeaders()}X-A: b\rContent-Length: 0\r\n`) + SMUGGLED,
};

test.each(Object.entries(AMBIGUOUS))("%s: one refusal, and nothing behind it is read", async (_what, bytes) => {
  const statuses = statusesIn(await answerTo(bytes));
  expect(statuses.length).toBeLessThanOrEqual(1);
  expect(statuses.filter((status) => status < 400 || status >= 500)).toEqual([]);
  await expectHookAnswered();
});

const OTHER_PROTOCOLS: Readonly<Record<string, string | Buffer>> = {
  "HTTP/2's preface": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "an upgrade to h2c": `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n\r\n`,
  "an upgrade to a WebSocket": `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  "a TLS hello": Buffer.from("16030100c8010000c40303", "hex"),
  "HTTP/0.9": "GET /livekit-api/calls\r\n",
  CONNECT: "CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: x\r\n\r\n",
  TRACE: "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
  "an absolute address": "GET http://169.254.169.254/latest HTTP/1.1\r\nHost: x\r\n\r\n",
  SIP: "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP x\r\n\r\n",
  bytes: Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 131) % 256)),
  "no Host": "GET /livekit-api/calls HTTP/1.1\r\n\r\n",
  "100 KB of headers": `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${"a".repeat(100_000)}\r\n\r\n`,
  "5 000 headers": `GET / HTTP/1.1\r\nHost: x\r\n${Array.from({ length: 5_000 }, (_, index) => `X-${index}: a\r\n`).join("")}\r\n`,
  "a path of 100 KB": `GET /${"a".repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  "a path with a NUL": "GET /livekit-api/calls%00 HTTP/1.1\r\nHost: x\r\n\r\n",
  "a path that climbs": "GET /live.css/../../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
  "a path that climbs, encoded": "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
};

test.each(Object.entries(OTHER_PROTOCOLS))("%s: refused or cut off", async (_what, bytes) => {
  const answer = await answerTo(bytes);
  expect(statusesIn(answer).filter((status) => status < 400 || status >= 500)).toEqual([]);
  expect(answer).not.toMatch(/root:|"calls":/);
  await expectHookAnswered();
});

test("a proxy's headers that a stranger forges change neither address nor scheme of the hooks", async () => {
  const forged =
    "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: evil.example\r\nForwarded: for=127.0.0.1;host=evil.example\r\n";
  const more =
    "X-Forwarded-Proto: gopher\r\nX-Real-IP: 127.0.0.1\r\nX-HTTP-Method-Override: DELETE\r\nX-Original-URL: /livekit-api/calls\r\n";
  const list = `GET /livekit-api/calls HTTP/1.1\r\nHost: x\r\n${forged}${more}\r\n`;
  expect(statusesIn(await answerTo(list))).toEqual([401]);
});

const DEEP = "[".repeat(60_000) + "]".repeat(60_000);
const ENDS = `"from":"+4930123456","to":"+4930123457","direction":"inbound"`;

test.each([
  ["a list", DEEP],
  ["objects", `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`],
  ["a field", `{"call_sid":"1",${ENDS},"sip":${DEEP}}`],
  ["a header", `{"call_sid":"2",${ENDS},"sip":{"headers":{"X-A":${DEEP}}}}`],
  ["keys that come twice", `{"call_sid":"3","call_sid":"4",${ENDS},${ENDS}}`],
])("a signed body that is deep, or says things twice (%s), is refused or answered", async (_what, body) => {
  const request = `POST /livekit-api HTTP/1.1\r\n${signedHeaders(body)}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const [status = 0, ...more] = statusesIn(await answerTo(request, 5_000));
  expect([status === 200 || status === 400, more]).toEqual([true, []]);
  expect(service.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  await expectHookAnswered();
});

test("a body that comes byte by byte, in chunks without an end, is cut off within seconds", async () => {
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  socket.resume();
  await once(socket, "connect");
  socket.write(post(`${signedHeaders()}Transfer-Encoding: chunked\r\n`));
  const drip = setInterval(() => socket.write("1\r\n \r\n"), 100);
  const startedAt = performance.now();
  await once(socket, "close");
  clearInterval(drip);
  expect(performance.now() - startedAt).toBeLessThan(15_000);
  await expectHookAnswered();
});

test("chunks without an end are no more than a body may be", async () => {
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  socket.resume();
  await once(socket, "connect");
  socket.write(post(`${signedHeaders()}Transfer-Encoding: chunked\r\n`));
  const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
  const flood = setInterval(() => socket.write(chunk), 5);
  await once(socket, "close");
  clearInterval(flood);
  expect(socket.bytesWritten).toBeLessThan(16 * 1_024 * 1_024);
  await expectHookAnswered();
});
