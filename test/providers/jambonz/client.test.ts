import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dispatch, jambonzAccount } from "@trunkline/providers";
import { toJambonzHost } from "../../../contract/jambonz-host.ts";
import { JambonzClient } from "../../../providers/jambonz/client.ts";

import { JAMBONZ_RETRY, jambonzDelay } from "../../../providers/jambonz/retry.ts";
import { startStandIn } from "../../sandbox/jambonz/rest/api.ts";
import { type Jambonz, methodsOf, standInTest, startJambonzApi, unique } from "./support.ts";

const KEY = "a-key-of-the-account";
const sid = randomUUID();

/** Against a server that is made to fail: no account has part in it. */
describe("when the other side does not behave", () => {
  let server: Server;
  let answer: (response: ServerResponse, attempt: number, request: IncomingMessage) => void;
  let requests: string[];
  let bodies: string[];

  beforeAll((done) => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        requests.push(`${request.method} ${request.url}`);
        bodies.push(body);
        answer(response, requests.length, request);
      });
    }).listen(0, "127.0.0.1", done);
  });
  beforeEach(() => {
    requests = [];
    bodies = [];
  });
  afterAll((done) => {
    server.close(done);
  });

  const host = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = () => new JambonzClient(host(), KEY);
  const reply = (response: ServerResponse, status: number, body: unknown = {}, headers = {}) =>
    void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

  const done = (response: ServerResponse) => void response.writeHead(204).end();

  test.each([
    ["502", (response: ServerResponse) => reply(response, 502)],
    ["a reset connection", (response: ServerResponse) => void response.destroy()],
  ])("a read and a partial update are repeated after %s", async (_what, fail) => {
    answer = (response, attempt, { method }) =>
      attempt % 2 === 1 ? fail(response) : method === "PUT" ? done(response) : reply(response, 200, []);
    await expect(client().list("Applications")).resolves.toEqual([]);
    await client().update("Applications", sid, { name: "x" });
    expect(requests).toHaveLength(4);
  });

  test("creating is never repeated: the first request may have worked", async () => {
    answer = (response) => void response.destroy();
    await expect(client().create("Applications", { name: "x" })).rejects.toThrow(/^API_UNREACHABLE/);
    expect(requests).toHaveLength(1);
  });

  test("500 is not repeated: it is what every mistake of a request is answered with", async () => {
    answer = (response) => reply(response, 500, { msg: "Unknown column 'x' in 'field list'" });
    await expect(client().update("Applications", sid, { x: 1 })).rejects.toThrow(
      /^API_REFUSED: .*500: Unknown column 'x'/,
    );
    expect(requests).toHaveLength(1);
  });

  test("429 is waited for as long as it says, also by a request that is not idempotent", async () => {
    answer = (response, attempt) =>
      attempt === 1 ? reply(response, 429, "Too many", { "ratelimit-reset": "1" }) : reply(response, 201, { sid });
    const startedAt = Date.now();
    await expect(client().create("Applications", { name: "x" })).resolves.toBe(sid);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1_000);
  });

  test("401 is a mismatch of environments, told without the key", async () => {
    answer = (response) => void response.writeHead(401).end("Unauthorized");
    await expect(client().account("")).rejects.toThrow(/^ENVIRONMENT_MISMATCH: (?!.*a-key-of).*Nothing was changed/);
  });

  test("an error that repeats a password is told without it", async () => {
    answer = (response) =>
      reply(response, 500, { msg: "near 'p4ssword-of-hook' and 'hello' and a-key-of-the-account" });
    const body = { name: "n", call_hook: { password: "p4ssword-of-hook" }, env_vars: { GREETING: "hello" } };
    await expect(client().update("Applications", sid, body)).rejects.toThrow(
      /500: near '\[hidden\]' and '\[hidden\]' and \[hidden\]\.$/,
    );
  });

  test.each([
    ["a page", (response: ServerResponse) => void response.writeHead(200).end("<html>")],
    ["an object", (response: ServerResponse) => reply(response, 200, { ok: true })],
    ["404", (response: ServerResponse) => reply(response, 404)],
  ])("%s where the accounts should be is another server, not an empty account", async (_what, other) => {
    answer = other;
    await expect(client().account("")).rejects.toThrow(/^ANSWER_INVALID: /);
  });

  test("a redirect is not followed: it would take the key elsewhere", async () => {
    answer = (response) => void response.writeHead(302, { location: "http://127.0.0.1:9/" }).end();
    await expect(client().create("Applications", {})).rejects.toThrow(/^API_UNREACHABLE/);
  });

  test("a key that sees several accounts has to be told which", async () => {
    const accounts = [{ account_sid: sid }, { account_sid: randomUUID() }];
    answer = (response) => reply(response, 200, accounts);
    await expect(client().account("")).rejects.toThrow(/^INVALID_INPUT: .*sees 2 accounts/);
    await expect(client().account(sid)).resolves.toEqual(accounts[0]);
  });

  test("a DELETE whose answer was lost, or that says the row is unknown, is done when the row is gone", async () => {
    answer = (response, _attempt, { method }) =>
      method === "DELETE" ? reply(response, 400, { msg: "application does not exist" }) : reply(response, 404);
    await expect(client().delete("Applications", sid)).resolves.toBeUndefined();
  });

  test("reads of the account that come together share one request", async () => {
    answer = (response) => reply(response, 200, [{ account_sid: sid }]);
    const shared = client();
    await Promise.all(Array.from({ length: 100 }, () => shared.account("")));
    expect(requests).toEqual(["GET /v1/Accounts"]);
  });

  test("a row that was made before the API failed is kept in the state by its sid: the next up goes on with it", async () => {
    process.env.JAMBONZ_API_KEY = KEY;
    delete process.env.JAMBONZ_API_URL;
    answer = (response, _attempt, { method, url = "" }) => {
      if (method === "POST") return reply(response, 201, { sid });
      if (url.endsWith(sid)) return reply(response, 500, { msg: "database is gone" });
      reply(response, 200, url.endsWith("/Accounts") ? [{ account_sid: sid }] : []);
    };
    const carrier = dispatch("jambonz:VoipCarrier");
    const { inputs } = await carrier.check({}, { host: host(), name: "c" });
    await expect(carrier.create(inputs)).rejects.toMatchObject({
      code: "PARTLY_DONE",
      id: sid,
      properties: { name: "c", sid, ownerSid: sid },
      reasons: [expect.stringContaining("database is gone")],
    });
  });

  describe("a password that reads back obscured", () => {
    const carrier = dispatch("jambonz:VoipCarrier");
    const row = {
      voip_carrier_sid: sid,
      name: "c",
      trunk_type: "auth",
      inbound_auth_username: "u",
      inbound_auth_password: "pXXXXXXX",
      dtmf_type: "rfc2833",
      is_active: 1,
    };
    const inputs = async (changes: object = {}) => {
      const given = {
        host: host(),
        name: "c",
        trunkType: "auth",
        inboundUsername: "u",
        inboundPassword: "password",
        ...changes,
      };
      return (await carrier.check({}, given)).inputs;
    };

    beforeEach(() => {
      process.env.JAMBONZ_API_KEY = KEY;
      delete process.env.JAMBONZ_API_URL;
      answer = (response, _attempt, { url, method }) =>
        method === "PUT" ? done(response) : reply(response, 200, url === "/v1/Accounts" ? [{ account_sid: sid }] : row);
    });

    test("is no drift", async () => {
      const state = await inputs();
      expect((await carrier.read(sid, state)).inputs).toEqual(state);
    });

    test("is never written back to an adopted carrier", async () => {
      await carrier.delete(sid, { ...(await inputs()), found: row, sid, ownerSid: sid });
      expect(requests.at(-1)).toBe(`PUT /v1/VoipCarriers/${sid}`);
      expect(JSON.parse(bodies.at(-1) ?? "")).toMatchObject({ inbound_auth_username: "u" });
      expect(bodies.at(-1)).not.toMatch(/inbound_auth_password|XXX/);
    });
  });
});

