import { dispatch } from "@trunkline/providers";
import { UNKNOWN } from "../../../providers/dynamic/unknown.ts";

/** What a preview says to inputs that no system would accept. No server: nothing of this gets that far. */

const owner = { project: "trunkline", stack: "test", name: "one" };
const PASSWORD = "canary of the password";
const common = { host: "wss://one.livekit.cloud", owner, name: "one" };

const outbound = { ...common, address: "sbc.example.com", presentedNumbers: ["+4930123456"] };
const inbound = { ...common, authUsername: "jambonz", authPassword: PASSWORD };
const rule = { ...common, target: { type: "callee" }, trunkIds: ["ST_1"] };

beforeAll(() => {
  for (const name of ["LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"]) delete process.env[name];
});

async function failures(kind: string, inputs: object, olds: object = {}): Promise<string[]> {
  const { failures: found = [] } = await dispatch(`livekit:${kind}`).check({ ...olds }, { ...inputs });
  for (const { reason } of found) expect(reason).not.toContain(PASSWORD);
  return found.map(({ property, reason }) => `${property}: ${reason}`);
}

test("good inputs have no failures", async () => {
  expect(await failures("SipOutboundTrunk", outbound)).toEqual([]);
  expect(await failures("SipInboundTrunk", inbound)).toEqual([]);
  expect(await failures("SipDispatchRule", rule)).toEqual([]);
});

test.each([
  ["said to be open", { ...common, allowedAddresses: ["0.0.0.0/0"], open: true }],
  ["with called numbers", { ...common, allowedAddresses: ["0.0.0.0/0"], calledNumbers: ["+493012345678"] }],
  ["with credentials", { ...inbound, allowedAddresses: ["0.0.0.0/0"] }],
  ["with a carrier's networks", { ...common, allowedAddresses: ["192.0.2.0/24", "198.51.100.0/24"] }],
])("a trunk %s may be made", async (_, inputs) => {
  expect(await failures("SipInboundTrunk", inputs)).toEqual([]);
});

