import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { deliver, delivered } from "../../../../service/agent/transcript/deliver.ts";
import type { Transcript } from "../../../../service/agent/transcript/transcript.ts";
import type { Logger } from "../../../../service/shared/index.ts";

jest.setTimeout(60_000);

const SECRET = "a secret of the receiver";
const TRANSCRIPT: Transcript = {
  version: 1,
  callId: "call-1",
  flow: "dial",
  caller: "+4917100000",
  called: "+4930123456",
  carrier: undefined,
  startedAt: "2026-11-28T10:00:00.000Z",
  endedAt: "2026-11-28T10:01:00.000Z",
  lines: [{ at: "2026-11-28T10:00:01.000Z", by: "caller", text: "Where is my parcel?" }],
};

interface Received {
  headers: IncomingMessage["headers"];
  body: string;
}

let receiver: Server | undefined;
afterEach(() => receiver?.close());

/** A receiver that answers each attempt in another way. */
async function receive(...answers: ((response: ServerResponse) => void)[]): Promise<{ url: string; got: Received[] }> {
  const got: Received[] = [];
  receiver = createServer((request, response) => {
    void text(request).then((body) => {
      got.push({ headers: request.headers, body });
      (answers[got.length - 1] ?? answers.at(-1))?.(response);
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  return { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/calls`, got };
}

const answer = (status: number) => (response: ServerResponse) => void response.writeHead(status).end();
const redirect = (response: ServerResponse) => void response.writeHead(302, { location: "/elsewhere" }).end();
const breakOff = (response: ServerResponse) => void response.socket?.destroy();
const endless = (response: ServerResponse) => void setInterval(() => response.write("x".repeat(65_536)), 5).unref();

function quietLog() {
  const lines: object[] = [];
  const note = (fields: object) => void lines.push(fields);
  return { lines, log: { info: note, error: note } as unknown as Logger };
}

async function sent(url: string) {
  const { lines, log } = quietLog();
  deliver(TRANSCRIPT, { url, secret: SECRET, notice: undefined }, log);
  await delivered();
  return lines;
}

test("is signed, and says which call it is of", async () => {
  const { url, got } = await receive(answer(204));
  expect(await sent(url)).toEqual([{ event: "transcript.delivered", lines: 1 }]);
  const [{ headers, body } = { headers: {}, body: "" }] = got;
  expect(JSON.parse(body)).toEqual({ ...TRANSCRIPT, carrier: undefined });
  const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["trunkline-signature"])) ?? [];
  expect(digest).toBe(createHmac("sha256", SECRET).update(`${seconds}.${body}`).digest("hex"));
  expect(Math.abs(Date.now() / 1_000 - Number(seconds))).toBeLessThan(5);
});

test.each([
  ["an error", answer(503)],
  ["a redirect", redirect],
  ["a connection that breaks off", breakOff],
  ["a body without end", endless],
])("is sent again after %s, with the same key", async (_, first) => {
  const { url, got } = await receive(first, answer(200));
  expect(await sent(url)).toEqual([{ event: "transcript.delivered", lines: 1 }]);
  expect(got).toHaveLength(2);
  expect(new Set(got.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
});

test("is lost when it is never accepted; the log says so, without a word of it", async () => {
  const { url, got } = await receive(answer(500));
  const lines = await sent(url);
  expect(got).toHaveLength(4);
  expect(lines).toEqual([{ event: "transcript.lost", reason: "it was answered with 500" }]);
});
