import { dispatch } from "@trunkline/providers";
import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { LiveKitClient } from "../../providers/livekit/client.ts";
import { type LiveKit, sharedReadsExpire, startLiveKit } from "./stack.ts";

/** Trunks and rules made by hand, no field of which has its default, and adopted: what is not said stays as it is. On a real livekit-server. */

const owner = { stackId: "test-stack", project: "trunkline", stack: "test", name: "one" };
let livekit: LiveKit;
let client: LiveKitClient;

beforeAll(async () => {
  livekit = await startLiveKit();
  client = new LiveKitClient(livekit.url, { apiKey: livekit.apiKey, apiSecret: livekit.apiSecret });
  Object.assign(process.env, livekit.keys);
  delete process.env.LIVEKIT_URL;
}, 60_000);
afterAll(() => livekit?.stop());
beforeEach(() => livekit.wipe());

const media = {
  onlyListedCodecs: true,
  codecs: [{ name: "PCMA", rate: 8_000 }],
  encryption: 1,
  mediaTimeout: { seconds: 77n, nanos: 0 },
};
const common = {
  name: "by hand",
  metadata: '{"since":2023}',
  authUsername: "hand",
  authPassword: "hand password",
  headers: { "X-Hand": "1" },
  headersToAttributes: { "X-In": "in" },
  attributesToHeaders: { out: "X-Out" },
  includeHeaders: 2,
  media,
};

type Inputs = Record<string, unknown>;
interface Case {
  kind: "livekit:SipOutboundTrunk" | "livekit:SipInboundTrunk" | "livekit:SipDispatchRule";
  make(): Promise<string>;
  live(): Promise<Record<string, unknown> | undefined>;
  /** What has to be said, as it is found. */
  named: Inputs;
  said: Inputs;
}

const plain = <T extends { toJson(): unknown }>(all: T[]) => all[0]?.toJson() as Record<string, unknown> | undefined;

const CASES: Case[] = [
  {
    kind: "livekit:SipOutboundTrunk",
    make: async () =>
      (
        await client.createOutboundTrunk(
          new SIPOutboundTrunkInfo({
            ...common,
            address: "hand.example.com",
            transport: 2,
            numbers: ["+4930111222"],
            destinationCountry: "DE",
            fromHost: "from.example.com",
          }),
        )
      ).sipTrunkId,
    live: async () => plain(await client.outboundTrunks("fresh")),
    named: { name: "by hand", address: "hand.example.com", presentedNumbers: ["+4930111222"] },
    said: {
      address: "said.example.com",
      transport: "tls",
      presentedNumbers: ["+4930333444"],
      authUsername: "said",
      authPassword: "said",
      headers: {},
      headersToAttributes: {},
      attributesToHeaders: {},
      includeHeaders: "none",
      fromHost: "",
      destinationCountry: "",
      mediaEncryption: "require",
      onlyListedCodecs: false,
      codecs: ["PCMU/8000"],
      mediaTimeoutSeconds: 0,
      metadata: {},
    },
  },
  {
    kind: "livekit:SipInboundTrunk",
    make: async () =>
      (
        await client.createInboundTrunk(
          new SIPInboundTrunkInfo({
            ...common,
            numbers: ["+4930111222"],
            allowedNumbers: ["+4930555666"],
            allowedAddresses: ["192.0.2.0/24"],
            authRealm: "hand.example.com",
            krispEnabled: true,
            ringingTimeout: { seconds: 44n, nanos: 0 },
            maxCallDuration: { seconds: 555n, nanos: 0 },
          }),
        )
      ).sipTrunkId,
    live: async () => plain(await client.inboundTrunks("fresh")),
    named: { name: "by hand" },
    said: {
      calledNumbers: [],
      callerNumbers: [],
      allowedAddresses: [],
      authUsername: "said",
      authPassword: "said",
      authRealm: "",
      headers: {},
      headersToAttributes: {},
      attributesToHeaders: {},
      includeHeaders: "none",
      krispEnabled: false,
      ringingTimeoutSeconds: 0,
      maxCallSeconds: 0,
      mediaEncryption: "disable",
      onlyListedCodecs: false,
      metadata: { ours: true },
    },
  },
  {
    kind: "livekit:SipDispatchRule",
    make: async () =>
      (
        await client.createDispatchRule(
          new SIPDispatchRuleInfo({
            name: "by hand",
            rule: { rule: { case: "dispatchRuleDirect", value: { roomName: "lobby", pin: "4711" } } },
            trunkIds: ["ST_hand"],
            numbers: ["4930111222"],
            inboundNumbers: ["+4930555666"],
            hidePhoneNumber: true,
            metadata: "theirs",
            attributes: { a: "b" },
            roomPreset: "preset",
            krispEnabled: true,
            roomConfig: { emptyTimeout: 55, maxParticipants: 9, agents: [{ agentName: "theirs" }], tags: { t: "1" } },
            media,
          }),
        )
      ).sipDispatchRuleId,
    live: async () => plain(await client.dispatchRules("fresh")),
    named: { name: "by hand", target: { type: "direct", room: "lobby" } },
    said: {
      target: { type: "direct", room: "office" },
      trunkIds: ["ST_said"],
      calledNumbers: [],
      callerNumbers: [],
      pin: "",
      hidePhoneNumber: false,
      participantMetadata: "",
      participantAttributes: {},
      roomPreset: "",
      krispEnabled: false,
      roomConfig: { emptyTimeoutSeconds: 0 },
      mediaEncryption: "disable",
      onlyListedCodecs: false,
    },
  },
];

