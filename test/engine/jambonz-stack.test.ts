import { emptyAccount } from "../../sandbox/jambonz/account.ts";
import { type RestServer, startRest } from "../../sandbox/jambonz/rest/server.ts";
import { createStack, type LiveKit, must, type Stack, startLiveKit } from "./stack.ts";

/** The Jambonz side of the stack `local` on the real engine, against the stand-in's REST API and a real livekit-server. */

const UP = ["up", "--yes", "--skip-preview"];
const HEAL = [...UP, "--refresh"];
const DRIFT = ["refresh", "--preview-only", "--expect-no-changes", "--diff"];
const DESTROY = ["destroy", "--yes", "--skip-preview"];

const API_KEY = "canary#api?key";
const SIP_PASSWORD = "canary/sip+password";
const CARRIER_PASSWORD = "canary:carrier=password";
const WEBHOOK_SECRET = "wh_secret_canary&account";

const account = emptyAccount({ webhookSecret: WEBHOOK_SECRET });
let api: RestServer;
let livekit: LiveKit;
let stack: Stack;
let onWrite = () => {};

beforeAll(async () => {
  api = await startRest({ account, apiKey: API_KEY, onWrite: () => onWrite() });
  livekit = await startLiveKit();
  stack = await createStack("local", { ...livekit.keys, JAMBONZ_API_KEY: API_KEY, JAMBONZ_API_URL: undefined });
}, 60_000);
afterAll(async () => {
  await api?.stop();
  await livekit?.stop();
  stack?.remove();
});

const phoneCarrier = { address: "sip.schmidtkom.example", username: "4930123456", inboundAddresses: ["192.0.2.0/24"] };

function settings(jambonz: object = {}, more: object = {}) {
  return {
    livekitUrl: livekit.url,
    sbcAddress: "127.0.0.1:5099",
    sipPassword: SIP_PASSWORD,
    phoneCarrierPassword: CARRIER_PASSWORD,
    jambonz: {
      url: `${api.url}/v1`,
      middlewareUrl: "https://middleware.example.com",
      livekitSipHost: "project.sip.livekit.cloud",
      phoneCarrier,
      ...jambonz,
    },
    ...more,
  };
}

const application = (name: string) => account.applications.find((row) => row.name === name);
const carrier = (name: string) => account.voip_carriers.find((row) => row.name === name);

async function up(jambonz: object = {}, more: object = {}): Promise<string> {
  stack.settings(settings(jambonz, more));
  return (await must(stack.pulumi(UP))).stdout;
}