test.each([
  [
    "SipOutboundTrunk",
    { ...outbound, presentedNumbers: ["030 123456"] },
    'presentedNumbers.0: "030 123456" is not a valid E.164 number',
  ],
  [
    "SipOutboundTrunk",
    { ...outbound, address: "sip:sbc.example.com" },
    'address: "sip:sbc.example.com" is no SIP address',
  ],
  ["SipOutboundTrunk", { ...outbound, address: "sbc.example.com:65536" }, "address: "],
  ["SipOutboundTrunk", { ...outbound, transport: "sctp" }, "transport: "],
  ["SipOutboundTrunk", { ...outbound, authUsername: "user" }, "authPassword: is empty"],
  ["SipOutboundTrunk", { ...outbound, authPassword: PASSWORD }, "authUsername: is empty"],
  ["SipInboundTrunk", { ...inbound, authUsername: "", calledNumbers: ["+4930123456"] }, "authUsername: is empty"],
  ["SipInboundTrunk", common, "authUsername: is empty, and so are allowedAddresses and calledNumbers"],
  [
    "SipInboundTrunk",
    { ...inbound, calledNumbers: ["call-abc"] },
    'calledNumbers.0: "call-abc" is not a valid E.164 number',
  ],
  ["SipInboundTrunk", { ...inbound, callerNumbers: ["anonymous"] }, "callerNumbers.0: "],
  ["SipInboundTrunk", { ...inbound, allowedAddresses: ["10.0.0.0/33"] }, "allowedAddresses.0: "],
  ["SipInboundTrunk", { ...inbound, allowedAddresses: ["::ffff:10.0.0.1"] }, "allowedAddresses.0: "],
  ["SipInboundTrunk", { ...inbound, allowedAddresses: ["[::1]"] }, "allowedAddresses.0: "],
  ["SipInboundTrunk", { ...inbound, allowedAddresses: ["sip:sbc.example.com"] }, "allowedAddresses.0: "],
  [
    "SipInboundTrunk",
    { ...common, allowedAddresses: ["0.0.0.0/0"] },
    "allowedAddresses: OPEN_TRUNK: 0.0.0.0/0 lets everybody in",
  ],
  ["SipInboundTrunk", { ...common, allowedAddresses: ["0.0.0.0/1", "128.0.0.0/1"] }, "allowedAddresses: OPEN_TRUNK"],
  ["SipInboundTrunk", { ...common, allowedAddresses: ["::/0"], open: false }, "allowedAddresses: OPEN_TRUNK"],
  ["SipInboundTrunk", { ...inbound, ringingTimeoutSeconds: -1 }, "ringingTimeoutSeconds: "],
  ["SipInboundTrunk", { ...inbound, maxCallSeconds: 3_600_000 }, "maxCallSeconds: "],
  ["SipInboundTrunk", { ...inbound, codecs: ["PCMA"] }, "codecs.0: is no codec with its rate"],
  ["SipInboundTrunk", { ...inbound, mediaTimeoutSeconds: 601 }, "mediaTimeoutSeconds: "],
  ["SipInboundTrunk", { ...inbound, headers: { "Call-ID": "x" } }, 'headers: "Call-ID" cannot be set'],
  ["SipInboundTrunk", { ...inbound, adopt: "SDR_1" }, "adopt: is no id of a trunk"],
  ["SipDispatchRule", { ...rule, trunkIds: [] }, "trunkIds: is empty: such a rule answers calls of every trunk"],
  ["SipDispatchRule", { ...rule, everyTrunk: true }, "trunkIds: names trunks, but everyTrunk is set"],
  ["SipDispatchRule", { ...rule, target: { type: "caller" } }, "target"],
  ["SipDispatchRule", { ...rule, target: { type: "direct", room: "" } }, "target.room: is empty"],
  ["SipDispatchRule", { ...rule, pin: "12a4" }, "pin: is no PIN"],
  ["SipDispatchRule", { ...rule, name: "calls [x]" }, "name: has a bracket"],
  [
    "SipDispatchRule",
    { ...rule, roomConfig: { agents: [{ agentName: "" }] } },
    "roomConfig.agents.0.agentName: is empty",
  ],
  ["SipDispatchRule", { ...rule, calledNumbers: ["call-1"] }, "calledNumbers.0: "],
])("%s %#: one failure, named by its property", async (kind, inputs, expected) => {
  const found = await failures(kind, inputs);
  expect(found).toEqual([expect.stringContaining(expected)]);
});

test.each(["SipOutboundTrunk", "SipInboundTrunk", "SipDispatchRule", "LegacySipCleanup"])(
  "%s: another host needs to be said",
  async (kind) => {
    const inputs = { SipOutboundTrunk: outbound, SipInboundTrunk: inbound, SipDispatchRule: rule }[kind] ?? common;
    const olds = { ...inputs, host: "wss://two.livekit.cloud" };
    if (kind === "LegacySipCleanup") Object.assign(process.env, { LIVEKIT_API_KEY: "k", LIVEKIT_API_SECRET: "s" });
    expect(await failures(kind, inputs, olds)).toEqual([
      expect.stringMatching(/^host: HOST_CHANGED: it lives .*two\.livekit\.cloud/),
    ]);
  },
);

test("a move that was said is none of the failures", async () => {
  const moved = { ...outbound, movedFrom: "https://two.livekit.cloud/" };
  expect(await failures("SipOutboundTrunk", moved, { ...outbound, host: "wss://two.livekit.cloud" })).toEqual([]);
});

test("any input may be unknown in a preview", async () => {
  for (const [kind, inputs] of Object.entries({
    SipOutboundTrunk: outbound,
    SipInboundTrunk: inbound,
    SipDispatchRule: rule,
  }))
    for (const name of Object.keys(inputs)) expect(await failures(kind, { ...inputs, [name]: UNKNOWN })).toEqual([]);
});
