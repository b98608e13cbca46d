import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { signatureHeader } from "../../../service/middleware/jambonz/signature.ts";
import { CALLER_SID, SECRET } from "./support.ts";

// A process that stands still while a webhook comes, as on a machine that was paused. jambonz gives up after 10.5 s
// (jambonz-live, section 8); these tests sign as if it had begun then, and do not wait for it.
const MAIN = join(__dirname, "../../../service/middleware/main.ts");
const LONG_AGO_SECONDS = 9;

let livekit: Server;
let asked: string[];
let middleware: ChildProcess;
let origin: string;

beforeAll(async () => {
  livekit = createServer((request, response) => {
    asked.push(request.url ?? "");
    void json(request).then((body) => {
      const { name } = body as { name?: string };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ sid: "RM_1", name }));
    });
  });
  livekit.listen(0, "127.0.0.1");
  await once(livekit, "listening");
  const { port } = livekit.address() as AddressInfo;
  const environment = {
    PATH: process.env.PATH,
    HOST: "127.0.0.1",
    PORT: "0",
    TRUNKLINE_STACK: "local",
    LIVEKIT_URL: `ws://127.0.0.1:${port}`,
    LIVEKIT_API_KEY: "key",
    LIVEKIT_API_SECRET: "secret",
    LIVEKIT_OUTBOUND_TRUNK_ID: "ST_abc",
    JAMBONZ_WEBHOOK_SECRETS: SECRET,
  };
  middleware = spawn("node", [MAIN], { env: environment });
  origin = await new Promise<string>((resolve) => {
    middleware.stdout?.on("data", (chunk: Buffer) => {
      const found = /Server listening at (http:[^"]+)/.exec(chunk.toString())?.[1];
      if (found !== undefined) resolve(found);
    });
  });
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  middleware.kill("SIGKILL");
  livekit.close();
});

const rooms = () => asked.filter((path) => path.endsWith("/CreateRoom"));

function webhook(callSid: string, patienceMs: number): Promise<Response> {
  const body = JSON.stringify({ call_sid: callSid, from: "+4930123456", to: "+4940654321" });
  const header = signatureHeader(SECRET, Buffer.from(body), Date.now() / 1_000 - LONG_AGO_SECONDS);
  return fetch(`${origin}/livekit-api`, {
    method: "POST",
    headers: { "content-type": "application/json", "jambonz-signature": header },
    body,
    signal: AbortSignal.timeout(patienceMs),
  });
}

test("a webhook that jambonz has given up on starts nothing", async () => {
  middleware.kill("SIGSTOP");
  await expect(webhook(CALLER_SID, 300)).rejects.toThrow("timeout");
  middleware.kill("SIGCONT");
  await pause(500);
  expect(await fetch(`${origin}/livekit-api/calls`).then((response) => response.json())).toEqual({ calls: [] });
  expect(rooms()).toEqual([]);
});

test("a webhook that jambonz repeats has an old signature, and is answered", async () => {
  const answer = await webhook("11111111-0000-4000-8000-000000000002", 10_000);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject([
    { verb: "play" },
    { verb: "enqueue" },
    { verb: "play" },
    { verb: "hangup" },
  ]);
  expect(rooms()).toHaveLength(1);
});
