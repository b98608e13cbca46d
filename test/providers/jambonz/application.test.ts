import { randomUUID } from "node:crypto";
import { emptyAccount } from "../../../sandbox/jambonz/account.ts";
import { startRest } from "../../../sandbox/jambonz/rest/server.ts";
import { type Jambonz, methodsOf, startJambonzApi, unique } from "./support.ts";

const application = methodsOf("Application");
let jambonz: Jambonz;

beforeAll(async () => {
  jambonz = await startJambonzApi();
});
afterEach(() => jambonz.cleanUp());
afterAll(() => jambonz?.stop());

function inputs(changes: object = {}) {
  const hooks = {
    callHook: { url: "https://mw.example.com/livekit-simple" },
    statusHook: { url: "https://mw.example.com/status" },
  };
  return application.checked({ host: jambonz.url, name: unique("app"), ...hooks, ...changes });
}

const everything = {
  callHook: { url: "https://mw.example.com/livekit-api#rc=5&rp=ct,5xx", method: "GET", username: "jambonz" },
  callHookPassword: "call password",
  statusHook: { url: "https://mw.example.com/status", username: "status" },
  statusHookPassword: "status password",
  synthesis: { vendor: "microsoft", language: "de-DE", voice: "de-DE-KatjaNeural", label: "main" },
  recognition: { vendor: "deepgram", language: "de", label: "main" },
  recordAllCalls: true,
  envVars: { GREETING: "Guten Tag", LIMIT: 3, LOUD: false },
};

test("everything that is declared is stored, and reads back without a difference", async () => {
  const declared = await inputs(everything);
  const { id, outs } = await application.create(declared);
  expect(await jambonz.row(application.path(id))).toMatchObject({
    call_hook: { url: everything.callHook.url, method: "GET", username: "jambonz", password: "call password" },
    call_status_hook: { method: "POST", username: "status", password: "status password" },
    speech_synthesis_voice: "de-DE-KatjaNeural",
    speech_recognizer_vendor: "deepgram",
    record_all_calls: 1,
    env_vars: everything.envVars,
  });
  expect(await application.read(id, outs)).toEqual({ id, props: outs, inputs: declared });
});

test("what is not declared has the API's defaults: no difference either", async () => {
  const { id, outs } = await application.create(await inputs());
  expect(await application.drift(id, outs)).toEqual([]);
});

test("a change keeps the sid and the rows of the hooks, and empties what is no longer declared", async () => {
  const { id, outs } = await application.create(await inputs(everything));
  const before = await jambonz.row(application.path(id));
  const less = await inputs({ name: outs.name });
  const updated = await application.update(id, outs, less);
  const after = await jambonz.row(application.path(id));
  expect(after.call_hook).toEqual({
    ...before.call_hook,
    url: "https://mw.example.com/livekit-simple",
    method: "POST",
    username: null,
    password: null,
  });
  expect(after).toMatchObject({ env_vars: {}, record_all_calls: 0, speech_synthesis_vendor: "google" });
  expect(await application.drift(id, updated.outs)).toEqual([]);
});

test("a webhook that was edited by hand is drift of this input alone, and is put back in place", async () => {
  const declared = await inputs({
    callHookPassword: "p",
    callHook: { url: "https://mw.example.com/a", username: "u" },
  });
  const { id, outs } = await application.create(declared);
  const { name, call_hook } = await jambonz.row(application.path(id));
  const edited = { webhook_sid: call_hook.webhook_sid, url: "https://evil.example.com/" };
  expect((await jambonz.send("PUT", application.path(id), { name, call_hook: edited })).status).toBe(204);
  expect(await application.drift(id, outs)).toEqual(["callHook"]);
  expect((await application.read(id, outs)).inputs).toMatchObject({ callHook: { url: "https://evil.example.com/" } });
  await application.update(id, (await application.read(id, outs)).props, declared);
  expect((await jambonz.row(application.path(id))).call_hook).toEqual(call_hook);
});

test("nothing is written when nothing differs", async () => {
  const declared = await inputs(everything);
  const { id, outs } = await application.create(declared);
  const before = await jambonz.row(application.path(id));
  await application.update(id, outs, declared);
  expect(await jambonz.row(application.path(id))).toEqual(before);
});