test("waiting ends: after some attempts, and for a window that is too long", () => {
  const attempt = { elapsedMs: 0, isIdempotent: true };
  const delays = [1, 2, 3, 4].map((number) => jambonzDelay({ status: 503 }, { ...attempt, number }));
  expect(delays).toEqual([250, 500, 1_000, undefined]);
  expect(jambonzDelay({ status: 429, resetSeconds: 300 }, { ...attempt, number: 1 })).toBe(300_000);
  expect(jambonzDelay({ status: 429, resetSeconds: 900 }, { ...attempt, number: 1 })).toBeUndefined();
  const late = { number: 1, isIdempotent: true, elapsedMs: JAMBONZ_RETRY.deadlineMs };
  expect(jambonzDelay({ status: 429, resetSeconds: 1 }, late)).toBeUndefined();
});

test.each([
  ["https://jambonz.example.com", "https://jambonz.example.com"],
  ["https://JAMBONZ.example.com:443/v1/", "https://jambonz.example.com"],
  ["https://jambonz.example.com/api/v1", "https://jambonz.example.com/api"],
  ["http://127.0.0.1:3000/", "http://127.0.0.1:3000"],
  ["jambonz.example.com", undefined],
  ["https://user:key@jambonz.example.com", undefined],
])("the API's address %s is %s", (text, host) => {
  expect(toJambonzHost(text)).toBe(host);
});

