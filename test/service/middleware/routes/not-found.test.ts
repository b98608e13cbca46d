import { type Service, send, startService } from "../support.ts";

let service: Service;
beforeEach(() => {
  service = startService();
});
afterEach(() => service.app.close());

const lines = () => service.logged.filter(({ event }) => event === "hook.called-wrongly");

test.each<[string, string, Parameters<typeof send>[2], number, string]>([
  ["GET", "/livekit-api", { method: "GET" }, 405, "by POST, not by GET"],
  ["GET with a query", "/livekit-api/status?a=b", { method: "GET" }, 405, "by POST, not by GET"],
  [
    "WebSocket",
    "/livekit-api",
    { method: "GET", headers: { upgrade: "websocket", connection: "upgrade" } },
    405,
    "by HTTP, not by WebSocket",
  ],
  ["another case", "/LiveKit-API", { method: "POST", body: "{}" }, 404, "The path is /livekit-api,"],
  ["a slash at the end", "/livekit-api/wait/", { method: "POST", body: "{}" }, 404, "The path is /livekit-api/wait,"],
  ["two slashes", "//livekit-api", { method: "POST", body: "{}" }, 404, "The path is /livekit-api,"],
])("a hook that is called by %s is answered with the reason, and logged", async (_, path, request, status, reason) => {
  const answer = await send(service.app, path, request);
  expect({ status: answer.statusCode, ...answer.json().error }).toMatchObject({
    status,
    code: "ROUTE_UNKNOWN",
    message: expect.stringContaining(reason),
  });
  expect(lines()).toMatchObject([{ level: 40, reason: expect.stringContaining(reason), action: expect.any(String) }]);
  expect(service.rooms.done).toEqual([]);
});

test("a hundred such calls are one line", async () => {
  for (let count = 0; count < 100; count++) await send(service.app, "/livekit-api", { method: "GET" });
  expect(lines()).toHaveLength(1);
  await send(service.app, "/livekit-simple", { method: "GET" });
  expect(lines()).toHaveLength(2);
});

test.each(["/nothing", "/LIVEKIT", "/wp-login.php", "/livekit-api/nothing"])(
  "%s is not there, and not logged",
  async (path) => {
    const answer = await send(service.app, path, { method: "POST", body: "{}" });
    expect(answer.statusCode).toBe(404);
    expect(lines()).toEqual([]);
  },
);
