import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { HerokuApps } from "../../cli/acceptance/heroku-apps.ts";
import { MiddlewareCalls } from "../../cli/verify/middleware.ts";
import { CallRooms } from "../../cli/verify/rooms.ts";
import { configVarsOf } from "../../providers/heroku/config-vars.ts";
import { JambonzClient } from "../../providers/jambonz/client.ts";
import { LiveKitClient } from "../../providers/livekit/client.ts";
import { LiveKitClient as CallClient } from "../../service/middleware/livekit/client.ts";
import { BODIES, endless, type Hostile, NOT_FOUND_PAGE, packed, SHAPES } from "./answers.ts";
import { type HostileServer, startHostile } from "./server.ts";
import { patience, runs } from "./texts.ts";

/** Every method of every client of an API × every answer that is none: an error with a name, never "there is nothing". */

jest.setTimeout(patience(120_000));
const credentials = { apiKey: "APIkey", apiSecret: "a-secret-of-thirty-two-characters" };
const sid = randomUUID();
const call = { callId: "abc", flow: "callback", caller: "+49301", called: "+49302", headers: {} } as never;

let server: HostileServer;
beforeAll(async () => {
  server = await startHostile();
});
afterAll(() => server.stop());

type Method = () => Promise<unknown>;
type Methods = Readonly<Record<string, () => Promise<unknown>>>;

const project = () => new LiveKitClient(server.url, credentials);
const LIVEKIT: Methods = {
  outboundTrunks: () => project().outboundTrunks("fresh"),
  inboundTrunks: () => project().inboundTrunks("fresh"),
  dispatchRules: () => project().dispatchRules("fresh"),
  createOutboundTrunk: () => project().createOutboundTrunk(new SIPOutboundTrunkInfo()),
  replaceOutboundTrunk: () => project().replaceOutboundTrunk("ST_2", new SIPOutboundTrunkInfo()),
  createInboundTrunk: () => project().createInboundTrunk(new SIPInboundTrunkInfo()),
  replaceInboundTrunk: () => project().replaceInboundTrunk("ST_2", new SIPInboundTrunkInfo()),
  createDispatchRule: () => project().createDispatchRule(new SIPDispatchRuleInfo()),
  replaceDispatchRule: () => project().replaceDispatchRule("SDR_2", new SIPDispatchRuleInfo()),
  runningCalls: () => project().runningCalls(["ST_2"]),
  deleteTrunk: () => project().deleteTrunk("ST_2"),
  deleteDispatchRule: () => project().deleteDispatchRule("SDR_2"),
};

const account = () => new JambonzClient(server.url, "a-key");
const JAMBONZ: Methods = {
  account: () => account().account(""),
  list: () => account().list("Applications"),
  "list of gateways": () => account().list("SipGateways", `?voip_carrier_sid=${sid}`),
  get: () => account().get("VoipCarriers", sid),
  create: () => account().create("PhoneNumbers", {}),
  update: () => account().update("Applications", sid, { name: "x" }),
  delete: () => account().delete("Applications", sid),
  voices: () => account().voices(sid),
  webhookSecret: () => account().webhookSecret(sid),
  setWebhookSecret: () => account().setWebhookSecret(sid, "a-secret-of-the-test"),
};

const rooms = () =>
  new CallClient({ url: server.url, ...credentials, outboundTrunkId: "ST_2", callLimitSeconds: 60, stackId: "test" });
const CALL_ROOMS: Methods = {
  createCallRoom: () => rooms().createCallRoom(call),
  createStandbyRoom: () => rooms().createStandbyRoom("abc"),
  giveRoom: () => rooms().giveRoom(call),
  lookInto: () => rooms().lookInto("abc"),
  createAgentLeg: () => rooms().createAgentLeg(call),
  ensureDispatch: () => rooms().ensureDispatch(call),
  replaceAgent: () => rooms().replaceAgent(call),
  removeAgent: () => rooms().removeAgent("abc", "agent"),
  removeLeg: () => rooms().removeLeg({ callId: "abc", flow: "dial" }),
  countRooms: () => rooms().countRooms(["abc"]),
  deleteRoom: () => rooms().deleteRoom("abc"),
  listCallRooms: () => rooms().listCallRooms(),
  hasTrunk: () => rooms().hasTrunk(),
};

const calls = () => new MiddlewareCalls(server.url, undefined);
const MIDDLEWARE: Methods = {
  recent: () => calls().recent(),
  active: () => calls().active(),
  read: () => calls().read("a"),
};
const heroku = () => new HerokuApps("a-key", server.url);
const HEROKU: Methods = { names: () => heroku().names(), delete: () => heroku().delete("an-app") };
const CONFIG_VARS: Methods = {
  configVarsOf: () => {
    Object.assign(process.env, { HEROKU_API_KEY: "a-key", HEROKU_API_URL: server.url });
    return configVarsOf("an-app");
  },
};
const watched = () => new CallRooms({ url: server.url.replace("http", "ws"), credentials });
const WATCHED: Methods = { exists: () => watched().exists("abc") };

