import { doctor } from "../../../cli/commands/doctor.ts";
import { judge } from "../../../cli/doctor/findings.ts";
import { readForms } from "../../../cli/livekit/forms/read-forms.ts";
import { FINDING_KINDS, type FindingCode } from "../../../providers/livekit/routing/index.ts";
import { RULE, TRUNK } from "../livekit/inputs.ts";
import { recordedIO } from "../recorded-io.ts";

/** What doctor is given: documents, and options. */
interface Example {
  project: object;
  options?: string[];
}

const OUTBOUND = { sipTrunkId: "ST_out", address: "carrier.example", numbers: ["+493012345670"] };
const { sipTrunkId: _, ...NAMELESS } = TRUNK;

const whole = (parts: object): Example => ({
  project: { inboundTrunks: [TRUNK], outboundTrunks: [], dispatchRules: [RULE], ...parts },
});
const trunk = (change: object) => whole({ inboundTrunks: [{ ...TRUNK, ...change }] });
const trunks = (...changes: object[]) =>
  whole({
    inboundTrunks: changes.map((change, index) => ({ ...TRUNK, sipTrunkId: `ST_${"ab"[index]}`, ...change })),
    dispatchRules: [{ ...RULE, trunkIds: ["ST_a", "ST_b"] }],
  });
const rule = (change: object) => whole({ dispatchRules: [{ ...RULE, ...change }] });
const outbound = (change: object) => whole({ outboundTrunks: [{ ...OUTBOUND, ...change }] });
const agents = (...all: object[]) => rule({ roomConfig: { agents: all } });
const cloud = (host: string, { project }: Example): Example => ({ project, options: ["--host", host] });
const called = (...numbers: string[]) => numbers.map((number) => trunk({ numbers: [number] }));
const allowed = (...addresses: string[]) =>
  addresses.map((address) => trunk({ allowedAddresses: ["192.0.2.1", address] }));

