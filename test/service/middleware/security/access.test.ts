import type { FastifyInstance } from "fastify";
import { checkout } from "../../../../sandbox/root.ts";
import { buildServer, type ServerParts } from "../../../../service/middleware/server.ts";
import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import { callerInvite, collecting, postJson, ScriptedRooms, send, signedHook, testConfig } from "../support.ts";

const GUARDED = [
  "/livekit-api/calls",
  "/livekit-api/calls/x",
  "/livekit-api/calls/events",
  "/metrics",
  "/",
  "/live.js",
];
const OPEN = ["/healthz", "/readyz", "/openapi.json"];
let app: FastifyInstance;
afterEach(() => app.close());

function serve(changes: Partial<ServerParts["config"]>): void {
  const pageFolder = checkout("service/middleware/page");
  const parts = { store: new MemoryStore(), rooms: new ScriptedRooms(), log: collecting([]), pageFolder };
  app = buildServer({ ...parts, config: testConfig(changes) });
}
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
const ask = (path: string, authorization?: string) =>
  send(app, path, { headers: authorization === undefined ? {} : { authorization } });

describe("who may look", () => {
  const token = "a-long-token";

  test("with a token set: its bearer, and a browser whose user gives it as the password", async () => {
    serve({ callsToken: token });
    for (const path of GUARDED.filter((one) => !one.endsWith("events")))
      for (const way of [`Bearer ${token}`, `bearer ${token}`, basic("anybody", token), basic("", token)])
        expect([200, 404]).toContain((await ask(path, way)).statusCode);
  });

  test.each([
    undefined,
    "Bearer wrong",
    "Bearer",
    token,
    basic(token, ""),
    basic(token, "wrong"),
    "Basic %%%",
    `Digest ${token}`,
  ])("with a token set: nobody with %p", async (authorization) => {
    serve({ callsToken: token });
    for (const path of GUARDED) expect((await ask(path, authorization)).statusCode).toBe(401);
  });

  test("without a token: nobody, unless the stack is local", async () => {
    serve({ callsToken: undefined, openWithoutToken: false });
    for (const path of GUARDED) expect((await ask(path)).json().error.code).toBe("ACCESS_CLOSED");
    for (const path of OPEN) expect((await ask(path)).statusCode).toBe(200);
  });

  test("every answer carries the security headers, refusals too", async () => {
    serve({ callsToken: token });
    for (const path of ["/", "/healthz", "/nowhere"]) {
      const { header } = await send(app, path);
      expect(header("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(header("x-content-type-options")).toBe("nosniff");
      expect(header("strict-transport-security")).toBe("max-age=31536000");
    }
  });
});

/** Looks like a signature of now: only the body shows that it is none. */
const freshButWrong = () => `t=${Math.floor(Date.now() / 1_000)},v1=${"0".repeat(64)}`;

describe("how much one source may send", () => {
  test("hooks that are signed are never limited, whatever else comes from their address", async () => {
    serve({ requestsPerSecond: 1 });
    const refused: number[] = [];
    for (let index = 0; index < 100; index++) {
      const [path, header] = index % 2 === 0 ? ["/livekit-api/wait", undefined] : ["/livekit-api", freshButWrong()];
      refused.push((await postJson(app, path ?? "", "{}", header)).statusCode);
      refused.push((await send(app, "/robots.txt")).statusCode);
      expect((await signedHook(app, "/livekit-api/wait", { call_sid: "1" })).statusCode).toBe(200);
    }
    expect(refused[0]).toBe(401);
    expect(refused.slice(-20).every((status) => status === 429)).toBe(true);
    expect((await ask("/healthz")).statusCode).toBe(200);
  });

  test("a clock that is set back or forth limits nobody for longer", async () => {
    serve({ requestsPerSecond: 1 });
    for (let index = 0; index < 15; index++) await postJson(app, "/livekit-api", "{}");
    for (let index = 0; index < 3; index++) await send(app, "/robots.txt");
    expect((await ask("/openapi.json")).statusCode).toBe(429);
    const real = Date.now;
    jest.spyOn(Date, "now").mockImplementation(() => real() - 300_000);
    expect((await signedHook(app, "/livekit-api/wait", { call_sid: "1" })).statusCode).toBe(200);
    const { header } = await ask("/openapi.json");
    expect(Number(header("retry-after"))).toBeLessThanOrEqual(180); // three refusals of 60
    jest.restoreAllMocks();
  });

  test("addresses of one /64 are one source", async () => {
    serve({ requestsPerSecond: 10, proxyHops: 1 });
    const from = (address: string) => send(app, "/nowhere", { headers: { "x-forwarded-for": address } });
    const answers = [];
    for (let index = 1; index < 6; index++) answers.push((await from(`2001:db8:1:2::${index}`)).statusCode);
    expect(answers.at(-1)).toBe(429);
    expect((await from("2001:db8:1:3::1")).statusCode).toBe(404);
  });

  test("a source is the last address that a proxy in front has seen, and not what a sender claims", async () => {
    serve({ requestsPerSecond: 10, proxyHops: 1 });
    const from = (address: string) =>
      send(app, "/livekit-api", {
        method: "POST",
        body: "{}",
        headers: { "x-forwarded-for": `192.0.2.${Math.random()}, ${address}` },
      });
    const answers = [];
    for (let index = 0; index < 12; index++) answers.push((await from("198.51.100.1")).statusCode);
    expect(answers.at(-1)).toBe(429);
    expect((await from("198.51.100.2")).statusCode).toBe(401);
  });

  test("a body beyond the limit is refused before anything else is done with it", async () => {
    serve({});
    const answer = await postJson(app, "/livekit-api", `{"call_sid":"${"x".repeat(300_000)}"}`, freshButWrong());
    expect(answer.statusCode).toBe(413);
  });
});

test("numbers are in no log line, but for their last digits", async () => {
  const logged: Record<string, unknown>[] = [];
  const parts = { store: new MemoryStore(), rooms: new ScriptedRooms(), config: testConfig() };
  app = buildServer({ ...parts, log: collecting(logged) });
  await signedHook(app, "/livekit-api", callerInvite());
  await postJson(app, "/livekit-api", JSON.stringify(callerInvite({ call_sid: 1 })));
  expect(logged.length).toBeGreaterThan(1);
  expect(JSON.stringify(logged)).not.toMatch(/30123456|89654321/);
  expect(JSON.stringify(logged)).toContain("+*******456");
});
