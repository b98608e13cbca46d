import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { emptyAccount } from "../../../../sandbox/jambonz/account.ts";
import { addApplication, addCarrier } from "../../../../sandbox/jambonz/account-rows.ts";
import { RateLimiter } from "../../../../sandbox/jambonz/rest/rate-limit.ts";
import { startStandIn } from "./api.ts";

/** What can be seen on the stand-in only: rows without a route, other scopes, a small rate limit. */

type StandIn = Awaited<ReturnType<typeof startStandIn>>;
let api: StandIn;
const ADMIN = "admin-key";

beforeEach(async () => {
  api = await startStandIn({ adminKey: ADMIN });
});
afterEach(() => api.stop());

const hook = (path: string) => ({ url: `https://hooks.example.com${path}` });

test("a hook that is written without its sid leaves the old row behind", async () => {
  const { application_sid, name, call_hook } = addApplication(api.options.account, "app", "https://x.example.com/old");
  await api.send("PUT", `/Applications/${application_sid}`, { name, call_hook: hook("/new") });
  expect(api.server.orphans).toEqual([call_hook]);
});

test("rows are those of the feature server", async () => {
  const row = addApplication(api.options.account, "app", "https://x.example.com/old");
  const call_hook = { webhook_sid: row.call_hook?.webhook_sid, url: "https://x.example.com/new" };
  await api.send("PUT", `/Applications/${row.application_sid}`, { name: "app", call_hook });
  expect(row.call_hook?.url).toBe("https://x.example.com/new");
});

test("an admin's key gets other answers for an unknown sid", async () => {
  const unknown = async (method: string, kind: string) =>
    (await api.send(method, `/${kind}/${randomUUID()}`, method === "PUT" ? { name: "x" } : undefined, ADMIN)).status;
  expect([await unknown("PUT", "Applications"), await unknown("DELETE", "Applications")]).toEqual([404, 500]);
  expect([await unknown("PUT", "VoipCarriers"), await unknown("DELETE", "VoipCarriers")]).toEqual([404, 404]);
});

test("another account's rows: an application is 404, 403, 422; a carrier 400, 422, 422", async () => {
  const account_sid = randomUUID();
  const foreign = addApplication(api.options.account, "foreign", "https://x.example.com/");
  const carrier = addCarrier(api.options.account, "foreign", { account_sid });
  foreign.account_sid = account_sid;
  const statuses = async (path: string) => {
    const answers = [];
    for (const method of ["GET", "PUT", "DELETE"])
      answers.push((await api.send(method, path, method === "PUT" ? { name: "x" } : undefined)).status);
    return answers;
  };
  expect(await statuses(`/Applications/${foreign.application_sid}`)).toEqual([404, 403, 422]);
  expect(await statuses(`/VoipCarriers/${carrier.voip_carrier_sid}`)).toEqual([400, 422, 422]);
});

test("regenerate puts a new webhook secret in place at once", async () => {
  const { account } = api.options;
  const before = account.webhook_secret;
  const { body } = await api.send("GET", `/Accounts/${account.account_sid}/WebhookSecret?regenerate=true`);
  expect(body.webhook_secret).not.toBe(before);
  expect(account.webhook_secret).toBe(body.webhook_secret);
});

test("a webhook secret of one's own is set with a PUT, so that its receivers can know it before (routes/api/accounts.js)", async () => {
  const { account } = api.options;
  const put = await api.send("PUT", `/Accounts/${account.account_sid}`, { webhook_secret: "next" });
  expect([put.status, account.webhook_secret]).toEqual([204, "next"]);
});

describe("env_vars are checked against the schema that the application serves", () => {
  let application: Server;
  beforeAll((done) => {
    application = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ MODE: { type: "string", required: true, enum: ["a", "b"] } }));
    }).listen(0, "127.0.0.1", done);
  });
  afterAll((done) => {
    application.close(done);
  });

  test.each([
    [{ MODE: "a" }, 201, undefined],
    [{ MODE: "c" }, 400, "Invalid value/type for env_vars.MODE"],
    [{ OTHER: 1 }, 400, "Missing required value env_vars.MODE"],
  ])("%j", async (env_vars, status, msg) => {
    const url = `http://127.0.0.1:${(application.address() as AddressInfo).port}/`;
    const answer = await api.send("POST", "/Applications", {
      name: "a",
      call_hook: { url },
      call_status_hook: { url },
      env_vars,
    });
    expect([answer.status, answer.body.msg]).toEqual([status, msg]);
  });
});

describe("the rate limit", () => {
  test("lets so many through in a window, tells when it ends, then starts anew", () => {
    const limiter = new RateLimiter({ requests: 2, windowMs: 5_000 });
    expect([limiter.pass(0), limiter.pass(1), limiter.pass(2)].map(({ isAllowed }) => isAllowed)).toEqual([
      true,
      true,
      false,
    ]);
    expect(limiter.pass(3_500).headers).toMatchObject({ "RateLimit-Remaining": "0", "RateLimit-Reset": "2" });
    expect(limiter.pass(5_000).isAllowed).toBe(true);
  });

  test("is one for everybody, and is judged before the key", async () => {
    const small = await startStandIn({ account: emptyAccount(), rateLimit: { requests: 1, windowMs: 60_000 } });
    expect((await small.send("GET", "/Accounts", undefined, "wrong")).status).toBe(401);
    expect((await small.send("GET", "/Accounts")).status).toBe(429);
    await small.stop();
  });
});