/** For each kind the example of the catalogue, as a project; where it names several things, one for each. */
const EXAMPLES: Record<Exclude<FindingCode, "AGENT_NOT_REGISTERED">, Example[]> = {
  CALLS_CLASH: [trunks({ numbers: [], allowedAddresses: [], allowedNumbers: ["+491711234567"] }, { numbers: [] })],
  RULE_CLASHES_WITH_ITSELF: [rule({ numbers: ["+493012345670", "493012345670"] })],
  API_REFUSES: [trunks({}, { allowedAddresses: ["198.51.100.1"] })],
  RULE_POINTS_TO_DELETED_TRUNK: [rule({ trunkIds: ["ST_removed"] })],
  RULE_NEVER_MATCHES: [rule({ numbers: ["+493012345671"] })],
  TRUNK_WITHOUT_RULE: [whole({ dispatchRules: [] })],
  WILDCARD_RULE: [rule({ trunkIds: [] })],
  RULE_NAMES_OUTBOUND_TRUNK: [
    whole({ outboundTrunks: [OUTBOUND], dispatchRules: [{ ...RULE, trunkIds: ["ST_out"] }] }),
  ],
  RULE_NAMES_NO_TRUNK_ID: [rule({ trunkIds: ["office"] })],
  CALLED_NUMBERS_AS_CALLERS: [rule({ inboundNumbers: ["+493012345670"] })],
  OWN_NUMBERS_AS_ALLOWED_CALLERS: [trunk({ allowedNumbers: TRUNK.numbers })],
  EMPTY_ROOM_NAME: [rule({ rule: { dispatchRuleDirect: {} } })],
  CALLERS_SHARE_A_ROOM: [rule({ rule: { dispatchRuleDirect: { roomName: "office" } } })],
  ANONYMOUS_CALLER_CRASHES_SERVER: [rule({ hidePhoneNumber: true })],
  RULE_WITHOUT_AGENT: [rule({ roomConfig: undefined })],
  AGENT_WITHOUT_NAME: [agents({ agentName: "" })],
  UNKNOWN_AGENT: [{ ...agents({ agentName: "inbound-agent" }), options: ["--agent", "my-telephony-agent"] }],
  AGENT_NAME_SPELT_DIFFERENTLY: [agents({ agentName: "My_Telephony_Agent" })],
  AGENT_NAME_IS_AN_ID: [agents({ agentName: "CA_zsrrTFvkWBVd" })],
  AGENT_TWICE: [agents({ agentName: "sales" }, { agentName: "sales" })],
  AGENTS_OUTSIDE_ROOM_CONFIG: [rule({ roomConfig: undefined, agents: [{ agentName: "sales" }] })],
  NUMBER_SPELT_DIFFERENTLY: [rule({ numbers: ["493012345670"] })],
  NUMBER_IS_A_PREFIX: [trunk({ allowedNumbers: ["+49"] })],
  NUMBER_IS_A_PATTERN: called("+4930123456*"),
  NUMBER_WITHOUT_COUNTRY: called("03012345670"),
  NUMBER_WITH_00: called("00493012345670"),
  NUMBER_PLUS_ZERO: called("+00493012345670", "+03012345670"),
  NUMBER_WITH_TRUNK_ZERO: called("+49 (0)30 12345670"),
  NUMBER_WITH_LETTERS: called("+1800FLOWERS"),
  NUMBER_WITH_OTHER_CHARACTERS: called("+49.30.12345670", "+49 30/12345670"),
  NUMBER_IS_EMPTY: called(""),
  NUMBER_IS_A_URI: called("sip:+493012345670@carrier.example", "tel:+493012345670"),
  NUMBER_TOO_LONG: called("+49301234567012345"),
  SEVERAL_NUMBERS_IN_ONE: called("+493012345670,+494012345670"),
  NUMBER_WITH_INVISIBLE_CHARACTER: called("+49\u00a03012345670", "\u202a+493012345670"),
  SPACED_RULE_NUMBER: [rule({ numbers: ["+49 30 1234 5670"] })],
  RULE_NUMBER_WITHOUT_PLUS: [rule({ inboundNumbers: ["491711234567"] })],
  NUMBER_LISTED_TWICE: [trunk({ numbers: ["+525588902311", "525588902311"] })],
  TRUNK_OPEN_TO_EVERYONE: [trunk({ numbers: [], allowedAddresses: ["0.0.0.0/0"] })],
  ADDRESSES_LET_EVERYONE_IN: [trunk({ allowedAddresses: ["0.0.0.0/1", "128.0.0.0/1"] })],
  API_REFUSES_OPEN_TRUNK: [trunk({ numbers: [], allowedAddresses: [] })],
  HALF_CREDENTIALS: [
    trunk({ authUsername: "user" }),
    cloud("example.livekit.cloud", { project: [{ trunk: { ...NAMELESS, auth_username: "user" } }] }),
  ],
  TWIN_WITHOUT_CREDENTIALS: [
    trunks({ authUsername: "user", authPassword: "geheim" }, { allowedAddresses: ["198.51.100.1"] }),
  ],
  CREDENTIALS_WITH_SPACES: [trunk({ authUsername: "user", authPassword: "geheim\n" })],
  PLACEHOLDER_VALUE: [
    trunk({ authUsername: "<username>", authPassword: "geheim" }),
    trunk({ authUsername: "user", authPassword: "YOUR_PASSWORD" }),
    outbound({ address: "your-trunk.pstn.twilio.com" }),
  ],
  CARRIER_SENDS_NO_CREDENTIALS: [
    trunk({ allowedAddresses: ["54.172.60.0/30"], authUsername: "user", authPassword: "geheim" }),
  ],
  PRIVATE_ADDRESSES_ON_CLOUD: [cloud("example.livekit.cloud", trunk({ allowedAddresses: ["192.168.1.10"] }))],
  ALL_MASKS_INVALID: [trunk({ allowedAddresses: ["10.0.0.0/8, 192.168.0.0/16"] })],
  MASK_NEVER_MATCHES: allowed("203.0.113.7:5060", "::ffff:203.0.113.7", "192.000.002.001", "0/0"),
  MASK_MATCHES_FROM_HOST_ONLY: allowed("sbc.example.com"),
  OUTBOUND_TO_OWN_HOST: [cloud("office-1zpgfict.livekit.cloud", outbound({ address: "1zpgfict.sip.livekit.cloud" }))],
  OUTBOUND_TO_OTHER_LIVEKIT: [outbound({ address: "5mjicw2rw4y.sip.livekit.cloud" })],
  OUTBOUND_ADDRESS_IS_URL: [outbound({ address: "wss://my-project.livekit.cloud" })],
  OUTBOUND_ADDRESS_IS_URI: [outbound({ address: "sip:carrier.example;transport=tcp" })],
  OUTBOUND_ADDRESS_INVALID: [outbound({ address: "carrier.example:99999" }), outbound({ address: "198.51.100.4/24" })],
  OUTBOUND_WITHOUT_NUMBERS: [outbound({ numbers: [] })],
  OUTBOUND_WITHOUT_ADDRESS: [outbound({ address: "" })],
  OUTBOUND_HALF_CREDENTIALS: [outbound({ authUsername: "user" }), outbound({ authPassword: "geheim" })],
  OUTBOUND_TLS_PORT: [outbound({ address: "carrier.example:5061", transport: "SIP_TRANSPORT_UDP" })],
  OUTBOUND_PRIVATE_ADDRESS_ON_CLOUD: [cloud("example.livekit.cloud", outbound({ address: "192.168.1.10" }))],
  OUTBOUND_COUNTRY: [outbound({ destinationCountry: "germany" })],
  SRTP_WITHOUT_TLS: [outbound({ mediaEncryption: "SIP_MEDIA_ENCRYPT_REQUIRE", transport: "SIP_TRANSPORT_UDP" })],
  KRISP_ON_TELEPHONE_CALLS: [trunk({ krispEnabled: true })],
  CODECS_WITHOUT_G711: [trunk({ media: { onlyListedCodecs: true, codecs: [{ name: "G722" }] } })],
  CODEC_UNKNOWN: [trunk({ media: { codecs: [{ name: "opus" }] } })],
  NEGATIVE_TIME: [trunk({ ringingTimeout: "-5s" }), trunk({ maxCallDuration: "-0.5s" })],
  SHORT_RINGING: [trunk({ ringingTimeout: "3s" })],
  SHORT_CALLS: [trunk({ maxCallDuration: "30s" })],
  UNKNOWN_RULE_KIND: [rule({ rule: { dispatchRuleIndividualCallee: {} } })],
  UNKNOWN_FIELD: [trunk({ allowed_adresses: ["192.0.2.1"] })],
  UNKNOWN_VALUE: [trunk({ mediaEncryption: "ON" })],
  LEGACY_NUMBER_REGEX: [trunk({ inboundNumbersRegex: ["^\\+49.*"] })],
};

