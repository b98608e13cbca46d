import { dispatch } from "@trunkline/providers";
import { type LiveKit, startLiveKit } from "./stack.ts";

/** Inbound trunks and dispatch rules as the engine calls their methods, against a real livekit-server. */

const trunk = dispatch("livekit:SipInboundTrunk");
const rule = dispatch("livekit:SipDispatchRule");
const owner = { project: "trunkline", stack: "test", name: "dial" };
let livekit: LiveKit;

beforeAll(async () => {
  livekit = await startLiveKit();
  Object.assign(process.env, livekit.keys);
  delete process.env.LIVEKIT_URL;
}, 60_000);
afterAll(() => livekit?.stop());
beforeEach(() => livekit.wipe());

type Given = Record<string, unknown>;

async function trunkInputs(changes: Given = {}): Promise<Given> {
  const credentials = { authUsername: "jambonz", authPassword: "a password" };
  const { inputs, failures } = await trunk.check(
    {},
    { host: livekit.url, owner, name: "dial", ...credentials, ...changes },
  );
  expect(failures).toEqual([]);
  return inputs;
}

async function ruleInputs(changes: Given = {}): Promise<Given> {
  const target = { type: "callee" };
  const { inputs, failures } = await rule.check(
    {},
    { host: livekit.url, owner, name: "calls", target, trunkIds: ["ST_1"], ...changes },
  );
  expect(failures).toEqual([]);
  return inputs;
}

const trunks = () => livekit.sip.listSipInboundTrunk();
const rules = () => livekit.sip.listSipDispatchRule();
const numbersOf = async () => Object.fromEntries((await trunks()).map(({ name, numbers }) => [name, numbers]));

const everyTrunkField = {
  calledNumbers: ["+493011111111", "+493022222222"],
  callerNumbers: ["+4915112345678"],
  allowedAddresses: ["192.0.2.0/24", "2001:db8::1"],
  authRealm: "voice.example.com",
  headers: { "X-Carrier": "Schmidtkom" },
  headersToAttributes: { "X-Call-Id": "call.id" },
  attributesToHeaders: { "call.id": "X-Call-Id" },
  includeHeaders: "x",
  mediaEncryption: "require",
  codecs: ["PCMA/8000"],
  onlyListedCodecs: true,
  mediaTimeoutSeconds: 45,
  ringingTimeoutSeconds: 30,
  maxCallSeconds: 3_600,
  krispEnabled: true,
  metadata: { team: "telephony" },
};

const everyRuleField = {
  target: { type: "individual", roomPrefix: "call", randomize: false },
  trunkIds: ["ST_1", "ST_2"],
  calledNumbers: ["+493011111111"],
  callerNumbers: ["+4915112345678"],
  numbersWrittenAs: "49…",
  pin: "4711",
  hidePhoneNumber: true,
  mediaEncryption: "allow",
  codecs: ["G722/8000"],
  onlyListedCodecs: true,
  mediaTimeoutSeconds: 10,
  krispEnabled: true,
  participantMetadata: "a note",
  participantAttributes: { team: "telephony" },
  roomPreset: "phone",
  roomConfig: {
    name: "ignored",
    emptyTimeoutSeconds: 60,
    departureTimeoutSeconds: 5,
    maxParticipants: 1,
    metadata: "room",
    minPlayoutDelayMs: 1,
    maxPlayoutDelayMs: 2,
    syncStreams: true,
    agents: [
      { agentName: "my-telephony-agent", metadata: "{}", attributes: { a: "b" }, deployment: "d", restart: "never" },
    ],
    tags: { team: "telephony" },
    egress: { room: { audioOnly: true, fileOutputs: [{ filepath: "x" }] } },
  },
};

test("every field of a trunk is stored, and read back without a difference", async () => {
  const declared = await trunkInputs(everyTrunkField);
  const { id, outs } = await trunk.create(declared);
  const [live] = await trunks();
  expect(live?.toJson()).toMatchObject({
    sipTrunkId: id,
    numbers: everyTrunkField.calledNumbers,
    allowedNumbers: everyTrunkField.callerNumbers,
    authRealm: "voice.example.com",
    includeHeaders: "SIP_X_HEADERS",
    ringingTimeout: "30s",
    maxCallDuration: "3600s",
    krispEnabled: true,
    media: { onlyListedCodecs: true, encryption: "SIP_MEDIA_ENCRYPT_REQUIRE", mediaTimeout: "45s" },
  });
  expect(await trunk.read(id, outs)).toEqual({ id, props: outs, inputs: declared });
});

