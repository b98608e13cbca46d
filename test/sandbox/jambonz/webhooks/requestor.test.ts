import type { ServerResponse } from "node:http";
import { type HookTry, Requestor } from "../../../../sandbox/jambonz/webhooks/requestor.ts";
import { signatureHeader } from "../../../../sandbox/jambonz/webhooks/signer.ts";
import { json, WebhookApp } from "../webhook-app.ts";

let app: WebhookApp;

beforeEach(async () => {
  app = await WebhookApp.start();
  app.answer = () => [{ verb: "hangup" }];
});

afterEach(() => app.stop());

/** Answers by how many requests there were so far, this one included. */
function respond(answer: (response: ServerResponse, count: number) => void): void {
  app.respond = (response) => answer(response, app.posts.length);
}

function requestor(
  more: { username?: string; password?: string; timeoutMs?: number; onTry?: (hookTry: HookTry) => void } = {},
) {
  const { username, password, ...rest } = more;
  const hook = { url: `${app.origin}/livekit-api`, ...(username && { username }), ...(password && { password }) };
  return new Requestor({ hook, secret: "wh_secret", ...rest });
}

test("posts JSON, signed over the bytes that arrive", async () => {
  await expect(requestor().request(`${app.origin}/hook?a=1`, { to: "Köln" })).resolves.toEqual([{ verb: "hangup" }]);
  const [only] = app.posts;
  expect(only).toMatchObject({ method: "POST", url: "/hook?a=1", text: '{"to":"Köln"}' });
  expect(only?.headers).toMatchObject({ "content-type": "application/json", "user-agent": "jambonz" });
  const second = Number(/t=(\d+)/.exec(String(only?.headers["jambonz-signature"]))?.[1]);
  expect(only?.headers["jambonz-signature"]).toBe(signatureHeader(only?.text ?? "", "wh_secret", second * 1000));
});

test("a GET hook carries no data at all", async () => {
  await requestor().request({ url: `${app.origin}/hook`, method: "GET" }, { to: "1" });
  expect(app.posts[0]).toMatchObject({ method: "GET", url: "/hook", text: "" });
});

test("a relative hook goes to the origin of the call_hook, its fragment on the request line", async () => {
  await requestor().request("/wait#rc=2&rp=all", {});
  expect(app.posts[0]?.url).toBe("/wait#rc=2&rp=all");
  await requestor().request(`${app.origin}/wait#rc=2&rp=all`, {});
  expect(app.posts[1]?.url).toBe("/wait");
});

test("basic auth is sent when both user name and password are set", async () => {
  await requestor({ username: "u", password: "p" }).request("/", {});
  await requestor({ username: "u" }).request("/", {});
  expect(app.posts.map((request) => request.headers.authorization)).toEqual(["Basic dTpw", undefined]);
});

test.each([201, 301, 400, 500])(
  "status %i is a failure, and is not repeated without being asked for",
  async (status) => {
    respond((response) => response.writeHead(status, { location: "/elsewhere" }).end());
    await expect(requestor().request("/", {})).rejects.toMatchObject({ code: "HOOK_FAILED", failure: { status } });
    expect(app.posts).toHaveLength(1);
  },
);

test.each([200, 202, 204])("status %i without JSON is an empty answer", async (status) => {
  respond((response) => response.writeHead(status).end());
  await expect(requestor().request("/", {})).resolves.toBe("");
});

test("rc and rp ask for repetitions, which carry the first signature", async () => {
  respond((response, count) => (count < 3 ? response.writeHead(503).end() : json(response, [])));
  const started = Date.now();
  await expect(requestor().request("/#rc=2&rp=5xx", {})).resolves.toEqual([]);
  expect(Date.now() - started).toBeGreaterThanOrEqual(1490); // 500 + 1000 ms
  expect(new Set(app.posts.map((request) => request.headers["jambonz-signature"])).size).toBe(1);
});

test("a policy for lost connections does not repeat a status", async () => {
  respond((response) => response.writeHead(503).end());
  await expect(requestor().request("/#rc=3", {})).rejects.toThrow("Unexpected HTTP Response");
  expect(app.posts).toHaveLength(1);
});

test("a connection that is cut is repeated by default, once rc asks for it", async () => {
  respond((response, count) => (count === 1 ? response.socket?.destroy() : json(response, [])));
  await expect(requestor().request("/#rc=1", {})).resolves.toEqual([]);
  expect(app.posts).toHaveLength(2);
});

test("no headers within the time-out is a failure that only `all` repeats", async () => {
  respond((response, count) => {
    if (count > 2) json(response, []);
  });
  const tries: HookTry[] = [];
  const slow = requestor({ timeoutMs: 100, onTry: (hookTry) => tries.push(hookTry) });
  await expect(slow.request("/#rc=3&rp=ct,rt,5xx", {})).rejects.toThrow("Headers Timeout Error");
  expect(app.posts).toHaveLength(1);
  await expect(slow.request("/#rc=1&rp=all", {})).resolves.toEqual([]);
  expect(tries.map((hookTry) => hookTry.error ?? hookTry.status)).toEqual([
    "Headers Timeout Error",
    "Headers Timeout Error",
    200,
  ]);
});
