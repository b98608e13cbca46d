import { type Jambonz, methodsOf, startJambonzApi, unique } from "./support.ts";

const carrier = methodsOf("VoipCarrier");
let jambonz: Jambonz;

beforeAll(async () => {
  jambonz = await startJambonzApi();
});
afterEach(() => jambonz.cleanUp());
afterAll(() => jambonz?.stop());

const inputs = (changes: object = {}) => carrier.checked({ host: jambonz.url, name: unique("carrier"), ...changes });

const schmidtkom = {
  trunkType: "reg",
  requiresRegister: true,
  outboundUsername: "4930123456",
  outboundPassword: "password of the trunk",
  registerRealm: "sip.schmidtkom.example",
  registerFromUser: "4930123456",
  registerFromDomain: "schmidtkom.example",
  registerPublicIpInContact: true,
  leadingPlus: true,
  techPrefix: "00",
  diversion: "+4930",
  outboundProxy: "sip:proxy.schmidtkom.example",
  dtmfType: "info",
  description: "the phone carrier",
};

test("a trunk with registration is stored, and reads back without a difference", async () => {
  const declared = await inputs(schmidtkom);
  const { id, outs } = await carrier.create(declared);
  expect(await jambonz.row(carrier.path(id))).toMatchObject({
    trunk_type: "reg",
    requires_register: 1,
    register_username: "4930123456",
    register_password: "password of the trunk",
    register_sip_realm: "sip.schmidtkom.example",
    e164_leading_plus: 1,
    dtmf_type: "info",
    is_active: 1,
  });
  expect(await carrier.read(id, outs)).toEqual({ id, props: outs, inputs: declared });
});

test("belongs to the account's service provider, so that calls to an IP address find it", async () => {
  const { id } = await carrier.create(await inputs());
  const [account] = (await jambonz.row("/Accounts")) as unknown as Record<string, string>[];
  expect(await jambonz.row(carrier.path(id))).toMatchObject({
    account_sid: account?.account_sid,
    service_provider_sid: account?.service_provider_sid,
  });
});

test("a change keeps the sid, and empties what is no longer declared", async () => {
  const { id, outs } = await carrier.create(await inputs(schmidtkom));
  const updated = await carrier.update(id, outs, await inputs({ name: outs.name }));
  expect(await jambonz.row(carrier.path(id))).toMatchObject({
    trunk_type: "static_ip",
    requires_register: 0,
    register_username: null,
    register_password: null,
    register_sip_realm: null,
    tech_prefix: null,
  });
  expect(await carrier.drift(id, updated.outs)).toEqual([]);
});

test.each([
  [{ is_active: 0 }, ["isActive"]],
  [{ register_password: "another" }, ["outboundPassword"]],
  [{ requires_register: 0 }, ["requiresRegister"]],
  [{ tech_prefix: "9", diversion: null }, ["techPrefix", "diversion"]],
])("%j by hand is drift of its input, and is healed", async (edit, names) => {
  const declared = await inputs(schmidtkom);
  const { id, outs } = await carrier.create(declared);
  await jambonz.send("PUT", carrier.path(id), edit);
  expect((await carrier.drift(id, outs)).sort()).toEqual(names.sort());
  const { outs: healed } = await carrier.update(id, (await carrier.read(id, outs)).props, declared);
  expect(await carrier.drift(id, healed)).toEqual([]);
});

describe("a carrier of the same name", () => {
  test("is an error that names its sid: Jambonz itself takes the first of a name", async () => {
    const name = unique("LiveKit");
    const sid = await jambonz.byHand("VoipCarriers", { name });
    await expect(carrier.create(await inputs({ name }))).rejects.toThrow(new RegExp(`^FOREIGN_TWIN: .*${sid}`));
  });

  test("is also an error beside the one that is adopted", async () => {
    const name = unique("LiveKit");
    const [adopt, twin] = [
      await jambonz.byHand("VoipCarriers", { name }),
      await jambonz.byHand("VoipCarriers", { name }),
    ];
    await expect(carrier.create(await inputs({ name, adopt }))).rejects.toThrow(new RegExp(`^FOREIGN_TWIN: .*${twin}`));
  });

  test("is taken over by sid, and given back as it was found", async () => {
    const name = unique("old");
    const found = {
      name,
      trunk_type: "auth",
      inbound_auth_username: "u",
      inbound_auth_password: "p",
      tech_prefix: "7",
    };
    const sid = await jambonz.byHand("VoipCarriers", found);
    const before = await jambonz.row(carrier.path(sid));
    const { id, outs } = await carrier.create(await inputs({ name, adopt: sid, ...schmidtkom }));
    await carrier.delete(id, outs);
    expect(await jambonz.row(carrier.path(sid))).toEqual(before);
  });
});

test.each([
  [{ trunkType: "auth" }, "trunkType auth needs inboundUsername and inboundPassword"],
  [{ requiresRegister: true, outboundUsername: "u" }, "requiresRegister needs outboundUsername and outboundPassword"],
  [{ trunkType: "reg" }, "trunkType reg needs requiresRegister"],
  [{ outboundUsername: "a b" }, "outboundUsername has white space in it"],
])("%j is refused in preview", async (changes, reason) => {
  await expect(inputs(changes)).rejects.toThrow(new RegExp(`^INVALID_INPUT: .*${reason}`));
});