describe("a wrong environment changes nothing", () => {
  const application = methodsOf("Application");
  const hook = { url: "https://mw.example.com/" };
  let jambonz: Jambonz;

  beforeAll(async () => {
    jambonz = await startJambonzApi();
  });
  beforeEach(() => {
    process.env.JAMBONZ_API_KEY = jambonz.key;
    delete process.env.JAMBONZ_API_URL;
  });
  afterEach(() => jambonz.cleanUp());
  afterAll(() => jambonz?.stop());

  const inputs = (host = jambonz.url) =>
    application.checked({ host, name: unique("app"), callHook: hook, statusHook: hook });

  standInTest(
    "a key of another account is a mismatch, and does not make rows look gone",
    "it needs a second account",
    async () => {
      const api = await startStandIn();
      process.env.JAMBONZ_API_KEY = api.key;
      const { id, outs = {} } = await dispatch("jambonz:Application").create(await inputs(api.url));
      api.options.account.account_sid = randomUUID();
      await new Promise((resolve) => setTimeout(resolve, 1_050));
      await expect(application.read(id, outs)).rejects.toThrow(/^ENVIRONMENT_MISMATCH: .*bound to the Jambonz account/);
      await expect(application.delete(id, outs)).rejects.toThrow(/^ENVIRONMENT_MISMATCH/);
      expect(api.options.account.applications).toHaveLength(1);
      await api.stop();
    },
  );

  test("JAMBONZ_API_URL of another server is told before any request", async () => {
    process.env.JAMBONZ_API_URL = "https://other.example.com/v1";
    await expect(inputs()).rejects.toThrow(/^ENVIRONMENT_MISMATCH: .*names https:\/\/other\.example\.com/);
  });

  test("a missing key is told by name", async () => {
    const declared = await inputs();
    delete process.env.JAMBONZ_API_KEY;
    await expect(application.create(declared)).rejects.toThrow(/^MISSING_CREDENTIALS: JAMBONZ_API_KEY not set/);
  });

  test("the program reads the account's realm and webhook secret", async () => {
    const [account] = (await jambonz.row("/Accounts")) as unknown as Record<string, string>[];
    expect(await jambonzAccount(jambonz.url)).toEqual({
      accountSid: account?.account_sid,
      sipRealm: account?.sip_realm,
      webhookSecret: account?.webhook_secret,
    });
  });
});

standInTest(
  "a rate limit is waited for by everything that comes at once",
  "it would use up the requests of everybody on it",
  async () => {
    const api = await startStandIn({ rateLimit: { requests: 10, windowMs: 1_000 } });
    const client = new JambonzClient(api.url, api.key);
    const names = Array.from({ length: 25 }, (_, index) => `carrier ${index}`);
    await Promise.all(names.map((name) => client.create("VoipCarriers", { name })));
    expect(api.options.account.voip_carriers.map((row) => row.name).sort()).toEqual(names.sort());
    await api.stop();
  },
);
