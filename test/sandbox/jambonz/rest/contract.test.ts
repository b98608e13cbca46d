import { randomUUID } from "node:crypto";
import { type Api, type Row, startApi } from "./api.ts";

/**
 * What the providers rely on of jambonz' REST API, each with its source in jambonz-api-server (dd755f8). Runs against
 * the stand-in, or against a real server: JAMBONZ_TEST_API_URL, JAMBONZ_TEST_API_KEY (a key of one account). Every row
 * that is made is removed.
 */

let api: Api;
const made: string[] = [];

beforeAll(async () => {
  api = await startApi();
});
afterEach(async () => {
  for (const path of made.splice(0).reverse()) await api.send("DELETE", path);
});
afterAll(() => api?.stop());

const unique = (name: string) => `contract ${name} ${randomUUID().slice(0, 8)}`;
const hook = (path: string) => ({ url: `https://hooks.example.com${path}`, method: "POST" });

async function create(kind: string, body: object): Promise<string> {
  const { status, body: answer } = await api.send("POST", `/${kind}`, body);
  expect({ status, answer }).toEqual({ status: 201, answer: { sid: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
  made.push(`/${kind}/${answer.sid}`);
  return answer.sid;
}
const application = (changes: object = {}) =>
  create("Applications", {
    name: unique("app"),
    call_hook: hook("/call"),
    call_status_hook: hook("/status"),
    ...changes,
  });
const carrier = (changes: object = {}) => create("VoipCarriers", { name: unique("carrier"), ...changes });
const gateway = (voip_carrier_sid: string, changes: object = {}) =>
  create("SipGateways", { voip_carrier_sid, ipv4: "192.0.2.1", inbound: 1, outbound: 0, ...changes });
const phoneNumber = (voip_carrier_sid: string, changes: object = {}) =>
  create("PhoneNumbers", { number: `+4930${String(Math.random()).slice(2, 10)}`, voip_carrier_sid, ...changes });

const get = async (path: string): Promise<Row> => (await api.send("GET", path)).body;
const list = async (path: string) => (await get(path)) as unknown as Row[];
const ownAccount = async () => (await list("/Accounts"))[0] as Row;
const status = async (method: string, path: string, body?: object) => (await api.send(method, path, body)).status;

describe("in general", () => {
  test("401 is the text Unauthorized, for a wrong key (passport-http-bearer)", async () => {
    const answer = await api.send("GET", "/Applications", undefined, "wrong");
    expect([answer.status, answer.body]).toEqual([401, "Unauthorized"]);
  });

  test("a bearer without a key is 400 (seen live: jambonz-live, section 1)", async () => {
    expect((await api.send("GET", "/Applications", undefined, "")).status).toBe(400);
  });

  test("every answer tells the rate limit and when it ends (app.js, express-rate-limit)", async () => {
    const { headers } = await api.send("GET", "/Applications");
    expect(Number(headers.get("ratelimit-limit"))).toBeGreaterThan(0);
    expect(Number(headers.get("ratelimit-reset"))).toBeGreaterThan(0);
  });

  test("an unknown column is 500 (models/model.js: INSERT and UPDATE SET the body)", async () => {
    expect(await status("POST", "/VoipCarriers", { name: unique("x"), sip_proxy: "x" })).toBe(500);
    const sid = await carrier();
    expect(await status("PUT", `/VoipCarriers/${sid}`, { register_use_tls: 1 })).toBe(500);
  });

  test("the row's own sid in a PUT is 400 (models/model.js update)", async () => {
    const sid = await application();
    const answer = await api.send("PUT", `/Applications/${sid}`, { application_sid: sid, name: unique("x") });
    expect([answer.status, answer.body]).toEqual([400, { msg: "primary key application_sid is immutable" }]);
  });

  test("a PUT is partial, and answers 204", async () => {
    const sid = await carrier({ tech_prefix: "77", diversion: "a" });
    expect(await status("PUT", `/VoipCarriers/${sid}`, { tech_prefix: null })).toBe(204);
    expect(await get(`/VoipCarriers/${sid}`)).toMatchObject({ tech_prefix: null, diversion: "a" });
  });

  test("an empty PUT is 500", async () => {
    expect(await status("PUT", `/Applications/${await application()}`, {})).toBe(500);
  });

  test("booleans come back as 0 and 1", async () => {
    const sid = await carrier({ e164_leading_plus: true });
    expect(await get(`/VoipCarriers/${sid}`)).toMatchObject({
      e164_leading_plus: 1,
      requires_register: 0,
      is_active: 1,
    });
  });

  test("a list is a bare array; with page and page_size one page of it, filtered by part of the name", async () => {
    const name = unique("paged");
    const sids = [await application({ name: `${name} b` }), await application({ name: `${name} a` })];
    const all = await list("/Applications");
    expect(all.map((row) => row.application_sid)).toEqual(expect.arrayContaining(sids));
    const page = await get(`/Applications?page=1&page_size=1&name=${encodeURIComponent(name)}`);
    expect(page).toMatchObject({ total: 2, page: 1, page_size: 1, data: [{ name: `${name} a` }] });
  });
});

describe("applications (routes/api/applications.js)", () => {
  test("defaults are filled in; hooks are nested, with passwords in clear and without a sid of their own column", async () => {
    const call_hook = { ...hook("/call"), username: "u", password: "p" };
    const row = await get(`/Applications/${await application({ call_hook })}`);
    expect(row).toMatchObject({
      speech_synthesis_vendor: "google",
      speech_synthesis_language: "en-US",
      speech_synthesis_voice: "en-US-Standard-C",
      speech_recognizer_vendor: "google",
      speech_recognizer_language: "en-US",
      record_all_calls: 0,
      call_hook: { webhook_sid: expect.any(String), ...call_hook },
      messaging_hook: null,
    });
    expect(Object.keys(row)).not.toContain("call_hook_sid");
  });

  test("the method of a hook is POST unless it is said, and nothing but GET or POST", async () => {
    const sid = await application({ call_hook: { url: "https://hooks.example.com/" } });
    expect((await get(`/Applications/${sid}`)).call_hook.method).toBe("POST");
    const body = { name: unique("x"), call_hook: { ...hook("/"), method: "PUT" }, call_status_hook: hook("/") };
    expect(await status("POST", "/Applications", body)).toBe(500);
  });

  test("a missing hook is 500, a bad URL 400, a name that is taken 422", async () => {
    const name = unique("app");
    await application({ name });
    const body = { name: unique("x"), call_hook: hook("/"), call_status_hook: hook("/") };
    expect(await status("POST", "/Applications", { ...body, call_status_hook: undefined })).toBe(500);
    expect(await status("POST", "/Applications", { ...body, call_hook: { url: "hooks" } })).toBe(400);
    expect(await status("POST", "/Applications", { ...body, name })).toBe(422);
  });

  test("a hook with its webhook_sid is changed in place; without, it gets a new row", async () => {
    const sid = await application();
    const { name, call_hook: before } = await get(`/Applications/${sid}`);
    const changed = { webhook_sid: before.webhook_sid, url: "https://hooks.example.com/other" };
    expect(await status("PUT", `/Applications/${sid}`, { name, call_hook: changed })).toBe(204);
    expect((await get(`/Applications/${sid}`)).call_hook).toEqual({ ...before, url: changed.url });
    expect(await status("PUT", `/Applications/${sid}`, { name, call_hook: hook("/third") })).toBe(204);
    expect((await get(`/Applications/${sid}`)).call_hook.webhook_sid).not.toBe(before.webhook_sid);
  });

  test("a PUT of nothing but hooks with their sids is 500: an empty UPDATE is left", async () => {
    const sid = await application();
    const { call_hook } = await get(`/Applications/${sid}`);
    expect(await status("PUT", `/Applications/${sid}`, { call_hook })).toBe(500);
  });

  test("a hook that is null is 500; one without members is 400, the messaging hook's is ignored", async () => {
    const sid = await application();
    const before = await get(`/Applications/${sid}`);
    const { name } = before;
    expect(await status("PUT", `/Applications/${sid}`, { name, call_hook: null })).toBe(500);
    expect(await status("PUT", `/Applications/${sid}`, { name, call_hook: {} })).toBe(400);
    expect(await status("PUT", `/Applications/${sid}`, { name, messaging_hook: {} })).toBe(204);
    expect(await get(`/Applications/${sid}`)).toEqual(before);
  });

  test("env_vars come back as they were given", async () => {
    const sid = await application({ env_vars: { GREETING: "hello", LIMIT: 3 } });
    expect((await get(`/Applications/${sid}`)).env_vars).toEqual({ GREETING: "hello", LIMIT: 3 });
  });

  test("an unknown sid: GET 404 without a body, PUT 403, DELETE 400; what is no UUID: 400", async () => {
    const path = `/Applications/${randomUUID()}`;
    const unknown = await api.send("GET", path);
    expect([unknown.status, unknown.body]).toEqual([404, ""]);
    expect(await status("PUT", path, { name: "x" })).toBe(403);
    const gone = await api.send("DELETE", path);
    expect([gone.status, gone.body]).toEqual([400, { msg: "application does not exist" }]);
    expect((await api.send("GET", "/Applications/x")).body).toEqual({ msg: "Bad request" });
  });

  test("cannot be deleted with phone numbers (422), nor while a carrier has it (500, a foreign key)", async () => {
    const app = await application();
    const owner = await carrier({ application_sid: app });
    expect(await status("DELETE", `/Applications/${app}`)).toBe(500);
    const number = await phoneNumber(owner, { application_sid: app });
    expect(await status("DELETE", `/Applications/${app}`)).toBe(422);
    expect(await status("DELETE", `/PhoneNumbers/${number}`)).toBe(204);
    expect(await status("DELETE", `/VoipCarriers/${owner}`)).toBe(204);
    expect(await status("DELETE", `/Applications/${app}`)).toBe(204);
  });
});

describe("carriers (routes/api/voip-carriers.js)", () => {
  test("passwords come back in clear; names need not be unique", async () => {
    const name = unique("twin");
    const given = { name, trunk_type: "auth", inbound_auth_username: "u", inbound_auth_password: "secret" };
    const [first, second] = [await carrier(given), await carrier(given)];
    expect(first).not.toBe(second);
    expect(await get(`/VoipCarriers/${first}`)).toMatchObject({ ...given, register_status: {} });
  });

  test("belong to the service provider only when that is said, or through the account's path", async () => {
    const { account_sid, service_provider_sid } = await ownAccount();
    expect((await get(`/VoipCarriers/${await carrier()}`)).service_provider_sid).toBeNull();
    const said = await carrier({ service_provider_sid });
    expect((await get(`/VoipCarriers/${said}`)).service_provider_sid).toBe(service_provider_sid);
    const { body } = await api.send("POST", `/Accounts/${account_sid}/VoipCarriers`, { name: unique("carrier") });
    made.push(`/VoipCarriers/${body.sid}`);
    expect(await get(`/VoipCarriers/${body.sid}`)).toMatchObject({ account_sid, service_provider_sid });
  });

  test.each([
    [{ application_sid: randomUUID() }, "unknown application_sid"],
    [{ requires_register: 1 }, "register_username is required when requires_register is true"],
    [{ requires_register: 1, register_username: "u" }, "register_password is required when requires_register is true"],
    [{ register_sip_realm: "" }, "register_sip_realm must not be empty string; use null to fall back to gateway IP"],
    [
      { register_sip_realm: "sip:x.de" },
      "register_sip_realm must be a valid domain or IP address (no sip: prefix, no spaces)",
    ],
  ])("%j is 400", async (changes, msg) => {
    const answer = await api.send("POST", "/VoipCarriers", { name: unique("x"), ...changes });
    expect([answer.status, answer.body]).toEqual([400, { msg }]);
  });

  test("a kind of trunk that does not exist is 500 (an ENUM)", async () => {
    expect(await status("POST", "/VoipCarriers", { name: unique("x"), trunk_type: "magic" })).toBe(500);
  });

  test("an unknown sid: GET 404, PUT and DELETE 500 with an account's key", async () => {
    const path = `/VoipCarriers/${randomUUID()}`;
    expect([await status("GET", path), await status("PUT", path, { name: "x" }), await status("DELETE", path)]).toEqual(
      [404, 500, 500],
    );
  });

  test("go with their gateways, but not with phone numbers (422)", async () => {
    const owner = await carrier();
    const gatewaySid = await gateway(owner);
    const number = await phoneNumber(owner);
    expect(await status("DELETE", `/VoipCarriers/${owner}`)).toBe(422);
    expect(await status("DELETE", `/PhoneNumbers/${number}`)).toBe(204);
    expect(await status("DELETE", `/VoipCarriers/${owner}`)).toBe(204);
    expect(await status("GET", `/SipGateways/${gatewaySid}`)).toBe(404);
  });
});

describe("gateways (routes/api/sip-gateways.js)", () => {
  test("defaults: netmask 32, no port, udp, no OPTIONS", async () => {
    const sid = await gateway(await carrier());
    expect(await get(`/SipGateways/${sid}`)).toMatchObject({
      netmask: 32,
      port: null,
      protocol: "udp",
      send_options_ping: 0,
      is_active: 1,
    });
  });

  test("an inbound one needs an IPv4 address, an outbound one may have a name and only netmask 32", async () => {
    const owner = await carrier();
    const sip = { voip_carrier_sid: owner, ipv4: "sip.example.com", inbound: 0, outbound: 1 };
    expect(await status("POST", "/SipGateways", { ...sip, inbound: 1 })).toBe(400);
    expect(await status("POST", "/SipGateways", { ...sip, netmask: 24 })).toBe(400);
    await create("SipGateways", sip);
  });

  test("a PUT is judged by its own body: inbound without ipv4 is 400", async () => {
    const sid = await gateway(await carrier());
    expect(await status("PUT", `/SipGateways/${sid}`, { inbound: 1, netmask: 24 })).toBe(400);
    expect(await status("PUT", `/SipGateways/${sid}`, { inbound: 1, ipv4: "192.0.2.1", netmask: 24 })).toBe(204);
  });

  test("are listed by carrier only", async () => {
    const owner = await carrier();
    const sid = await gateway(owner);
    expect(await get(`/SipGateways?voip_carrier_sid=${owner}`)).toMatchObject([{ sip_gateway_sid: sid }]);
    expect(await status("GET", "/SipGateways")).toBe(400);
  });

  test("an unknown sid: GET 404, PUT and DELETE 400", async () => {
    const path = `/SipGateways/${randomUUID()}`;
    const answers = [
      await status("GET", path),
      await status("PUT", path, { ipv4: "192.0.2.1" }),
      await status("DELETE", path),
    ];
    expect(answers).toEqual([404, 400, 400]);
  });
});

describe("phone numbers (routes/api/phone-numbers.js)", () => {
  test("lose their leading plus", async () => {
    const sid = await phoneNumber(await carrier(), { number: "+493099887766" });
    expect((await get(`/PhoneNumbers/${sid}`)).number).toBe("493099887766");
  });

  test("are there once for a carrier (422), with or without plus", async () => {
    const owner = await carrier();
    await phoneNumber(owner, { number: "+493099887755" });
    expect(await status("POST", "/PhoneNumbers", { number: "493099887755", voip_carrier_sid: owner })).toBe(422);
    await phoneNumber(await carrier(), { number: "493099887755" });
  });

  test("keep number and carrier (400); the application changes", async () => {
    const owner = await carrier();
    const sid = await phoneNumber(owner);
    const app = await application();
    expect(await status("PUT", `/PhoneNumbers/${sid}`, { number: "49301" })).toBe(400);
    expect(await status("PUT", `/PhoneNumbers/${sid}`, { voip_carrier_sid: owner })).toBe(400);
    expect(await status("PUT", `/PhoneNumbers/${sid}`, { application_sid: app })).toBe(204);
    expect((await get(`/PhoneNumbers/${sid}`)).application_sid).toBe(app);
    expect(await status("PUT", `/PhoneNumbers/${sid}`, { application_sid: null })).toBe(204);
  });

  test("white space is 400, an unknown carrier 400, an unknown application 500 (a foreign key)", async () => {
    const owner = await carrier();
    expect(await status("POST", "/PhoneNumbers", { number: "+49 30", voip_carrier_sid: owner })).toBe(400);
    expect(await status("POST", "/PhoneNumbers", { number: "4930", voip_carrier_sid: randomUUID() })).toBe(400);
    const body = { number: "4930", voip_carrier_sid: owner, application_sid: randomUUID() };
    expect(await status("POST", "/PhoneNumbers", body)).toBe(500);
  });

  test("an unknown sid is 404", async () => {
    const path = `/PhoneNumbers/${randomUUID()}`;
    expect([await status("GET", path), await status("DELETE", path)]).toEqual([404, 404]);
  });
});

describe("clients (routes/api/clients.js)", () => {
  test("the password reads back obscured, and a PUT without one keeps it", async () => {
    const { account_sid } = await ownAccount();
    const sid = await create("Clients", { account_sid, username: unique("client"), password: "pastword" });
    expect((await get(`/Clients/${sid}`)).password).toBe("pXXXXXXX");
    expect(await status("PUT", `/Clients/${sid}`, { is_active: 0 })).toBe(204);
    expect(await get(`/Clients/${sid}`)).toMatchObject({ password: "pXXXXXXX", is_active: 0 });
  });

  test("a user name that is taken is 400, an unknown sid 404", async () => {
    const { account_sid } = await ownAccount();
    const body = { account_sid, username: unique("client"), password: "password" };
    await create("Clients", body);
    expect(await status("POST", "/Clients", body)).toBe(400);
    expect(await status("GET", `/Clients/${randomUUID()}`)).toBe(404);
  });
});

describe("speech credentials (routes/api/speech-credentials.js; seen live: jambonz-live, section 11)", () => {
  const key = "the-key-of-the-contract";
  const custom = (changes: object = {}) =>
    create("SpeechCredentials", {
      vendor: `custom:${unique("v")}`,
      use_for_tts: 1,
      custom_tts_url: "https://tts.example.com",
      ...changes,
    });

  test("keys come back masked, alone and in both lists", async () => {
    const sid = await custom({ label: "one", auth_token: key });
    const { account_sid } = await ownAccount();
    const rows = [
      await get(`/SpeechCredentials/${sid}`),
      ...[...(await list("/SpeechCredentials")), ...(await list(`/Accounts/${account_sid}/SpeechCredentials`))].filter(
        (row) => row.speech_credential_sid === sid,
      ),
    ];
    expect(rows).toHaveLength(3);
    for (const row of rows) {
      expect(row).toMatchObject({ account_sid, label: "one", use_for_tts: 1, use_for_stt: 0 });
      expect(JSON.stringify(row)).not.toContain(key);
    }
  });

  test("a label is taken once for a vendor (422); without one the same vendor may come twice", async () => {
    const vendor = `custom:${unique("twice")}`;
    await custom({ vendor, label: "one" });
    expect(await status("POST", "/SpeechCredentials", { vendor, label: "one", use_for_tts: 1 })).toBe(422);
    await custom({ vendor });
    await custom({ vendor });
  });

  test.each([
    { vendor: "google", service_key: { client_email: "a" } },
    { vendor: "google", service_key: "no JSON" },
    { vendor: "elevenlabs", api_key: key },
    { vendor: "nobody" },
  ])("%j is 500: an assertion", async (body) => {
    expect(await status("POST", "/SpeechCredentials", { use_for_tts: 1, ...body })).toBe(500);
  });

  test("a PUT changes what it is used for, and nothing else (422)", async () => {
    const sid = await custom();
    expect(await status("PUT", `/SpeechCredentials/${sid}`, { label: "other" })).toBe(422);
    expect(await status("PUT", `/SpeechCredentials/${sid}`, { use_for_stt: 1 })).toBe(204);
    expect(await get(`/SpeechCredentials/${sid}`)).toMatchObject({ use_for_tts: 1, use_for_stt: 1 });
  });

  test("the test of a vendor of one's own tells nothing; gone is 404", async () => {
    const sid = await custom();
    const { body } = await api.send("GET", `/SpeechCredentials/${sid}/test`);
    expect(body).toEqual({ tts: { status: "not tested" }, stt: { status: "not tested" } });
    expect(await status("DELETE", `/SpeechCredentials/${sid}`)).toBe(204);
    expect(await status("GET", `/SpeechCredentials/${sid}`)).toBe(404);
  });
});

describe("accounts (routes/api/accounts.js)", () => {
  test("an account's key lists its own account only, with realm and webhook secret", async () => {
    const accounts = await list("/Accounts");
    expect(accounts).toHaveLength(1);
    const account = accounts[0] as Row;
    expect(account).toMatchObject({ account_sid: expect.any(String), webhook_secret: expect.any(String) });
    expect(account).toHaveProperty("sip_realm");
    expect(await get(`/Accounts/${account.account_sid}`)).toMatchObject(account);
  });

  test("the webhook secret has a path of its own", async () => {
    const { account_sid, webhook_secret } = await ownAccount();
    expect(await get(`/Accounts/${account_sid}/WebhookSecret`)).toEqual({ webhook_secret });
  });

  test("the SIP realm is not set with an account's key (400); another account is 403", async () => {
    const { account_sid } = await ownAccount();
    expect(await status("PUT", `/Accounts/${account_sid}`, { sip_realm: "other.example.com" })).toBe(400);
    expect(await status("GET", `/Accounts/${randomUUID()}`)).toBe(403);
  });
});