test("every field of a rule is stored, the mark in its name and nowhere else, and read back without a difference", async () => {
  const declared = await ruleInputs(everyRuleField);
  const { id, outs } = await rule.create(declared);
  const [live] = await rules();
  expect(live?.toJson()).toMatchObject({
    sipDispatchRuleId: id,
    name: "calls [trunkline:trunkline/test/dial]",
    metadata: "a note",
    rule: { dispatchRuleIndividual: { roomPrefix: "call", pin: "4711", noRandomness: true } },
    numbers: ["493011111111"],
    inboundNumbers: ["4915112345678"],
    attributes: { team: "telephony" },
    roomConfig: { agents: [{ agentName: "my-telephony-agent", metadata: "{}" }], maxParticipants: 1 },
  });
  expect(await rule.read(id, outs)).toEqual({ id, props: outs, inputs: declared });
});

test.each([
  { type: "direct", room: "lobby" },
  { type: "individual", roomPrefix: "a", randomize: true },
  { type: "callee", roomPrefix: "", randomize: false },
])("a rule of type $type", async (target) => {
  const { id, outs } = await rule.create(await ruleInputs({ target }));
  expect((await rule.read(id, outs)).inputs).toMatchObject({ target });
});

test("an update empties what is no longer declared, and keeps the ids", async () => {
  const fullTrunk = await trunk.create(await trunkInputs(everyTrunkField));
  const fullRule = await rule.create(await ruleInputs(everyRuleField));
  const [lessTrunk, lessRule] = [await trunkInputs(), await ruleInputs()];
  const emptyTrunk = await trunk.update(fullTrunk.id, fullTrunk.outs, lessTrunk);
  const emptyRule = await rule.update(fullRule.id, fullRule.outs, lessRule);
  expect((await trunk.read(fullTrunk.id, emptyTrunk.outs)).inputs).toEqual(lessTrunk);
  expect((await rule.read(fullRule.id, emptyRule.outs)).inputs).toEqual(lessRule);
});

test("create after a crash finds the first objects by their marks", async () => {
  const [firstTrunk, firstRule] = [await trunk.create(await trunkInputs()), await rule.create(await ruleInputs())];
  expect((await trunk.create(await trunkInputs({ calledNumbers: ["+4930123456"] }))).id).toBe(firstTrunk.id);
  expect((await rule.create(await ruleInputs({ pin: "1" }))).id).toBe(firstRule.id);
  expect(await trunks()).toMatchObject([{ numbers: ["+4930123456"] }]);
  expect(await rules()).toHaveLength(1);
});

describe("an object that somebody else made", () => {
  const byHand = async () => ({
    trunk: await livekit.sip.createSipInboundTrunk("dial", ["+4930999"], { metadata: "note" }),
    rule: await livekit.sip.createSipDispatchRule(
      { type: "direct", roomName: "old" },
      { name: "calls", trunkIds: ["ST_9"] },
    ),
  });

  test("with the same name is an error that names its id", async () => {
    const old = await byHand();
    await expect(trunk.create(await trunkInputs())).rejects.toThrow(
      new RegExp(`^FOREIGN_TWIN: .*${old.trunk.sipTrunkId}`),
    );
    await expect(rule.create(await ruleInputs())).rejects.toThrow(
      new RegExp(`^FOREIGN_TWIN: .*${old.rule.sipDispatchRuleId}`),
    );
  });

  test("is taken over with adopt, and given back on destroy as it was found", async () => {
    const old = await byHand();
    const mine = await trunk.create(await trunkInputs({ adopt: old.trunk.sipTrunkId }));
    const myRule = await rule.create(await ruleInputs({ adopt: old.rule.sipDispatchRuleId }));
    expect([mine.id, myRule.id]).toEqual([old.trunk.sipTrunkId, old.rule.sipDispatchRuleId]);
    await trunk.delete(mine.id, mine.outs ?? {});
    await rule.delete(myRule.id, myRule.outs ?? {});
    expect((await trunks()).map((item) => item.toJson())).toEqual([old.trunk.toJson()]);
    expect((await rules()).map((item) => item.toJson())).toEqual([old.rule.toJson()]);
  });

  test("and that was adopted is kept on destroy, too, when the state was lost in between", async () => {
    const old = await byHand();
    const inputs = await trunkInputs({ adopt: old.trunk.sipTrunkId });
    await trunk.create(inputs);
    const again = await trunk.create(inputs);
    await trunk.delete(again.id, again.outs ?? {});
    expect(await trunks()).toHaveLength(1);
  });

  test("for another stack is never touched", async () => {
    const other = await trunk.create(
      await trunkInputs({ owner: { ...owner, stack: "prod" }, name: "theirs", calledNumbers: ["+4930999999"] }),
    );
    await expect(trunk.create(await trunkInputs({ adopt: other.id }))).rejects.toThrow(/^OWNED_BY_ANOTHER/);
    await expect(trunk.delete(other.id, { ...other.outs, owner })).rejects.toThrow(/^OWNED_BY_ANOTHER/);
    expect(await trunks()).toHaveLength(1);
  });
});

