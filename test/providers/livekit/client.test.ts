import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dispatch } from "@trunkline/providers";
import { SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { LiveKitClient } from "../../../providers/livekit/client.ts";
import { RETRY, retryDelay } from "../../../providers/livekit/retry.ts";

/** How requests behave when the other side does not: a server that answers as each test says. What works is tried on the real one. */

const credentials = { apiKey: "APIkey", apiSecret: "a-secret-of-thirty-two-characters" };
type Answer = (response: ServerResponse, attempt: number) => void;

let server: Server;
let answer: Answer;
let requests: string[];
let bodies: string[];

beforeAll((done) => {
  server = createServer(receive).listen(0, "127.0.0.1", done);
});
afterAll((done) => {
  server.close(done);
});
beforeEach(() => {
  requests = [];
  bodies = [];
});

function receive(request: IncomingMessage, response: ServerResponse): void {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    requests.push(request.url?.split("/").at(-1) ?? "");
    bodies.push(body);
    answer(response, requests.length);
  });
}

const host = () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
const client = () => new LiveKitClient(host(), credentials);
const reply = (response: ServerResponse, status: number, body: object = {}, headers = {}) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

test("reads that come together share one request, those after a write make their own", async () => {
  answer = (response) => reply(response, 200, { items: [{ sip_trunk_id: "ST_1" }], sip_trunk_id: "ST_1" });
  const shared = client();
  const lists = await Promise.all(Array.from({ length: 1_000 }, () => shared.outboundTrunks("shared")));
  expect(lists.every(([trunk]) => trunk?.sipTrunkId === "ST_1")).toBe(true);
  await shared.deleteTrunk("ST_1");
  await shared.outboundTrunks("shared");
  expect(requests).toEqual(["ListSIPOutboundTrunk", "DeleteSIPTrunk", "ListSIPOutboundTrunk"]);
});

test.each([
  ["500", (response: ServerResponse) => reply(response, 500)],
  ["429", (response: ServerResponse) => reply(response, 429)],
  ["a reset connection", (response: ServerResponse) => response.destroy()],
])("a read is repeated after %s", async (_what, fail) => {
  answer = (response, attempt) => (attempt < 3 ? void fail(response) : void reply(response, 200, { items: [] }));
  await expect(client().inboundTrunks("fresh")).resolves.toEqual([]);
  expect(requests).toHaveLength(3);
});

test("creating is never repeated: the first request may have worked", async () => {
  answer = (response) => void response.destroy();
  await expect(client().createOutboundTrunk(new SIPOutboundTrunkInfo())).rejects.toThrow(/^API_UNREACHABLE/);
  expect(requests).toHaveLength(1);
});

test("what does not exist counts as deleted", async () => {
  answer = (response) => reply(response, 404, { code: "not_found", msg: "object cannot be found" });
  await expect(client().deleteDispatchRule("SDR_1")).resolves.toBeUndefined();
});

test("a server that knows no SIP API is not taken for one without the object", async () => {
  answer = (response) => reply(response, 404, { code: "bad_route", msg: "no handler" });
  await expect(client().deleteDispatchRule("SDR_1")).rejects.toThrow(/^API_REFUSED: .* 404: no handler/);
});

test("an unknown key is a mismatch of environments, told without the key", async () => {
  answer = (response) =>
    reply(response, 401, { code: "unauthenticated", msg: `invalid API key: ${credentials.apiKey}` });
  await expect(client().dispatchRules("fresh")).rejects.toThrow(/^ENVIRONMENT_MISMATCH: (?!.*APIkey)/);
  expect(requests).toHaveLength(1);
});

test("no secret is repeated from an answer", async () => {
  answer = (response) => reply(response, 400, { code: "invalid_argument", msg: `bad ${credentials.apiSecret}` });
  await expect(client().dispatchRules("fresh")).rejects.toThrow(/400: bad \[hidden\]/);
});

test("a page of something else is no empty list", async () => {
  answer = (response) => void response.writeHead(200).end("<html>");
  await expect(client().outboundTrunks("fresh")).rejects.toThrow(/^ANSWER_INVALID/);
});

test("retries end, and a long Retry-After ends them at once", () => {
  expect([1, 2, 3, 4].map((attempt) => retryDelay(attempt, { status: 503 }))).toEqual([200, 400, 800, undefined]);
  expect(retryDelay(1, { status: 429, retryAfterSeconds: 3 })).toBe(3_000);
  expect(retryDelay(1, { status: 429, retryAfterSeconds: RETRY.longestDelayMs })).toBeUndefined();
  expect(retryDelay(1, { status: 400 })).toBeUndefined();
});

describe("where the API does not tell passwords", () => {
  const trunk = dispatch("livekit:SipOutboundTrunk");
  const owner = { project: "trunkline", stack: "test", name: "sbc" };
  const inputs = async (authPassword: string) =>
    (
      await trunk.check(
        {},
        { host: host(), owner, name: "SBC", address: "sbc", presentedNumbers: ["+4930123456"], authPassword },
      )
    ).inputs;
  const stored = {
    sip_trunk_id: "ST_1",
    name: "SBC",
    address: "sbc",
    numbers: ["+4930123456"],
    metadata: JSON.stringify({ trunkline: owner }),
  };

  beforeEach(() => {
    delete process.env.LIVEKIT_URL;
    Object.assign(process.env, { LIVEKIT_API_KEY: credentials.apiKey, LIVEKIT_API_SECRET: credentials.apiSecret });
    answer = (response) => reply(response, 200, { ...stored, items: [stored] });
  });

  test("an unreadable password is no drift", async () => {
    const state = await inputs("first");
    expect((await trunk.read("ST_1", state)).inputs).toEqual(state);
  });

  test("a new password is written all the same", async () => {
    await trunk.update("ST_1", await inputs("first"), await inputs("second"));
    expect(requests).toEqual(["ListSIPOutboundTrunk", "UpdateSIPOutboundTrunk"]);
    expect(JSON.parse(bodies[1] ?? "")).toMatchObject({ replace: { authPassword: "second" } });
  });
});

test("a cleanup that fails half-way keeps the copies of what it has removed", async () => {
  process.env.LIVEKIT_API_KEY = credentials.apiKey;
  process.env.LIVEKIT_API_SECRET = credentials.apiSecret;
  delete process.env.LIVEKIT_URL;
  const items = [
    { sip_trunk_id: "ST_1", name: "one" },
    { sip_trunk_id: "ST_2", name: "two" },
  ];
  answer = (response) => {
    if (bodies.at(-1)?.includes("ST_2")) reply(response, 400, { msg: "in use" });
    else
      reply(response, 200, {
        items: requests.at(-1) === "ListSIPInboundTrunk" ? items : [],
        rooms: [],
        sip_trunk_id: "ST_1",
      });
  };
  const cleanup = dispatch("livekit:LegacySipCleanup");
  const owner = { project: "trunkline", stack: "test", name: "legacy" };
  const inputs = { host: host(), owner, inboundTrunkIds: ["ST_1", "ST_2"], dispatchRuleIds: [] };
  await expect(cleanup.create(inputs)).rejects.toMatchObject({
    code: "PARTLY_DONE",
    id: "trunkline/test/legacy",
    properties: { removedIds: ["ST_1"], copies: [{ id: "ST_1", object: { name: "one" } }] },
    reasons: [expect.stringContaining("in use")],
  });
});