/** Fields that differ, but for the mark and the time: `roomConfig.emptyTimeout`. */
function changed(before: unknown, after: unknown, path = ""): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject(before) || !isObject(after) || path.includes("."))
    return /^(updatedAt|createdAt)$/.test(path) ? [] : [path];
  const names = Object.keys({ ...(before as object), ...(after as object) });
  return names.flatMap((name) =>
    changed((before as never)[name], (after as never)[name], path === "" ? name : `${path}.${name}`),
  );
}

describe.each(CASES)("an adopted $kind", ({ kind, make, live, named, said }) => {
  const resource = dispatch(kind);
  const marked = kind === "livekit:SipDispatchRule" ? "name" : "metadata";
  const adopting = async (changes: Inputs = {}, olds: Inputs = {}) => {
    const [id] = [await make()];
    const found = await live();
    const given = { host: livekit.url, owner, adopt: id, ...named, ...changes };
    const { inputs = {}, failures } = await resource.check(olds, given);
    expect(failures).toEqual([]);
    return { id, found, inputs: inputs as Inputs, given };
  };

  test("of which nothing else is said gets our mark, and stays as it is; edits of the rest are no drift; destroy gives it back", async () => {
    const { id, found, inputs } = await adopting();
    expect(inputs.adopting).toEqual({});
    const { outs = {} } = await resource.create(inputs);
    expect(changed(found, await live())).toEqual([marked]);
    await sharedReadsExpire();
    expect((await resource.read(id, outs)).inputs).toEqual(inputs);
    const [edited] = await edit(kind);
    expect(edited).toBeDefined();
    await sharedReadsExpire();
    expect((await resource.read(id, outs)).inputs).toEqual(inputs);
    await resource.delete(id, outs);
    expect(changed(found, await live())).toEqual([]);
  });

  test.each(Object.entries(said))(
    "%s: said, it is changed, nothing beside it, and shown before",
    async (name, value) => {
      const { found, inputs } = await adopting({ [name]: value });
      expect(Object.keys(inputs.adopting as object)).toEqual([name]);
      expect(JSON.stringify(inputs.adopting)).not.toMatch(/hand password|4711/);
      await resource.create(inputs);
      const fields = changed(found, await live()).filter((field) => field !== marked);
      expect(fields.length).toBeLessThanOrEqual(1);
      expect(fields.length + Number(name === "metadata")).toBe(1);
    },
  );

  test("whose line leaves the program keeps what it was", async () => {
    const { id, inputs, given } = await adopting();
    const { outs } = await resource.create(inputs);
    const before = await live();
    const { inputs: later = {} } = await resource.check(inputs, { ...given, adopt: undefined });
    await resource.update(id, outs ?? {}, later);
    expect(changed(before, await live())).toEqual([]);
  });
});

/** An edit by hand of something that the program does not say. */
async function edit(kind: Case["kind"]): Promise<string[]> {
  if (kind === "livekit:SipDispatchRule") {
    const [rule] = await client.dispatchRules("fresh");
    if (rule)
      await client.replaceDispatchRule(rule.sipDispatchRuleId, Object.assign(rule.clone(), { krispEnabled: false }));
    return [rule?.name ?? ""];
  }
  const isInbound = kind === "livekit:SipInboundTrunk";
  const [trunk] = isInbound ? await client.inboundTrunks("fresh") : await client.outboundTrunks("fresh");
  const changes = Object.assign(trunk?.clone() ?? {}, { headers: { "X-Edited": "1" } }) as never;
  if (trunk)
    await (isInbound
      ? client.replaceInboundTrunk(trunk.sipTrunkId, changes)
      : client.replaceOutboundTrunk(trunk.sipTrunkId, changes));
  return [trunk?.name ?? ""];
}
