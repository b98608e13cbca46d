import type * as Pulumi from "@pulumi/pulumi";
import { requireRegion } from "../../infra/heroku-service.ts";
import { unsaidVariables } from "../../infra/unsaid-variables.ts";
import { emptyAccount } from "../../sandbox/jambonz/account.ts";
import { startRest } from "../../sandbox/jambonz/rest/server.ts";
import { MockedEngine } from "./mocks.ts";

/** The whole program, as `pulumi up` runs it, against Pulumi's mocks. */

const SECRETS = {
  sipPassword: "password-of-sip",
  jambonzWebhookSecret: "secret-of-jambonz",
  callsToken: "token-of-calls",
};
const HEROKU = {
  middleware: {
    name: "jambonz-livekit-middleware",
    size: "standard-1x",
    quantity: 2,
    preboot: true,
    variables: { LOG_LEVEL: "debug" },
  },
  agent: { name: "livekit-sip-agent-eu", size: "standard-2x", quantity: 1 },
};
const STACK_FILE = {
  livekitUrl: "wss://prod.livekit.cloud",
  sbcAddress: "sbc.example.com",
  presentedNumbers: ["+4930123456"],
  sipUsername: "livekit",
  legacy: { inboundTrunkIds: ["ST_old"], dispatchRuleIds: [] },
  agent: { conversation: "realtime" },
};

const JAMBONZ = {
  livekitSipHost: "prod.sip.livekit.cloud",
  phoneCarrier: { trunkType: "static_ip", inboundAddresses: ["192.0.2.7"] },
};

const environment = process.env;
afterAll(() => {
  process.env = environment;
});

/** Each test loads the whole program. */
jest.setTimeout(120_000);

type Outputs = typeof import("../../infra/index.ts");

async function declared(changes: Record<string, unknown> = {}): Promise<{ engine: MockedEngine; url: unknown }> {
  process.env = {
    ...environment,
    LIVEKIT_API_KEY: "key",
    LIVEKIT_API_SECRET: "api-secret",
    HEROKU_API_KEY: "heroku",
    JAMBONZ_API_KEY: "jambonz",
  };
  let result: { engine: MockedEngine; url: unknown } | undefined;
  await jest.isolateModulesAsync(async () => {
    const pulumi: typeof Pulumi = await import("@pulumi/pulumi");
    const engine = new MockedEngine(pulumi);
    await engine.start("prod");
    const settings = { ...STACK_FILE, ...SECRETS, heroku: HEROKU, ...changes };
    engine.configure(settings, [...Object.keys(SECRETS), "jambonzCallKey", "herokuDrain", "serviceSecrets"]);
    const outputs: Outputs = await import("../../infra/index.ts");
    const known = pulumi.all([outputs.middlewareUrl, outputs.removedLegacy]);
    const [url] = await new Promise<unknown[]>((resolve) => known.apply(resolve));
    result = { engine, url };
  });
  if (result === undefined) throw new Error("the program did not run");
  return result;
}

/** As in the stack file above, and with more of what is optional. */
let prod: Awaited<ReturnType<typeof declared>>;
let detailed: MockedEngine;
const DRAIN = "https://user:drain-secret@logs.example.com";
beforeAll(async () => {
  prod = await declared();
  const more = { fallbackText: "We call you back.", allowedTargets: ["+493012345678"], herokuDrain: DRAIN };
  detailed = (await declared(more)).engine;
});

const secretValues = (record: unknown) => (record as { secret: Record<string, string> }).secret;

test("makes both apps in the EU, never with all config vars in the state", () => {
  const { engine } = prod;
  expect(engine.find("App", "middleware").inputs).toMatchObject({ name: "jambonz-livekit-middleware", region: "eu" });
  expect(engine.find("App", "agent").inputs).toMatchObject({ name: "livekit-sip-agent-eu", region: "eu" });
  for (const { inputs } of engine.registered.filter(({ type }) => type.endsWith(":App")))
    expect(Object.keys(inputs)).not.toEqual(expect.arrayContaining(["configVars", "sensitiveConfigVars"]));
  expect(engine.find("heroku").inputs.customizations).toEqual(
    expect.stringContaining('"setAppAllConfigVarsInState":false'),
  );
});

