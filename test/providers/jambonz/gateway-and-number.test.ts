import { randomUUID } from "node:crypto";
import { type Jambonz, methodsOf, startJambonzApi, unique } from "./support.ts";

const gateway = methodsOf("SipGateway");
const number = methodsOf("PhoneNumber");
let jambonz: Jambonz;
let carrierSid: string;

beforeAll(async () => {
  jambonz = await startJambonzApi();
});
beforeEach(async () => {
  carrierSid = await jambonz.byHand("VoipCarriers", { name: unique("carrier") });
});
afterEach(() => jambonz.cleanUp());
afterAll(() => jambonz?.stop());

const hook = { url: "https://mw.example.com/" };
const application = () =>
  jambonz.byHand("Applications", { name: unique("app"), call_hook: hook, call_status_hook: hook });

describe("a gateway", () => {
  const inputs = (changes: object = {}) =>
    gateway.checked({
      host: jambonz.url,
      carrierSid,
      address: "project.sip.livekit.cloud",
      outbound: true,
      ...changes,
    });

  test("to a host name is stored, and reads back without a difference", async () => {
    const declared = await inputs({ protocol: "tls/srtp", port: 5061, padCrypto: true, useSipsScheme: true });
    const { id, outs } = await gateway.create(declared);
    expect(await jambonz.row(gateway.path(id))).toMatchObject({
      ipv4: "project.sip.livekit.cloud",
      port: 5061,
      protocol: "tls/srtp",
      inbound: 0,
      outbound: 1,
      send_options_ping: 0,
      pad_crypto: 1,
    });
    expect(await gateway.read(id, outs)).toEqual({ id, props: outs, inputs: declared });
  });

  test("without a port leaves it to SRV records", async () => {
    const { id, outs } = await gateway.create(await inputs({ port: 0 }));
    expect((await jambonz.row(gateway.path(id))).port).toBeNull();
    expect(await gateway.drift(id, outs)).toEqual([]);
  });

  test("of a network is changed in place: the whole row is sent, as the API judges it by the body", async () => {
    const { id, outs } = await gateway.create(
      await inputs({ address: "192.0.2.0", netmask: 24, inbound: true, outbound: false }),
    );
    const changed = await inputs({ address: "192.0.2.0", netmask: 28, inbound: true, outbound: false });
    await gateway.update(id, outs, changed);
    expect(await jambonz.row(gateway.path(id))).toMatchObject({ ipv4: "192.0.2.0", netmask: 28 });
  });

  test("switched off by hand is drift; deleted with its carrier it is gone", async () => {
    const { id, outs } = await gateway.create(await inputs());
    await jambonz.send("PUT", gateway.path(id), { ipv4: "project.sip.livekit.cloud", is_active: 0 });
    expect(await gateway.drift(id, outs)).toEqual(["isActive"]);
    await jambonz.send("DELETE", `/VoipCarriers/${carrierSid}`);
    expect(await gateway.read(id, outs)).toEqual({});
    await expect(gateway.delete(id, outs)).resolves.toBeUndefined();
  });

  test("for the same address and port of a carrier is an error that names it; adopted, it is given back", async () => {
    const found = { voip_carrier_sid: carrierSid, ipv4: "192.0.2.7", port: 5060, inbound: 1, outbound: 0, netmask: 30 };
    const sid = await jambonz.byHand("SipGateways", found);
    const declared = { address: "192.0.2.7", inbound: true };
    await expect(gateway.create(await inputs(declared))).rejects.toThrow(
      new RegExp(`^FOREIGN_TWIN: .*${sid} for 192.0.2.7:5060`),
    );
    const { id, outs } = await gateway.create(await inputs({ ...declared, adopt: sid }));
    expect(await jambonz.row(gateway.path(sid))).toMatchObject({ netmask: 30, outbound: 1 });
    await gateway.delete(id, outs);
    expect(await jambonz.row(gateway.path(sid))).toMatchObject(found);
  });

  test.each([
    [{ inbound: true }, "no IPv4 address"],
    [{ netmask: 24 }, "outbound only, so its netmask is 32"],
    [{ outbound: false }, "neither inbound nor outbound"],
  ])("%j is refused in preview", async (changes, reason) => {
    await expect(inputs(changes)).rejects.toThrow(new RegExp(`^INVALID_INPUT: .*${reason}`));
  });

  test("of another carrier is another gateway", async () => {
    const { id, outs } = await gateway.create(await inputs());
    const { replaces } = await gateway.diff(id, outs, { ...(await inputs()), carrierSid: randomUUID() });
    expect(replaces).toEqual(["carrierSid"]);
  });
});

describe("a phone number", () => {
  const inputs = (changes: object = {}) =>
    number.checked({ host: jambonz.url, carrierSid, number: "+49 30 999 888 77", ...changes });

  test.each(["+493099988877", "0049 30 99988877", "493099988877"])(
    "given as %s is stored without plus, and is no drift",
    async (given) => {
      const declared = await inputs({ number: given });
      expect(declared.number).toBe("+493099988877");
      const { id, outs } = await number.create(declared);
      expect((await jambonz.row(number.path(id))).number).toBe("493099988877");
      expect(await number.drift(id, outs)).toEqual([]);
    },
  );

  test.each(["4930999*", "^4930[0-9]{4}$"])("may be the pattern %s", async (pattern) => {
    const { id, outs } = await number.create(await inputs({ number: pattern }));
    expect((await jambonz.row(number.path(id))).number).toBe(pattern);
    expect(await number.drift(id, outs)).toEqual([]);
  });

  test.each(["030 123", "+4930*", "", "49 30 [0"])("is not %j", async (wrong) => {
    const { failures } = await number.check({}, { host: jambonz.url, carrierSid, number: wrong });
    expect(failures?.map((failure) => failure.property)).toEqual(["number"]);
  });

  test("gets another application in place, and gives it up again", async () => {
    const { id, outs } = await number.create(await inputs());
    const sid = await application();
    const updated = await number.update(id, outs, await inputs({ applicationSid: sid }));
    expect((await jambonz.row(number.path(id))).application_sid).toBe(sid);
    await number.update(id, updated.outs, await inputs());
    expect((await jambonz.row(number.path(id))).application_sid).toBeNull();
  });

  test("given to another application by hand is drift", async () => {
    const { id, outs } = await number.create(await inputs());
    await jambonz.send("PUT", number.path(id), { application_sid: await application() });
    expect(await number.drift(id, outs)).toEqual(["applicationSid"]);
  });

  test("that the carrier has already is an error that names it; adopted, it is given back", async () => {
    const [old, own] = [await application(), await application()];
    const sid = await jambonz.byHand("PhoneNumbers", {
      number: "+493099988877",
      voip_carrier_sid: carrierSid,
      application_sid: old,
    });
    await expect(number.create(await inputs())).rejects.toThrow(new RegExp(`^FOREIGN_TWIN: .*${sid}`));
    const { id, outs } = await number.create(await inputs({ adopt: sid, applicationSid: own }));
    expect((await jambonz.row(number.path(sid))).application_sid).toBe(own);
    await number.delete(id, outs);
    expect((await jambonz.row(number.path(sid))).application_sid).toBe(old);
  });

  test("of another carrier, or another number, is another row", async () => {
    const { id, outs } = await number.create(await inputs());
    const { replaces } = await number.diff(id, outs, await inputs({ number: "+4930111222", carrierSid: randomUUID() }));
    expect(replaces).toEqual(["number", "carrierSid"]);
  });
});