describe("a stack that is up", () => {
  beforeAll(() => up(), 60_000);

  test("has declared both applications, with retries in the webhook's URL", () => {
    expect(account.applications.map(({ name }) => name).sort()).toEqual([
      "trunkline-local",
      "trunkline-local-agent-leg",
    ]);
    expect(application("trunkline-local")).toMatchObject({
      call_hook: { url: "https://middleware.example.com/livekit-api#rc=5&rp=ct,5xx", method: "POST" },
      call_status_hook: { url: "https://middleware.example.com/livekit-api/status" },
    });
    expect(application("trunkline-local-agent-leg")?.call_hook?.url).toBe(
      "https://middleware.example.com/livekit-api/agent-leg#rc=5&rp=ct,5xx",
    );
  });

  test("has one carrier for LiveKit in both directions, with the credentials of LiveKit's trunk", async () => {
    const [trunk] = await livekit.sip.listSipOutboundTrunk();
    expect(trunk).toMatchObject({ authUsername: "livekit", authPassword: SIP_PASSWORD });
    const row = carrier("LiveKit-local");
    expect(row).toMatchObject({
      trunk_type: "auth",
      application_sid: application("trunkline-local-agent-leg")?.application_sid,
      inbound_auth_username: "livekit",
      inbound_auth_password: SIP_PASSWORD,
      register_username: "livekit",
      register_password: SIP_PASSWORD,
      requires_register: 0,
      service_provider_sid: account.service_provider_sid,
    });
    const gateways = account.sip_gateways.filter(({ voip_carrier_sid }) => voip_carrier_sid === row?.voip_carrier_sid);
    expect(gateways).toMatchObject([{ ipv4: "project.sip.livekit.cloud", port: 5060, inbound: 0, outbound: 1 }]);
  });

  test("registers with the phone carrier, whose numbers lead to the application of calls", () => {
    const row = carrier("Schmidtkom");
    expect(row).toMatchObject({
      trunk_type: "reg",
      requires_register: 1,
      register_password: CARRIER_PASSWORD,
      e164_leading_plus: 1,
    });
    const own = account.sip_gateways.filter(({ voip_carrier_sid }) => voip_carrier_sid === row?.voip_carrier_sid);
    expect(own.map(({ ipv4, netmask, inbound, outbound }) => [ipv4, netmask, inbound, outbound]).sort()).toEqual([
      ["192.0.2.0", 24, 1, 0],
      ["sip.schmidtkom.example", 32, 0, 1],
    ]);
    const { application_sid } = application("trunkline-local") ?? {};
    expect(account.phone_numbers).toMatchObject([
      { number: "493012345678", voip_carrier_sid: row?.voip_carrier_sid, application_sid },
    ]);
  });

  test("gives the middleware the account's webhook secret, and its carrier's name", async () => {
    const { stdout } = await must(stack.pulumi(["stack", "output", "services", "--json", "--show-secrets"]));
    expect(JSON.parse(stdout).middleware).toMatchObject({
      JAMBONZ_WEBHOOK_SECRETS: WEBHOOK_SECRET,
      LIVEKIT_CARRIER: "LiveKit-local",
    });
  });

  test("changes nothing on a second up, nor on a refresh", async () => {
    const before = JSON.stringify(account);
    await must(stack.pulumi([...HEAL, "--expect-no-changes"]));
    expect(JSON.stringify(account)).toBe(before);
  }, 30_000);

  test("tells a webhook edited in the portal with its old and its new URL, exit code 7, and puts it back", async () => {
    const hook = application("trunkline-local")?.call_hook;
    if (!hook) throw new Error("no hook");
    const declared = { ...hook };
    hook.url = "https://evil.example.com/hook";

    const drift = await stack.pulumi(DRIFT);
    expect(drift.code).toBe(7);
    expect(drift.stdout).toMatch(
      /~ url\s*: "https:\/\/middleware\.example\.com\/livekit-api#rc=5&rp=ct,5xx" => "https:\/\/evil\.example\.com\/hook"/,
    );
    expect(drift.stdout).not.toMatch(/~ (statusHook|name)/);

    await must(stack.pulumi(HEAL));
    expect(application("trunkline-local")?.call_hook).toEqual(declared);
    expect((await stack.pulumi(DRIFT)).code).toBe(0);
  }, 60_000);

  test("sees a number that was deleted by hand, and makes it again", async () => {
    account.phone_numbers.length = 0;
    expect((await stack.pulumi(DRIFT)).code).toBe(7);
    await must(stack.pulumi(HEAL));
    expect(account.phone_numbers).toMatchObject([{ number: "493012345678" }]);
  }, 60_000);

  test("switches the webhook by one setting, in place: sids and webhook rows stay", async () => {
    const before = structuredClone(application("trunkline-local"));
    await up({ webhookPath: "/livekit-simple" });
    expect(application("trunkline-local")?.call_hook).toEqual({
      ...before?.call_hook,
      url: "https://middleware.example.com/livekit-simple#rc=5&rp=ct,5xx",
    });
    await up();
    expect(application("trunkline-local")).toEqual(before);
    expect(api.orphans).toEqual([]);
  }, 60_000);

  test("accepts two webhook secrets while one takes the other's place", async () => {
    await up({}, { jambonzWebhookSecret: "the-next-secret" });
    const { stdout } = await must(stack.pulumi(["stack", "output", "services", "--json", "--show-secrets"]));
    expect(JSON.parse(stdout).middleware.JAMBONZ_WEBHOOK_SECRETS).toBe(`${WEBHOOK_SECRET},the-next-secret`);
  }, 30_000);
});

test("credentials change without a gap: new carrier, then LiveKit's trunk, then the old carrier goes", async () => {
  await up();
  const seen: Promise<[string[], string[]]>[] = [];
  onWrite = () => {
    const users = account.voip_carriers.flatMap((row) => row.inbound_auth_username ?? []).sort();
    seen.push(livekit.sip.listSipOutboundTrunk().then((trunks) => [users, trunks.map((trunk) => trunk.authUsername)]));
  };
  await up({ credentialGeneration: 2 }, { sipPassword: "canary/next+password" });
  onWrite = () => {};

  const states = await Promise.all(seen);
  for (const [users, [trunkUser = ""]] of states) expect(users).toContain(trunkUser);
  expect(states[0]).toEqual([["livekit", "livekit-2"], ["livekit"]]);
  expect(states.at(-1)).toEqual([["livekit-2"], ["livekit-2"]]);
  expect(carrier("LiveKit-local-2")).toMatchObject({ inbound_auth_password: "canary/next+password" });
  await up();
}, 60_000);