test("the trunk's id becomes a config var of the middleware; secrets are secrets, each var has one owner", () => {
  const { engine } = prod;
  const { vars, sensitiveVars } = engine.find("AppConfigAssociation", "middleware").inputs;
  expect(vars).toMatchObject({ LIVEKIT_OUTBOUND_TRUNK_ID: "ST_declared", TRUNKLINE_STACK: "prod", LOG_LEVEL: "debug" });
  expect(secretValues(sensitiveVars)).toMatchObject({
    LIVEKIT_API_SECRET: "api-secret",
    JAMBONZ_WEBHOOK_SECRETS: SECRETS.jambonzWebhookSecret,
    CALLS_TOKEN: SECRETS.callsToken,
  });
  expect(Object.keys(vars as object).filter((name) => name in secretValues(sensitiveVars))).toEqual([]);
});

test("secret is only what opens something: whatever else the stack file says is shown in previews", () => {
  const config = (app: string) => detailed.find("AppConfigAssociation", app).inputs;
  const names = (app: string) => Object.keys(secretValues(config(app).sensitiveVars));
  const livekit = ["LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"];
  expect(names("middleware").sort()).toEqual(["CALLS_TOKEN", "JAMBONZ_WEBHOOK_SECRETS", ...livekit]);
  expect(names("agent").sort()).toEqual(livekit);
  expect(config("agent").vars).toHaveProperty("AGENT_CONVERSATION");
  expect(config("middleware").vars).toMatchObject({ FALLBACK_TEXT: "We call you back.", MAX_CONCURRENT_CALLS: "200" });
});

/** Config vars that describe this stack, or that the stack file has to say. */
const DECLARED = [
  ...["AGENT_NAME", "CALLED_NUMBERS", "CALLER_IDS", "CALL_FLOW", "CALL_FLOWS", "CARRIER_HEADERS", "LIVEKIT_CARRIER"],
  ...[
    "LIVEKIT_OUTBOUND_TRUNK_ID",
    "LIVEKIT_SIP_HOST",
    "LIVEKIT_URL",
    "MIDDLEWARE_URL",
    "TRUNKLINE_COUNTRY",
    "TRUNKLINE_STACK",
    "TRUNKLINE_STACK_ID",
  ],
];

test("each config var is the stack's own, or is known to be a default where the stack file does not say it", () => {
  const minimal = ["middleware", "agent"].flatMap((app) =>
    Object.keys(prod.engine.find("AppConfigAssociation", app).inputs.vars as object),
  );
  const names = minimal.filter((name) => name !== "LOG_LEVEL" && !DECLARED.includes(name));
  expect(unsaidVariables(names, new Set())).toEqual(names);
});

test("no secret is in plain text in any resource", () => {
  const open = JSON.stringify(detailed.registered, (_key, value) => (value?.secret === undefined ? value : "[secret]"));
  for (const secret of [...Object.values(SECRETS), "api-secret", "drain-secret"]) expect(open).not.toContain(secret);
});

test("one step after the other: trunk, config vars, build, formation, preboot, ready checks, and last the legacy objects", () => {
  const { engine } = prod;
  const order = engine.names();
  const steps = [
    "SipOutboundTrunk sbc",
    "AppConfigAssociation middleware",
    "Build middleware",
    "Formation middleware",
    "AppFeature middleware-preboot",
    "ServiceReady middleware",
    "LegacySipCleanup legacy",
  ];
  expect(order.filter((name) => steps.includes(name))).toEqual(steps);
  const agent = [
    "AgentRestart agent",
    "AppConfigAssociation agent",
    "Build agent",
    "Formation agent",
    "AgentReady agent",
  ];
  const agentSteps = [...agent, "LegacySipCleanup legacy"];
  expect(order.filter((name) => agentSteps.includes(name))).toEqual(agentSteps);
});

test("prod restarts the agent during calls only where that was said", async () => {
  const duringCalls = ({ engine }: { engine: MockedEngine }) => engine.find("AgentRestart").inputs.duringCalls;
  expect(duringCalls(prod)).toBe(false);
  expect(duringCalls(await declared({ heroku: { ...HEROKU, deployDuringCalls: true } }))).toBe(true);
});

test("the ready checks want exactly what was built, at the app's own address", () => {
  const { engine, url } = prod;
  const { version } = engine.find("Build", "middleware").inputs.source as { version: string };
  expect(engine.find("ServiceReady").inputs).toMatchObject({
    buildHash: version,
    trunkId: "ST_declared",
    url: "https://middleware.herokuapp.com",
    app: "jambonz-livekit-middleware",
  });
  expect(url).toBe("https://middleware.herokuapp.com");
});