async function diagnosed({ project, options = [] }: Example) {
  const io = recordedIO({}, process.cwd(), JSON.stringify(project));
  const code = await doctor(["--json", "--file", "-", ...options], io);
  const { findings } = io.json() as { findings: { code: string }[] };
  return { code, codes: findings.map((one) => one.code) };
}

test.each(Object.entries(EXAMPLES))("the example of %s is found", async (code, examples) => {
  for (const example of examples) {
    const found = await diagnosed(example);
    expect(found.codes).toContain(code);
    expect(found.code).toBe(FINDING_KINDS[code as FindingCode].needs === "nothing" ? 1 : 2);
  }
});

/** Quoted texts, numbers and hosts, those that are cut short with … left out. */
const valuesIn = (example: string) =>
  (example.match(/"[^"]*"|[^\s,"[\]{}()]+/g) ?? [])
    .map((word) => word.replace(/^"(.*)"$/, "$1"))
    .filter((word) => /[\d*@<]|_[A-Z]|\.[a-z]/.test(word) && !/…/.test(word) && !/^roomConfig\./.test(word));

test.each(Object.entries(EXAMPLES))("what the example of %s names is in it", (code, examples) => {
  const text = JSON.stringify(examples).replaceAll("\\\\", "\\");
  const values = valuesIn(FINDING_KINDS[code as FindingCode].example.replaceAll("\\\\", "\\"));
  expect(values.filter((value) => !text.includes(value))).toEqual([]);
});

test("the example of AGENT_NOT_REGISTERED is found in a live project, whose dispatches show it", () => {
  const { project } = agents({ agentName: "sales" });
  const read = readForms([{ name: "x", bytes: Buffer.from(JSON.stringify(project)) }]);
  const { findings } = judge(read, [], [{ name: "sales", registered: "no", why: "waited for 9 s" }]);
  expect(findings.map(({ code }) => code)).toEqual(["AGENT_NOT_REGISTERED"]);
});
