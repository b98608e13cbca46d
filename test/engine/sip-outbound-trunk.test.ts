import { dispatch } from "@trunkline/providers";
import { type LiveKit, sharedReadsExpire, startLiveKit } from "./stack.ts";

/** The resource's methods as the engine calls them, against a real livekit-server. */

const trunk = dispatch("livekit:SipOutboundTrunk");
const owner = { project: "trunkline", stack: "test", name: "sbc" };
let livekit: LiveKit;

beforeAll(async () => {
  livekit = await startLiveKit();
  Object.assign(process.env, livekit.keys);
  delete process.env.LIVEKIT_URL;
}, 60_000);
afterAll(() => livekit?.stop());
beforeEach(() => livekit.wipe());

async function inputs(changes: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const given = {
    host: livekit.url,
    owner,
    name: "SBC",
    address: "sbc.example.com",
    presentedNumbers: ["+493012345678"],
    ...changes,
  };
  const { inputs: checked, failures } = await trunk.check({}, given);
  expect(failures).toEqual([]);
  return checked;
}

const everything = {
  address: "sbc.example.com:5061",
  transport: "tls",
  presentedNumbers: ["+493011111111", "+493022222222"],
  authUsername: "livekit",
  authPassword: "a password",
  headers: { "X-Carrier": "Schmidtkom" },
  headersToAttributes: { "X-Answered-By": "answered.by" },
  attributesToHeaders: { "call.id": "X-Call-Id" },
  includeHeaders: "x",
  mediaEncryption: "require",
  codecs: ["PCMA/8000", "G722/8000"],
  onlyListedCodecs: true,
  mediaTimeoutSeconds: 45,
  fromHost: "voice.example.com",
  destinationCountry: "DE",
  metadata: { team: "telephony" },
};

test("every field of the API is stored, and read back without a difference", async () => {
  const declared = await inputs(everything);
  const { id, outs } = await trunk.create(declared);
  const [live] = await livekit.sip.listSipOutboundTrunk();
  expect(live?.toJson()).toMatchObject({
    sipTrunkId: id,
    transport: "SIP_TRANSPORT_TLS",
    attributesToHeaders: { "call.id": "X-Call-Id" },
    includeHeaders: "SIP_X_HEADERS",
    fromHost: "voice.example.com",
    destinationCountry: "DE",
    media: { onlyListedCodecs: true, encryption: "SIP_MEDIA_ENCRYPT_REQUIRE", mediaTimeout: "45s" },
  });
  expect(await trunk.read(id, outs)).toEqual({ id, props: outs, inputs: declared });
});

test("an update empties what is no longer declared, and keeps the id", async () => {
  const { id, outs } = await trunk.create(await inputs(everything));
  const less = await inputs();
  const updated = await trunk.update(id, outs, less);
  expect((await trunk.read(id, updated.outs)).inputs).toEqual(less);
  const [live, ...others] = await livekit.sip.listSipOutboundTrunk();
  expect(live).toMatchObject({ sipTrunkId: id, authUsername: "", authPassword: "", headers: {}, fromHost: "" });
  expect(others).toEqual([]);
});

test("create after a crash finds the first trunk by its mark", async () => {
  const first = await trunk.create(await inputs());
  const second = await trunk.create(await inputs({ address: "other.example.com" }));
  expect(second.id).toBe(first.id);
  expect(await livekit.sip.listSipOutboundTrunk()).toMatchObject([{ address: "other.example.com" }]);
});

describe("a trunk that somebody else made", () => {
  const madeByHand = () =>
    livekit.sip.createSipOutboundTrunk("SBC", "old.example.com", ["+4930999"], { transport: 1, metadata: "note" });

  test("with the same name is an error that names its id", async () => {
    const { sipTrunkId } = await madeByHand();
    await expect(trunk.create(await inputs())).rejects.toThrow(new RegExp(`^FOREIGN_TWIN: .*${sipTrunkId}.*adopt`));
    expect(await livekit.sip.listSipOutboundTrunk()).toHaveLength(1);
  });

  test("is taken over with adopt, and given back on destroy as it was found", async () => {
    const before = await madeByHand();
    const { id, outs } = await trunk.create(await inputs({ adopt: before.sipTrunkId }));
    expect(id).toBe(before.sipTrunkId);
    expect(await livekit.sip.listSipOutboundTrunk()).toMatchObject([{ address: "sbc.example.com" }]);
    await trunk.delete(id, outs ?? {});
    expect(await livekit.sip.listSipOutboundTrunk()).toEqual([before]);
  });

  test("is deleted on destroy when that was said", async () => {
    const before = await madeByHand();
    const { id, outs } = await trunk.create(await inputs({ adopt: before.sipTrunkId, onDestroy: "delete" }));
    await trunk.delete(id, outs ?? {});
    expect(await livekit.sip.listSipOutboundTrunk()).toEqual([]);
  });

  test("for another stack is never touched", async () => {
    const other = await trunk.create(await inputs({ owner: { ...owner, stack: "prod" } }));
    const mine = await inputs({ name: "mine", adopt: other.id });
    await expect(trunk.create(mine)).rejects.toThrow(/^OWNED_BY_ANOTHER: .*trunkline\/prod\/sbc/);
    await expect(trunk.update(other.id, { ...other.outs, owner }, mine)).rejects.toThrow(/^OWNED_BY_ANOTHER/);
    await expect(trunk.delete(other.id, { ...other.outs, owner })).rejects.toThrow(/^OWNED_BY_ANOTHER/);
    expect(await livekit.sip.listSipOutboundTrunk()).toMatchObject([{ sipTrunkId: other.id, name: "SBC" }]);
  });
});

test("a trunk that is gone: read says so, update explains, delete is done", async () => {
  const { id, outs } = await trunk.create(await inputs());
  await livekit.sip.deleteSipTrunk(id);
  await sharedReadsExpire();
  expect(await trunk.read(id, outs)).toEqual({});
  await expect(trunk.update(id, outs, await inputs())).rejects.toThrow(/^OBJECT_GONE: .*up --refresh/);
  await expect(trunk.delete(id, outs ?? {})).resolves.toBeUndefined();
});

test("two trunks with one mark are an error that names both", async () => {
  const first = await trunk.create(await inputs());
  const [live] = await livekit.sip.listSipOutboundTrunk();
  const second = await livekit.sip.createSipOutboundTrunk("copy", "sbc.example.com", ["+4930999"], {
    transport: 0,
    metadata: live?.metadata ?? "",
  });
  const error: Error = (await trunk.create(await inputs()).catch((cause: Error) => cause)) as never;
  expect(error.message).toMatch(/^DUPLICATE_MARK/);
  for (const id of [first.id, second.sipTrunkId]) expect(error.message).toContain(id);
});