test("sizes, quantities, the store, and a log drain that is a secret", () => {
  expect(detailed.find("Formation", "middleware").inputs).toMatchObject({
    type: "web",
    size: "standard-1x",
    quantity: 2,
  });
  expect(detailed.find("Formation", "agent").inputs).toMatchObject({
    type: "worker",
    size: "standard-2x",
    quantity: 1,
  });
  expect(detailed.find("Addon").inputs).toMatchObject({ appId: "middleware-uuid", plan: "heroku-redis:mini" });
  expect(detailed.find("Drain", "agent").inputs.sensitiveUrl).toEqual({ secret: DRAIN });
});

describe("with the Jambonz account declared, too", () => {
  let rest: Awaited<ReturnType<typeof startRest>>;
  let engine: MockedEngine;
  beforeAll(async () => {
    rest = await startRest({ account: emptyAccount({ webhookSecret: "wh_secret_of_the_account" }), apiKey: "jambonz" });
    engine = (await declared({ jambonz: { ...JAMBONZ, url: rest.url } })).engine;
  });
  afterAll(() => rest.stop());

  test("the webhook is switched after both ready checks, and the legacy objects go after that", () => {
    const steps = [
      "Application agent-leg",
      "SipOutboundTrunk sbc",
      "AppConfigAssociation middleware",
      "ServiceReady middleware",
      "Application calls",
      "LegacySipCleanup legacy",
    ];
    expect(engine.names().filter((name) => steps.includes(name))).toEqual(steps);
    const order = engine.names();
    expect(order.indexOf("AgentReady agent")).toBeLessThan(order.indexOf("Application calls"));
  });

  test("the account's webhook secret reaches the middleware as a secret, beside the one that is to come", () => {
    const { sensitiveVars } = engine.find("AppConfigAssociation", "middleware").inputs;
    expect(secretValues(sensitiveVars).JAMBONZ_WEBHOOK_SECRETS).toBe(
      `wh_secret_of_the_account,${SECRETS.jambonzWebhookSecret}`,
    );
    const open = JSON.stringify(engine.registered, (_key, value) => (value?.secret === undefined ? value : "[secret]"));
    expect(open).not.toContain("wh_secret_of_the_account");
  });

  test("a key for live call control reaches the middleware as a secret, with the address it is for; without one there is neither", async () => {
    const given = await declared({ jambonz: { ...JAMBONZ, url: rest.url }, jambonzCallKey: "key-of-the-account" });
    const config = (of: MockedEngine) => of.find("AppConfigAssociation", "middleware").inputs;
    const { vars, sensitiveVars } = config(given.engine);
    expect(vars).toMatchObject({ JAMBONZ_API_URL: rest.url });
    expect(secretValues(sensitiveVars)).toMatchObject({ JAMBONZ_API_KEY: "key-of-the-account" });
    expect(JSON.stringify([config(engine).vars, secretValues(config(engine).sensitiveVars)])).not.toMatch(
      /JAMBONZ_API/,
    );
  });

  test("a secret that the program makes is known to the middleware before Jambonz signs with it, beside the one before", async () => {
    const jambonz = { ...JAMBONZ, url: rest.url, webhookSecretGeneration: 2 };
    const { engine: rotating } = await declared({ jambonz });
    const { sensitiveVars } = rotating.find("AppConfigAssociation", "middleware").inputs;
    expect(secretValues(sensitiveVars).JAMBONZ_WEBHOOK_SECRETS?.split(",")).toEqual([
      "wh_secret_of_the_account",
      SECRETS.jambonzWebhookSecret,
      "generated-webhook-secret-2",
      "generated-webhook-secret-1",
    ]);
    const names = rotating.names();
    expect(names.indexOf("ServiceReady middleware")).toBeLessThan(names.indexOf("WebhookSecret webhooks"));
    expect(secretValues(rotating.find("WebhookSecret").inputs).secret).toBe("generated-webhook-secret-2");
  });

  test("webhooks point to the deployed app", () => {
    expect(JSON.stringify(engine.find("Application", "calls").inputs)).toContain(
      "https://middleware.herokuapp.com/livekit-api#rc=",
    );
  });
});

