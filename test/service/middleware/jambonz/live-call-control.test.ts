import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { LiveCalls } from "../../../../sandbox/jambonz/live-calls.ts";
import { LiveCallControl } from "../../../../service/middleware/jambonz/live-call-control.ts";
import { liveCallSettings } from "../../../../service/middleware/jambonz/live-call-settings.ts";
import { startStandIn } from "../../../sandbox/jambonz/rest/api.ts";

// Against the stand-in's REST API, which answers as a real jambonz was seen to (jambonz-live, section 10).

const HOOK = "/livekit-api/rescue";
const moved: unknown[] = [];
const liveCalls = new LiveCalls();
liveCalls.add("live", { update: (change) => moved.push(change) && 202 });
liveCalls.add("ended", { update: () => 202 });
liveCalls.end("ended");

let api: Awaited<ReturnType<typeof startStandIn>> | undefined;
afterEach(() => api?.stop());

async function start(given: Parameters<typeof startStandIn>[0] = {}) {
  api = await startStandIn({ liveCalls, ...given });
  const sid = api.options.account.account_sid;
  const control = new LiveCallControl({ url: api.url, key: api.key });
  return { control, move: (callSid: string) => control.move(sid, callSid, HOOK) };
}

test("a live call is asked about at the hook", async () => {
  const { move } = await start();
  expect(await move("live")).toBe("asked");
  expect(moved.at(-1)).toEqual({ call_hook: HOOK });
});

test("an API behind a path of its server is reached there", async () => {
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  for (const end of ["", "/", "/v1", "/v1/"]) {
    const settings = liveCallSettings({
      JAMBONZ_API_URL: `http://127.0.0.1:${port}/api${end}`,
      JAMBONZ_API_KEY: "key",
      RESCUE: true,
    });
    if (!settings) throw new Error("there are no settings");
    await new LiveCallControl(settings).move("account", "call", HOOK);
  }
  await new Promise((resolve) => server.close(resolve));
  expect([...new Set(asked)]).toEqual(["/api/v1/Accounts/account/Calls/call"]);
});

test.each(["ended", "never-was"])("of a call that is over (%s) it says so", async (callSid) => {
  expect(await (await start()).move(callSid)).toBe("gone");
});

test("an address at which there is no such API is not taken for a call that is over", async () => {
  const { control } = await start();
  await expect(control.move("another-account", "live", HOOK)).rejects.toMatchObject({ code: "LIVE_CALL_REFUSED" });
  const other = createServer((_request, response) => void response.writeHead(404).end("Not Found"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const astray = new LiveCallControl({ url: `http://127.0.0.1:${port}`, key: "key" });
  await expect(astray.move("account", "live", HOOK)).rejects.toMatchObject({ code: "LIVE_CALL_REFUSED" });
  await new Promise((resolve) => other.close(resolve));
});

test("429 is heeded: until the window ends nothing more is sent", async () => {
  const { move } = await start({ rateLimit: { requests: 1, windowMs: 60_000 } });
  await move("live");
  const limited = { code: "LIVE_CALL_LIMITED", retryAfterMs: expect.any(Number) };
  await expect(move("live")).rejects.toMatchObject(limited);
  const count = moved.length;
  await api?.stop(); // a request would fail otherwise
  const error: { retryAfterMs: number } = await move("live").catch((cause) => cause);
  expect(error).toMatchObject(limited);
  expect(error.retryAfterMs).toBeGreaterThan(50_000);
  expect(moved).toHaveLength(count);
});

test("a key that is refused, and a server that is away, are told by their codes, without the key", async () => {
  const { control } = await start();
  const stranger = new LiveCallControl({ url: api?.url ?? "", key: "geheim" });
  const refused = await stranger.move("any", "live", HOOK).catch((cause) => cause);
  expect([refused.code, refused.message]).toEqual(["LIVE_CALL_REFUSED", expect.stringMatching(/401/)]);
  expect(refused.message).not.toContain("geheim");
  await api?.stop();
  await expect(control.move("any", "live", HOOK)).rejects.toMatchObject({ code: "LIVE_CALL_UNREACHABLE" });
});