describe("another stack on the same account", () => {
  let other: Stack;
  beforeAll(async () => {
    other = await createStack("dev", { ...livekit.keys, JAMBONZ_API_KEY: API_KEY });
    const secrets = {
      sipPassword: SIP_PASSWORD,
      phoneCarrierPassword: CARRIER_PASSWORD,
      jambonzWebhookSecret: "another-secret",
    };
    for (const [name, value] of Object.entries(secrets))
      await must(other.pulumi(["config", "set", "--secret", name, value]));
    await must(other.pulumi(["config", "set", "livekitUrl", livekit.url]));
    await must(other.pulumi(["config", "set", "sbcAddress", "127.0.0.1:5099"]));
  }, 60_000);
  afterAll(() => other?.remove());

  const configure = (name: string) => {
    const { jambonz } = settings({ phoneCarrier: { ...phoneCarrier, name } });
    return must(other.pulumi(["config", "set", "jambonz", JSON.stringify(jambonz)]));
  };

  test("cannot take the first one's carrier: the error names it", async () => {
    await configure("Schmidtkom");
    const { code, stdout } = await other.pulumi(UP);
    expect(code).toBe(1);
    expect(stdout).toContain(
      `FOREIGN_TWIN: There is already the carrier ${carrier("Schmidtkom")?.voip_carrier_sid} named "Schmidtkom"`,
    );
    expect(stdout).not.toMatch(/^\s+at .*:\d+/m);
    expect(carrier("LiveKit-local")).toBeDefined();
  }, 60_000);

  test("has rows of its own beside those of the first, and takes only its own away", async () => {
    await configure("Schmidtkom dev");
    await must(other.pulumi(UP));
    expect(account.voip_carriers.map(({ name }) => name).sort()).toEqual([
      "LiveKit-dev",
      "LiveKit-local",
      "Schmidtkom",
      "Schmidtkom dev",
    ]);
    await must(other.pulumi(DESTROY));
    expect(account.voip_carriers.map(({ name }) => name).sort()).toEqual(["LiveKit-local", "Schmidtkom"]);
    expect(account.applications.map(({ name }) => name).sort()).toEqual([
      "trunkline-local",
      "trunkline-local-agent-leg",
    ]);
  }, 60_000);
});

test("no secret is in the state, in no spelling", async () => {
  const { stdout } = await must(stack.pulumi(["stack", "export"]));
  for (const secret of [API_KEY, SIP_PASSWORD, CARRIER_PASSWORD, WEBHOOK_SECRET])
    for (const spelling of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64").slice(0, -4)])
      expect(stdout).not.toContain(spelling);
}, 30_000);

test.each([
  ["a wrong key", { JAMBONZ_API_KEY: "wrong" }, /ENVIRONMENT_MISMATCH: JAMBONZ_API_KEY is no key/],
  [
    "another server's address",
    { JAMBONZ_API_URL: "https://other.example.com" },
    /ENVIRONMENT_MISMATCH: .*names https:\/\/other/,
  ],
])(
  "%s changes nothing",
  async (_what, environment, message) => {
    const before = JSON.stringify(account);
    for (const command of [HEAL, DESTROY]) {
      const { code, stdout, stderr } = await stack.pulumi(command, environment);
      expect(code).toBe(1);
      expect(stdout + stderr).toMatch(message);
      expect(stdout + stderr).not.toContain("canary");
    }
    expect(JSON.stringify(account)).toBe(before);
  },
  60_000,
);

test("an SBC address that is not the account's realm is refused in preview", async () => {
  stack.settings(settings({}, { sbcAddress: "sbc.example.com" }));
  const { code, stdout } = await stack.pulumi(["preview"]);
  expect(code).toBe(1);
  expect(stdout).toContain("REALM_MISMATCH: The SIP realm of the Jambonz account");
  expect(stdout).toContain('is "127.0.0.1", not "sbc.example.com"');
}, 30_000);

test("destroy leaves nothing of ours", async () => {
  stack.settings(settings());
  await must(stack.pulumi(DESTROY));
  const { applications, voip_carriers, sip_gateways, phone_numbers } = account;
  expect({ applications, voip_carriers, sip_gateways, phone_numbers }).toEqual({
    applications: [],
    voip_carriers: [],
    sip_gateways: [],
    phone_numbers: [],
  });
}, 60_000);

describe("a set-up made by hand", () => {
  const send = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" };
    const answer = await fetch(`${api.url}/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return ((await answer.json()) as { sid: string }).sid;
  };

  test("is taken over by sid, and given back on destroy as it was found", async () => {
    const hook = { url: "https://old.example.com/livekit", username: "old", password: "old-canary-password" };
    const callsApplication = await send("Applications", { name: "hand-made", call_hook: hook, call_status_hook: hook });
    const byHand = await send("VoipCarriers", {
      name: "Schmidtkom",
      application_sid: callsApplication,
      tech_prefix: "7",
    });
    const number = await send("PhoneNumbers", {
      number: "+493012345678",
      voip_carrier_sid: byHand,
      application_sid: callsApplication,
    });
    const before = structuredClone([account.applications, account.voip_carriers, account.phone_numbers]);

    const adopt = { callsApplication, phoneCarrier: byHand, phoneNumbers: { "+493012345678": number } };
    await up({ adopt });
    expect(account.applications.find((row) => row.application_sid === callsApplication)).toMatchObject({
      name: "trunkline-local",
      call_hook: { url: expect.stringContaining("middleware.example.com"), username: null, password: null },
    });
    expect((await must(stack.pulumi(["stack", "export"]))).stdout).not.toContain("old-canary-password");

    await must(stack.pulumi(DESTROY));
    expect([account.applications, account.voip_carriers, account.phone_numbers]).toEqual(before);
  }, 90_000);
});