describe("apps that exist", () => {
  const existing = {
    middleware: {
      ...HEROKU.middleware,
      existing: true,
      addons: [{ plan: "heroku-redis:mini", existing: "redis-curved-1" }],
    },
    agent: { ...HEROKU.agent, existing: true },
  };

  let engine: MockedEngine;
  beforeAll(async () => {
    engine = (await declared({ heroku: existing, callLimitSeconds: 600 })).engine;
  });

  test("are imported by name, their add-ons too, and keep their Heroku stack", () => {
    expect(engine.find("App", "middleware")).toMatchObject({ importId: "jambonz-livekit-middleware" });
    expect(engine.find("App", "agent")).toMatchObject({ importId: "livekit-sip-agent-eu" });
    expect(engine.find("App", "agent").inputs).toEqual({ name: "livekit-sip-agent-eu", region: "eu" });
    expect(engine.find("Addon").importId).toBe("redis-curved-1");
  });

  test("of their config vars those are not written that the app has and nobody says", () => {
    const { inputs } = engine.find("AppAdoption", "middleware");
    expect(inputs).toMatchObject({
      app: "jambonz-livekit-middleware",
      vars: { CALL_LIMIT_SECONDS: "600", FALLBACK: "say", LOG_LEVEL: "debug" },
      secretVars: { secret: { CALLS_TOKEN: SECRETS.callsToken } },
    });
    expect(inputs.unsaid).toContain("FALLBACK");
    expect(inputs.unsaid).not.toContain("CALL_LIMIT_SECONDS");
    // MockedEngine's app has an announcement of its own.
    const { vars } = engine.find("AppConfigAssociation", "middleware").inputs;
    expect(vars).not.toHaveProperty("ANNOUNCEMENT");
    expect(vars).toHaveProperty("FALLBACK");
  });

  test("their dynos are imported, too, unless the process type is new there; what is said is written", async () => {
    const heroku = { ...existing, agent: { ...existing.agent, hasProcess: false } };
    const { engine } = await declared({ heroku, announcement: "You talk to a machine." });
    expect(engine.find("AppConfigAssociation", "middleware").inputs.vars).toHaveProperty("ANNOUNCEMENT");
    expect(engine.find("Formation", "middleware").importId).toBe("jambonz-livekit-middleware:web");
    expect(engine.find("Formation", "agent").importId).toBe("");
  });

  test("in another region are refused, not replaced", () => {
    expect(requireRegion("my-app", "eu", "eu")).toBe("eu");
    expect(() => requireRegion("my-app", "us", "eu")).toThrow(/^HEROKU_REGION: the app "my-app" is in the region "us"/);
  });
});

test("without a heroku section nothing is deployed, and the legacy objects go after the trunk", async () => {
  const { engine, url } = await declared({ heroku: undefined });
  expect(engine.names().filter((name) => !/Sip/.test(name))).toEqual([]);
  expect(url).toBeUndefined();
});

test("secrets that are not given are generated, and rotate with one setting", async () => {
  const { engine } = await declared({ sipPassword: undefined, callsToken: undefined, secretsRotation: "2" });
  expect(engine.find("RandomPassword", "sip-password").inputs).toMatchObject({ keepers: { rotation: "2" } });
  expect(engine.find("SipOutboundTrunk").inputs.authPassword).toEqual({ secret: "generated-sip-password" });
  const { sensitiveVars } = engine.find("AppConfigAssociation", "middleware").inputs;
  expect(secretValues(sensitiveVars).CALLS_TOKEN).toBe("generated-calls-token");
});

describe("another LiveKit agent", () => {
  test("answers under its own name, and no app of ours is made for it", async () => {
    const { engine } = await declared({ heroku: { middleware: HEROKU.middleware }, agent: { agentName: "support" } });
    expect(engine.names().filter((name) => / agent$/.test(name))).toEqual([]);
    const { vars } = engine.find("AppConfigAssociation", "middleware").inputs;
    expect(vars).toMatchObject({ AGENT_NAME: "support" });
  });

  test("of ours under another name is waited for by that name", async () => {
    const { engine } = await declared({ agent: { conversation: "echo", agentName: "phones" } });
    for (const app of ["middleware", "agent"])
      expect(engine.find("AppConfigAssociation", app).inputs.vars).toMatchObject({ AGENT_NAME: "phones" });
    expect(engine.find("AgentReady").inputs).toMatchObject({ agentName: "phones" });
  });
});
