import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import { signatureHeader } from "../../../../service/middleware/jambonz/signature.ts";
import { addressOf } from "../../../../service/middleware/security/gate.ts";
import { SECRET, startService } from "../support.ts";

// Over a real socket: `inject` goes past the gate.
let app: FastifyInstance;
let origin: string;

async function serve(changes: Parameters<typeof startService>[0]): Promise<void> {
  app = startService(changes).app;
  origin = await app.listen({ host: "127.0.0.1", port: 0 });
}
afterEach(() => app.close());

const body = JSON.stringify({ call_sid: "1" });
const signed = () => ({ "jambonz-signature": signatureHeader(SECRET, Buffer.from(body), Date.now() / 1_000) });
const hook = (headers: Record<string, string> = {}) =>
  fetch(`${origin}/livekit-api/wait`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });

test("a flood is refused at the gate; signed hooks and the platform's questions get through it", async () => {
  await serve({ requestsPerSecond: 1 });
  const refused = [];
  for (let index = 0; index < 30; index++) refused.push((await hook()).status, (await fetch(`${origin}/.env`)).status);
  expect(refused.slice(-10)).toEqual(Array(10).fill(429));
  const atGate = await hook();
  expect(atGate.headers.get("retry-after")).toBe("60");
  expect(atGate.headers.get("x-content-type-options")).toBe("nosniff");
  expect(await atGate.json()).toMatchObject({ error: { code: "RATE_LIMITED" } });
  expect((await hook(signed())).status).toBe(200);
  expect(
    (await hook({ "jambonz-signature": signatureHeader("another", Buffer.from(body), Date.now() / 1_000) })).status,
  ).toBe(429);
  expect((await fetch(`${origin}/healthz`)).status).toBe(200);
});

test("sources are told apart by what the proxy has seen", async () => {
  await serve({ requestsPerSecond: 1, proxyHops: 1 });
  const from = (address: string) => fetch(`${origin}/.env`, { headers: { "x-forwarded-for": `10.0.0.1, ${address}` } });
  for (let index = 0; index < 5; index++) await from("198.51.100.1");
  expect((await from("198.51.100.1")).status).toBe(429);
  expect((await from("198.51.100.2")).status).toBe(404);
});

test("where hooks are not verified, none is refused for its signature", async () => {
  await serve({ requestsPerSecond: 1, webhookSecrets: [] });
  for (let index = 0; index < 15; index++) await fetch(`${origin}/livekit-events`, { method: "POST", body: "{}" });
  expect((await hook()).status).toBe(200);
});

test.each([
  [0, "1.1.1.1, 2.2.2.2", "9.9.9.9"],
  [1, "1.1.1.1, 2.2.2.2", "2.2.2.2"],
  [2, "1.1.1.1, 2.2.2.2", "1.1.1.1"],
  [5, "1.1.1.1, 2.2.2.2", "1.1.1.1"],
  [1, undefined, "9.9.9.9"],
])("with %p proxies and the header %p it is %p", (hops, forwarded, address) => {
  const request = { socket: { remoteAddress: "9.9.9.9" }, headers: { "x-forwarded-for": forwarded } };
  expect(addressOf(request as unknown as IncomingMessage, hops)).toBe(address);
});