describe("no moment of overlap", () => {
  const numbered = (name: string, ...calledNumbers: string[]) =>
    trunkInputs({ owner: { ...owner, name }, name, calledNumbers });

  test("two trunks swap their numbers, whichever is updated first, and both keep their ids", async () => {
    const [one, two] = [
      await trunk.create(await numbered("one", "+4930111111")),
      await trunk.create(await numbered("two", "+4930222222")),
    ];
    const [newOne, newTwo] = [await numbered("one", "+4930222222"), await numbered("two", "+4930111111")];
    await Promise.all([trunk.update(one.id, one.outs, newOne), trunk.update(two.id, two.outs, newTwo)]);
    expect(await numbersOf()).toEqual({ one: ["+4930222222"], two: ["+4930111111"] });
    expect((await trunks()).map(({ sipTrunkId }) => sipTrunkId).sort()).toEqual([one.id, two.id].sort());
    expect((await trunk.read(one.id, one.outs)).inputs).toEqual(newOne);
  });

  test("a trunk takes the place of one that has left the program; deleting that afterwards hurts nobody", async () => {
    const old = await trunk.create(await numbered("old", "+4930111111"));
    await trunk.create(await numbered("new", "+4930111111"));
    expect(await numbersOf()).toEqual({ old: [`trunkline-parked-${old.id}`], new: ["+4930111111"] });
    await trunk.delete(old.id, old.outs ?? {});
    expect(await numbersOf()).toEqual({ new: ["+4930111111"] });
  });

  test("a rule takes the place of one that has left the program", async () => {
    const old = await rule.create(await ruleInputs({ owner: { ...owner, name: "old" }, name: "old" }));
    await rule.create(await ruleInputs({ owner: { ...owner, name: "new" }, name: "new" }));
    expect((await rules()).find(({ sipDispatchRuleId }) => sipDispatchRuleId === old.id)?.numbers).toEqual([
      `trunkline-parked-${old.id}`,
    ]);
  });

  test("a legacy trunk without numbers is put aside before a trunk without numbers is made, and removed with its old content kept", async () => {
    const legacy = await livekit.sip.createSipInboundTrunk("by hand", [], {
      authUsername: "old",
      authPassword: "old",
      metadata: "note",
    });
    await trunk.create(await trunkInputs({ legacyIds: [legacy.sipTrunkId] }));
    expect(await numbersOf()).toEqual({ "by hand": [`trunkline-parked-${legacy.sipTrunkId}`], dial: [] });

    const cleanup = dispatch("livekit:LegacySipCleanup");
    const { inputs } = await cleanup.check({}, { host: livekit.url, owner, inboundTrunkIds: [legacy.sipTrunkId] });
    const { outs } = await cleanup.create(inputs);
    expect(outs?.copies).toEqual([{ id: legacy.sipTrunkId, kind: "inboundTrunk", object: legacy.toJson() }]);
    expect(await numbersOf()).toEqual({ dial: [] });
  });

  test("a legacy rule that clashes is put aside, too", async () => {
    const legacy = await livekit.sip.createSipDispatchRule(
      { type: "direct", roomName: "old" },
      { name: "old", trunkIds: ["ST_1"] },
    );
    await rule.create(await ruleInputs({ legacyIds: [legacy.sipDispatchRuleId] }));
    const [, ours] = (await rules()).sort((a) => (a.sipDispatchRuleId === legacy.sipDispatchRuleId ? -1 : 1));
    expect(ours?.name).toMatch(/^calls \[trunkline/);
    expect(await rules()).toHaveLength(2);
  });

  test("what was put aside is put back when the creation fails", async () => {
    const legacy = await livekit.sip.createSipInboundTrunk("by hand", ["+4930111111"]);
    const refused = await trunkInputs({ calledNumbers: ["+4930111111"], legacyIds: [legacy.sipTrunkId] });
    const broken = { ...refused, codecs: ["NOSUCH/1"], onlyListedCodecs: true, headers: { "Call-ID": "x" } };
    await expect(trunk.create(broken)).rejects.toThrow(/^API_REFUSED/);
    expect((await trunks()).map((item) => item.toJson())).toEqual([legacy.toJson()]);
  });

  test("a clash with what nobody has released is refused with its id and an example call, and nothing changes", async () => {
    const foreign = await livekit.sip.createSipInboundTrunk("by hand", ["+4930111111"]);
    const attempt = trunk.create(await trunkInputs({ calledNumbers: ["+4930111111"] }));
    await expect(attempt).rejects.toThrow(
      new RegExp(`^ROUTING_CONFLICT: inbound trunk ${foreign.sipTrunkId} .*a call from .* to \\+?4930111111`),
    );
    expect((await trunks()).map((item) => item.toJson())).toEqual([foreign.toJson()]);
  });
});