describe("an application that is there already", () => {
  const byHand = (name: string) => {
    const call_hook = {
      url: "https://old.example.com/hook",
      method: "POST",
      username: "old",
      password: "old password",
    };
    return jambonz.byHand("Applications", { name, call_hook, call_status_hook: { url: "https://old.example.com/s" } });
  };

  test("is an error that names its sid", async () => {
    const name = unique("twin");
    const sid = await byHand(name);
    await expect(application.create(await inputs({ name }))).rejects.toThrow(
      new RegExp(`^FOREIGN_TWIN: .*${sid}.*adopt`),
    );
  });

  test("is taken over by sid, and on destroy gets back the webhook that was found", async () => {
    const name = unique("old");
    const sid = await byHand(name);
    const before = await jambonz.row(application.path(sid));
    const { id, outs } = await application.create(await inputs({ adopt: sid, ...everything }));
    expect(id).toBe(sid);
    expect((await jambonz.row(application.path(sid))).call_hook.url).toBe(everything.callHook.url);
    await application.delete(id, outs);
    expect(await jambonz.row(application.path(sid))).toEqual(before);
  });

  test("is deleted on destroy when that was said", async () => {
    const sid = await byHand(unique("old"));
    const { id, outs } = await application.create(await inputs({ adopt: sid, onDestroy: "delete" }));
    await application.delete(id, outs);
    expect((await jambonz.send("GET", application.path(sid))).status).toBe(404);
  });

  test("that is to be adopted has to exist: a preview says so", async () => {
    const adopt = randomUUID();
    await expect(inputs({ adopt })).rejects.toThrow(new RegExp(`^OBJECT_GONE: .*${adopt}`));
  });
});

test("one that is gone: read says so, update explains, delete is done", async () => {
  const { id, outs } = await application.create(await inputs());
  await jambonz.send("DELETE", application.path(id));
  expect(await application.read(id, outs)).toEqual({});
  await expect(application.update(id, outs, await inputs())).rejects.toThrow(/^OBJECT_GONE: .*up --refresh/);
  await expect(application.delete(id, outs)).resolves.toBeUndefined();
});

test("in use it is not deleted: the API's reason is told", async () => {
  const { id, outs } = await application.create(await inputs());
  const carrier = await jambonz.byHand("VoipCarriers", { name: unique("carrier") });
  await jambonz.byHand("PhoneNumbers", { number: "4930555444333", voip_carrier_sid: carrier, application_sid: id });
  await expect(application.delete(id, outs)).rejects.toThrow(
    /^API_REFUSED: .*422: cannot delete application with phone numbers/,
  );
});

describe("check", () => {
  test("compares the SIP realm with the account's", async () => {
    const { sip_realm: realm } = ((await jambonz.row("/Accounts")) as unknown as Record<string, string>[])[0] ?? {};
    await expect(inputs({ sipRealm: realm })).resolves.toMatchObject({ sipRealm: realm });
    await expect(inputs({ sipRealm: "other.example.com" })).rejects.toThrow(
      new RegExp(`^REALM_MISMATCH: .*"${realm}", not "other.example.com"`),
    );
  });

  test("says that a new account has no SIP realm: NULL", async () => {
    const fresh = await startRest({
      account: emptyAccount({ sipRealm: null }),
      apiKey: process.env.JAMBONZ_API_KEY ?? "",
    });
    const wanted = inputs({ host: fresh.url, sipRealm: "sip.example.com" });
    await expect(wanted).rejects.toThrow(/^REALM_MISMATCH: .*has no SIP realm.*Set it to "sip\.example\.com"/);
    await fresh.stop();
  });

  test.each([
    ["callHook.url", { callHook: { url: "mw.example.com" } }],
    ["callHook.url", { callHook: { url: "https://user:secret@mw.example.com/" } }],
    ["name", { name: "x".repeat(65) }],
    ["host", { host: "https://key@jambonz.example.com" }],
    ["adopt", { adopt: "42" }],
  ])("refuses %s of %j", async (property, changes) => {
    const given = {
      host: jambonz.url,
      name: "n",
      callHook: { url: "https://a.de/" },
      statusHook: { url: "https://a.de/" },
      ...changes,
    };
    const { failures } = await application.check({}, given);
    expect(failures?.map((failure) => failure.property)).toEqual([property]);
    expect(JSON.stringify(failures)).not.toMatch(/secret|key@/);
  });
});