/** Whose whole answer may be `{}`: there is nothing in it to check. */
const ANSWERED_WITH_AN_OBJECT = ["removeAgent", "deleteRoom", "configVarsOf"];
/** Which tells no difference between "does not answer" and "is not there": the next look follows within a second. */
const LOOKS_ONLY = ["look"];
const BORDERS = [
  ["LiveKit, providers and cli", LiveKitClient, LIVEKIT],
  ["Jambonz, providers and cli", JambonzClient, JAMBONZ],
  ["LiveKit, middleware", CallClient, CALL_ROOMS],
  ["the middleware, cli", MiddlewareCalls, MIDDLEWARE],
  ["Heroku, cli", HerokuApps, HEROKU],
  ["Heroku, providers", class {}, CONFIG_VARS],
  ["LiveKit's rooms, cli", CallRooms, WATCHED],
] as const;

async function outcome(method: () => Promise<unknown>): Promise<string> {
  return method().then(
    (value) => `resolved: ${JSON.stringify(value)}`,
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
}

describe.each(BORDERS)("%s", (_name, type, methods) => {
  test("no method is left out", () => {
    const all = Object.getOwnPropertyNames(type.prototype).filter(
      (name) => !["constructor", "exclusively"].includes(name),
    );
    expect(Object.keys(methods)).toEqual(expect.arrayContaining(all.filter((name) => !LOOKS_ONLY.includes(name))));
  });

  test.each(Object.entries(methods))("%s: JSON of another shape is an error with a name", async (name, method) => {
    for (const [shape, answer] of Object.entries(SHAPES)) {
      if (ANSWERED_WITH_AN_OBJECT.includes(name) && isObject(shape)) continue;
      server.answer = answer;
      expect({ shape, outcome: await outcome(method) }).toEqual({ shape, outcome: "ANSWER_INVALID" });
    }
  });

  test.each(Object.entries(methods))("%s: a body that is none is an error with a name", async (name, method) => {
    for (const [body, answer] of Object.entries(BODIES)) {
      if (isNoAnswer(body) && REPEATED.test(name)) continue; // for seconds; see below
      if (body === "an empty body" && ["update", "delete", "setWebhookSecret"].includes(name) && methods === JAMBONZ)
        continue; // 204
      server.answer = answer;
      const wanted = isNoAnswer(body) ? /^(?!resolved)/ : /^ANSWER_INVALID$/;
      expect({ body, outcome: await outcome(method) }).toEqual({ body, outcome: expect.stringMatching(wanted) });
    }
  });

  test.each(Object.entries(methods))(
    "%s: a page with 404 does not mean that the thing is gone",
    async (name, method) => {
      if (["removeAgent", "deleteRoom"].includes(name)) return;
      server.answer = NOT_FOUND_PAGE;
      expect(await outcome(method)).not.toMatch(/^resolved/);
    },
  );
});

const REPEATED = /^(out|in|dispatch|replace|running|delete|get|list|account|update|webhook)/;
const isNoAnswer = (body: string) => body === "a redirect";
const isObject = (shape: string) => !/^(null|true|a text|a number|\[|a list 10)/.test(shape);

const ONE_OF_EACH = [
  LIVEKIT.outboundTrunks,
  JAMBONZ.list,
  CALL_ROOMS.listCallRooms,
  MIDDLEWARE.recent,
  HEROKU.names,
  CONFIG_VARS.configVarsOf,
];

test("a body is measured as it is unpacked", async () => {
  server.answer = packed();
  for (const method of ONE_OF_EACH) expect(await outcome(method as Method)).toBe("ANSWER_INVALID");
});

test.each(["outboundTrunks", "deleteTrunk"])("%s: a redirect is an error, also after repeating", async (name) => {
  server.answer = BODIES["a redirect"];
  expect(await outcome(LIVEKIT[name] as Method)).toBe("API_UNREACHABLE");
});

test("an endless body is cut off at the limit, and never held", async () => {
  for (const method of ONE_OF_EACH) {
    const sent = new Promise<number>((resolve) => {
      server.answer = endless(resolve);
    });
    expect(await outcome(method as Method)).toBe("ANSWER_INVALID");
    expect(await sent).toBeLessThan(32 * 1_048_576);
  }
});

test("whatever JSON is answered to a list, only a list of such objects is one", async () => {
  const lists: [() => Promise<unknown>, (value: unknown) => boolean][] = [
    [LIVEKIT.inboundTrunks as never, (value) => isListOf("items", "sip_trunk_id", value)],
    [JAMBONZ.list as never, (value) => Array.isArray(value) && value.length === 0],
    [CALL_ROOMS.listCallRooms as never, (value) => isListOf("rooms", "name", value)],
  ];
  await fc.assert(
    fc.asyncProperty(hostileJson(), fc.nat(2), async (value, which) => {
      const [method, isFine] = lists[which] ?? [];
      server.answer = json(value);
      if (method && !isFine?.(value)) expect(await outcome(method)).toBe("ANSWER_INVALID");
    }),
    runs(300),
  );
});

function hostileJson(): fc.Arbitrary<unknown> {
  const value = fc.jsonValue({ maxDepth: 4 });
  const list = fc.oneof(value, fc.array(fc.oneof(value, fc.record({ sip_trunk_id: value, name: value, sid: value }))));
  return fc.oneof(value, list, fc.record({ items: list, rooms: list, data: list }, { requiredKeys: [] }));
}

function isListOf(list: string, id: string, value: unknown): boolean {
  const items = (value as Record<string, unknown> | null)?.[list];
  return Array.isArray(items) && items.every((item) => typeof item?.[id] === "string");
}

function json(value: unknown): Hostile {
  return (response) => void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}
