import { loadConfig } from "../../../service/middleware/config.ts";
import { ConfigError } from "../../../service/middleware/errors.ts";
import { Speech } from "../../../service/middleware/speech/speech.ts";

const COMPLETE = {
  LIVEKIT_URL: "wss://project.livekit.cloud",
  LIVEKIT_API_KEY: "key",
  LIVEKIT_API_SECRET: "secret-canary",
  LIVEKIT_OUTBOUND_TRUNK_ID: "ST_abc",
  JAMBONZ_WEBHOOK_SECRETS: "one, two,",
};

function problemsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe("loadConfig", () => {
  test("reads a complete environment and fills in the defaults", () => {
    expect(loadConfig(COMPLETE)).toEqual({
      port: 3_000,
      host: "0.0.0.0",
      livekit: {
        url: "wss://project.livekit.cloud",
        apiKey: "key",
        apiSecret: "secret-canary",
        outboundTrunkId: "ST_abc",
        stackId: "local",
      },
      webhookSecrets: ["one", "two"],
      callFlow: "callback",
      calls: {
        country: undefined,
        flowsByNumber: new Map(),
        isServed: expect.any(Function),
        livekitCarrier: "LiveKit-",
        livekitSipHost: undefined,
        fallback: { kind: "say" },
        speech: expect.any(Speech),
        unansweredApology: false,
        allowedTargets: [],
        callerIds: new Map(),
        maxConcurrentCalls: 200,
      },
      carrierHeaders: ["X-Carrier"],
      callLimitSeconds: 3_600,
      mediaTimeoutMs: 180_000,
      standbyRooms: 0,
      callsToken: undefined,
      openWithoutToken: false,
      requestsPerSecond: 300,
      proxyHops: 0,
      connectionsPerSource: 1_000,
      endedCallsKept: 20_000,
      build: "unknown",
      stack: "default",
      redis: undefined,
    });
  });

  test("takes an empty announcement for none, and other empty variables for unset", () => {
    const config = loadConfig({ ...COMPLETE, ANNOUNCEMENT: "", CALLS_TOKEN: "", PORT: "" });
    expect(config).toMatchObject({ callsToken: undefined, port: 3_000 });
    expect(config.calls.speech.spokenMs("announcement")).toBe(0);
  });

  test("lists every problem at once, by variable, without any value", () => {
    const problems = problemsOf({
      LIVEKIT_URL: "ftp://x",
      LIVEKIT_API_SECRET: "secret-canary",
      PORT: "99999",
      CALL_FLOW: "fax",
      LOG_LEVEL: "loud",
    });
    const named = problems.map((problem) => problem.split(":")[0]).sort();
    expect(named).toEqual([
      "CALL_FLOW",
      "JAMBONZ_WEBHOOK_SECRETS",
      "LIVEKIT_API_KEY",
      "LIVEKIT_OUTBOUND_TRUNK_ID",
      "LIVEKIT_URL",
      "LOG_LEVEL",
      "PORT",
    ]);
    expect(problems.join()).not.toContain("canary");
  });

  test.each([undefined, "", " , "])("refuses to start without a webhook secret (%p)", (secrets) => {
    const environment = { ...COMPLETE, JAMBONZ_WEBHOOK_SECRETS: secrets };
    expect(problemsOf(environment).join()).toMatch(/JAMBONZ_WEBHOOK_SECRETS/);
    expect(problemsOf({ ...environment, TRUNKLINE_STACK: "prod" }).join()).toMatch(/JAMBONZ_WEBHOOK_SECRETS/);
    expect(problemsOf({ ...environment, TRUNKLINE_STACK: "local" })).toEqual([]);
  });

  test("the flow `dial` needs the name of a carrier, which the stack gives by default", () => {
    const dial = { ...COMPLETE, CALL_FLOW: "dial" };
    expect(problemsOf(dial).join()).toMatch(/LIVEKIT_CARRIER/);
    expect(loadConfig({ ...dial, TRUNKLINE_STACK: "prod" }).calls.livekitCarrier).toBe("LiveKit-prod");
    expect(loadConfig({ ...dial, LIVEKIT_CARRIER: "Mine" }).calls.livekitCarrier).toBe("Mine");
  });

  test("a flow may be named for single numbers, with or without the plus", () => {
    const { calls } = loadConfig({ ...COMPLETE, CALL_FLOWS: '{"+49 30 1":"callback","49302":"callback"}' });
    expect(calls.flowsByNumber).toEqual(
      new Map([
        ["49301", "callback"],
        ["49302", "callback"],
      ]),
    );
    expect(problemsOf({ ...COMPLETE, CALL_FLOWS: '{"1":"conference"}' }).join()).toMatch(/CALL_FLOWS/);
    expect(problemsOf({ ...COMPLETE, CALL_FLOWS: "dial" }).join()).toMatch(/CALL_FLOWS/);
  });

  test.each([
    ["say", { kind: "say" }],
    ["dial:+49 30 123456", { kind: "dial", number: "+4930123456" }],
    ["decline:503", { kind: "decline", status: 503 }],
  ])("takes the fallback %s", (FALLBACK, expected) => {
    const environment = { ...COMPLETE, FALLBACK, ALLOWED_TARGETS: "+4930123456" };
    expect(loadConfig(environment).calls.fallback).toEqual(expected);
  });

  test.each(["sing", "dial:", "decline:200", "decline:407", "dial:+4930999999", "dial:+49900123456", "dial:112"])(
    "refuses the fallback %s",
    (FALLBACK) => {
      expect(problemsOf({ ...COMPLETE, FALLBACK, ALLOWED_TARGETS: "+4930123456" }).join()).toMatch(/FALLBACK/);
    },
  );

  test("refuses targets that are never dialled, without repeating them", () => {
    const problems = problemsOf({ ...COMPLETE, ALLOWED_TARGETS: "+4930123456,+88216123456" }).join();
    expect(problems).toMatch(/ALLOWED_TARGETS: entry 2 .*satellite/);
    expect(problems).not.toContain("88216123456");
  });

  test("keeps calls in Redis when there is a REDIS_URL, and takes Heroku's self-signed certificate", () => {
    const url = "rediss://:password@redis.example:6380";
    const redisOf = (more: NodeJS.ProcessEnv) => loadConfig({ ...COMPLETE, REDIS_URL: url, ...more }).redis;
    expect(redisOf({})).toEqual({ url, verifyCertificate: true });
    expect(redisOf({ DYNO: "web.1" })).toEqual({ url, verifyCertificate: false });
    expect(redisOf({ DYNO: "web.1", REDIS_TLS_VERIFY: "true" })).toEqual({ url, verifyCertificate: true });
    expect(loadConfig({ ...COMPLETE, DYNO: "web.1" })).toMatchObject({ redis: undefined, proxyHops: 1 });
  });

  test.each([
    ["REDIS_URL", { REDIS_URL: "http://redis.example" }],
    ["REDIS_TLS_VERIFY", { REDIS_URL: "redis://127.0.0.1", REDIS_TLS_VERIFY: "true" }],
    ["CALLS_TOKEN", { CALLS_TOKEN: "short" }],
    ["RATE_LIMIT_PER_SECOND", { RATE_LIMIT_PER_SECOND: "-1" }],
    ["TRUST_PROXY_HOPS", { TRUST_PROXY_HOPS: "all" }],
  ])("refuses a wrong %s", (name, environment) => {
    const problems = problemsOf({ ...COMPLETE, ...environment });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: `));
  });

  test("sends ended calls only where it is encrypted, or stays on this machine, and signs them", () => {
    const CALL_EVENTS_SECRET = "a secret of the receiver's";
    const read = (CALL_EVENTS_URL: string, changes = {}) => ({
      ...COMPLETE,
      CALL_EVENTS_URL,
      CALL_EVENTS_SECRET,
      ...changes,
    });
    const { callEvents } = loadConfig(read("https://crm.example.com/calls"));
    expect(callEvents).toEqual({ url: "https://crm.example.com/calls", secret: CALL_EVENTS_SECRET });
    expect(loadConfig(read("http://127.0.0.1:8080/calls")).callEvents?.url).toBe("http://127.0.0.1:8080/calls");
    expect(loadConfig(COMPLETE).callEvents).toBeUndefined();
    expect(loadConfig({ ...COMPLETE, CALL_EVENTS_SECRET }).callEvents).toBeUndefined();
    for (const url of [
      "http://crm.example.com",
      "http://10.0.0.1/x",
      "ftp://crm.example.com",
      "https://user:key@crm.example.com",
      "x",
    ])
      expect(problemsOf(read(url))).toEqual([expect.stringMatching(/^CALL_EVENTS_URL: /)]);
    for (const secret of ["", "too short"])
      expect(problemsOf(read("https://crm.example.com", { CALL_EVENTS_SECRET: secret }))).toEqual([
        expect.stringMatching(/^CALL_EVENTS_SECRET: /),
      ]);
  });
});
