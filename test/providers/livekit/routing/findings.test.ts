import { numberPlansOf } from "../../../../cli/livekit/number-plans.ts";
import {
  FINDING_KINDS,
  type Finding,
  type FindingCode,
  lint,
  type MediaSettings,
  mistakes,
  type OutboundTrunk,
  type Rule,
  type Survey,
  type Trunk,
} from "../../../../providers/livekit/routing/index.ts";

/** What differs from a project without findings. */
interface Change {
  trunk?: Partial<Trunk>;
  /** A second trunk. */
  trunk2?: Partial<Trunk>;
  rule?: Partial<Rule>;
  rule2?: Partial<Rule>;
  outbound?: Partial<OutboundTrunk>;
  media?: MediaSettings;
  more?: Partial<Survey>;
}

const TRUNK: Trunk = {
  id: "ST_1",
  name: "office",
  calledNumbers: ["+493012345670"],
  allowedAddresses: ["203.0.113.0/28"],
};
const RULE: Rule = {
  id: "SDR_1",
  name: "calls",
  trunkIds: ["ST_1"],
  room: { type: "individual" },
  agents: [{ name: "reception" }],
};
const OUTBOUND: OutboundTrunk = {
  id: "ST_out",
  name: "carrier",
  address: "carrier.example",
  transport: "auto",
  numbers: ["+493012345670"],
  authUsername: "",
  authPassword: "",
  country: "",
  fromHost: "",
};

function findings({ trunk, trunk2, rule, rule2, outbound, media, more }: Change): Finding[] {
  const trunks = [{ ...TRUNK, ...trunk }, ...(trunk2 ? [{ ...TRUNK, id: "ST_2", ...trunk2 }] : [])];
  const rules = [{ ...RULE, ...rule }, ...(rule2 ? [{ ...RULE, id: "SDR_2", ...rule2 }] : [])];
  const survey: Survey = {
    trunks,
    rules,
    outbound: [{ ...OUTBOUND, ...outbound }],
    media: new Map(media ? [[outbound ? "ST_out" : "ST_1", media]] : []),
    unknown: [],
    host: "livekit.example:443",
    target: "open-source",
    agentNames: ["reception"],
    unanswered: new Map(),
    ...more,
  };
  const { agentNames, target } = survey;
  return [...lint(survey.trunks, survey.rules, { agentNames, target }), ...mistakes(survey)];
}

const codes = (change: Change) => findings(change).map(({ code }) => code);
const CLOUD: Partial<Survey> = { target: "cloud", host: "office-1zpgfict.livekit.cloud:443" };
const called = (number: string): Change => ({ trunk: { calledNumbers: [number] } });
const credentials = { authUsername: "user", authPassword: "geheim" };
const unknown = (path: string[], what: "field" | "value" | "rule kind" = "field"): Change => ({
  more: { unknown: [{ id: "SDR_1", what, path }] },
});

/** For each kind: a project that has it, and one that is near to it and has not. */
const CASES: Record<FindingCode, [has: Change, hasNot: Change]> = {
  CALLS_CLASH: [{ trunk2: {} }, { trunk2: { calledNumbers: ["+493012345671"] } }],
  RULE_CLASHES_WITH_ITSELF: [
    { rule: { calledNumbers: ["+493012345670", "493012345670"] } },
    { rule: { calledNumbers: ["+493012345670"] } },
  ],
  API_REFUSES: [{ trunk2: { allowedAddresses: ["198.51.100.1"] } }, { trunk2: { calledNumbers: ["+493012345671"] } }],
  RULE_POINTS_TO_DELETED_TRUNK: [{ rule: { trunkIds: ["ST_1", "ST_gone"] } }, {}],
  RULE_NEVER_MATCHES: [{ rule: { calledNumbers: ["+4940123456"] } }, { rule: { calledNumbers: ["+493012345670"] } }],
  TRUNK_WITHOUT_RULE: [
    { trunk2: { calledNumbers: ["+4940123456"] } },
    { trunk2: { calledNumbers: ["+4940123456"] }, rule: { trunkIds: ["ST_1", "ST_2"] } },
  ],
  WILDCARD_RULE: [{ rule: { trunkIds: [] } }, {}],
  RULE_NAMES_OUTBOUND_TRUNK: [{ rule: { trunkIds: ["ST_1", "ST_out"] } }, {}],
  RULE_NAMES_NO_TRUNK_ID: [{ rule: { trunkIds: ["ST_1", "office"] } }, { rule: { trunkIds: ["ST_1", "ST_gone"] } }],
  CALLED_NUMBERS_AS_CALLERS: [
    { rule: { callerNumbers: ["493012345670"] } },
    { rule: { callerNumbers: ["+491711234567"] } },
  ],
  OWN_NUMBERS_AS_ALLOWED_CALLERS: [
    { trunk: { callerNumbers: ["+49 30 12345670"] } },
    { trunk: { callerNumbers: ["+491711234567"] } },
  ],
  EMPTY_ROOM_NAME: [
    { rule: { room: { type: "direct", roomName: "" } } },
    { rule: { room: { type: "direct", roomName: "lobby" } } },
  ],
  CALLERS_SHARE_A_ROOM: [
    { rule: { room: { type: "direct", roomName: "lobby" } } },
    { rule: { room: { type: "callee", randomize: true } } },
  ],
  ANONYMOUS_CALLER_CRASHES_SERVER: [
    { rule: { hidePhoneNumber: true } },
    { rule: { hidePhoneNumber: true }, trunk: { callerNumbers: ["+491711234567"] } },
  ],
  RULE_WITHOUT_AGENT: [{ rule: { agents: [] } }, { rule: { agents: [], roomPreset: "office" } }],
  AGENT_WITHOUT_NAME: [{ rule: { agents: [{ name: "" }] } }, {}],
  UNKNOWN_AGENT: [
    { rule: { agents: [{ name: "sales" }] } },
    { rule: { agents: [{ name: "sales" }] }, more: { agentNames: ["sales"] } },
  ],
  AGENT_NAME_SPELT_DIFFERENTLY: [
    { rule: { agents: [{ name: "Re_ception" }] } },
    { rule: { agents: [{ name: "sales" }] } },
  ],
  AGENT_NAME_IS_AN_ID: [{ rule: { agents: [{ name: "CA_zsrrTFvkWBVd" }] } }, {}],
  AGENT_TWICE: [
    { rule: { agents: [{ name: "reception" }, { name: "reception" }] } },
    { rule: { agents: [{ name: "reception" }, { name: "notes" }] } },
  ],
  AGENT_NOT_REGISTERED: [
    { more: { unanswered: new Map([["reception", "waited for 9 s"]]) } },
    { more: { unanswered: new Map([["sales", "waited for 9 s"]]) } },
  ],
  AGENTS_OUTSIDE_ROOM_CONFIG: [unknown(["agents"]), unknown(["room_config", "agents_max"])],
  NUMBER_SPELT_DIFFERENTLY: [
    { rule: { calledNumbers: ["493012345670"] } },
    { rule: { calledNumbers: ["+493012345670"] } },
  ],
  NUMBER_IS_A_PREFIX: [{ trunk: { callerNumbers: ["+49"] } }, called("+4930123")],
  NUMBER_IS_A_PATTERN: [called("+4930123456*"), called("office")],
  NUMBER_WITHOUT_COUNTRY: [called("03012345670"), called("0123")],
  NUMBER_WITH_00: [called("00493012345670"), called("+493012345600")],
  NUMBER_PLUS_ZERO: [called("+0493012345670"), called("+493012345670")],
  NUMBER_WITH_TRUNK_ZERO: [called("+49 (0)30 12345670"), called("+49 (30) 12345670")],
  NUMBER_WITH_LETTERS: [called("+1800FLOWERS"), called("call-7")],
  NUMBER_WITH_OTHER_CHARACTERS: [called("+49.30.12345670"), called("office.2026.11.28")],
  NUMBER_IS_EMPTY: [called(""), { trunk: { calledNumbers: [] } }],
  NUMBER_IS_A_URI: [called("sip:+493012345670@carrier.example"), called("sip-desk")],
  NUMBER_TOO_LONG: [called("+49301234567012345"), called("+493012345670123")],
  SEVERAL_NUMBERS_IN_ONE: [called("+493012345670,+493012345671"), called("+49 30 1234-5670")],
  NUMBER_WITH_INVISIBLE_CHARACTER: [called("+49\u00a03012345670"), called("+49 30 12345670")],
  SPACED_RULE_NUMBER: [
    { rule: { callerNumbers: ["+49 171 1234567"] } },
    { rule: { callerNumbers: ["+491711234567"] } },
  ],
  RULE_NUMBER_WITHOUT_PLUS: [{ rule: { callerNumbers: ["491711234567"] } }, { rule: { callerNumbers: ["1001"] } }],
  NUMBER_LISTED_TWICE: [
    { trunk: { calledNumbers: ["+493012345670", "493012345670"] } },
    { trunk: { calledNumbers: ["+493012345670", "+493012345671"] } },
  ],
  TRUNK_OPEN_TO_EVERYONE: [
    { trunk: { calledNumbers: [], allowedAddresses: ["0.0.0.0/1", "128.0.0.0/1"] } },
    { trunk: { calledNumbers: [], allowedAddresses: ["0.0.0.0/0"], ...credentials } },
  ],
  ADDRESSES_LET_EVERYONE_IN: [
    { trunk: { allowedAddresses: ["::/0"] } },
    { trunk: { allowedAddresses: ["10.0.0.0/8"] } },
  ],
  API_REFUSES_OPEN_TRUNK: [
    { trunk: { calledNumbers: [], allowedAddresses: [] } },
    { trunk: { calledNumbers: [], allowedAddresses: [], ...credentials } },
  ],
  HALF_CREDENTIALS: [{ trunk: { authUsername: "user" } }, { trunk: credentials }],
  TWIN_WITHOUT_CREDENTIALS: [
    { trunk: credentials, trunk2: { allowedAddresses: ["198.51.100.1"] } },
    { trunk: credentials, trunk2: { allowedAddresses: ["198.51.100.1"], ...credentials } },
  ],
  CREDENTIALS_WITH_SPACES: [
    { trunk: { authUsername: "user", authPassword: "geheim\n" } },
    { trunk: { authUsername: "a user", authPassword: "geheim" } },
  ],
  PLACEHOLDER_VALUE: [{ trunk: { authUsername: "<username>", authPassword: "geheim" } }, { trunk: credentials }],
  CARRIER_SENDS_NO_CREDENTIALS: [
    { trunk: { allowedAddresses: ["54.172.60.0/30"], ...credentials } },
    { trunk: { allowedAddresses: ["54.172.60.0/30"] } },
  ],
  PRIVATE_ADDRESSES_ON_CLOUD: [
    { trunk: { allowedAddresses: ["192.168.1.10"] }, more: CLOUD },
    { trunk: { allowedAddresses: ["192.168.1.10"] } },
  ],
  ALL_MASKS_INVALID: [{ trunk: { allowedAddresses: ["203.0.113.1, 203.0.113.2"] } }, {}],
  MASK_NEVER_MATCHES: [{ trunk: { allowedAddresses: ["203.0.113.1:5060"] } }, {}],
  MASK_MATCHES_FROM_HOST_ONLY: [{ trunk: { allowedAddresses: ["sbc.example.com"] } }, {}],
  OUTBOUND_TO_OWN_HOST: [
    { outbound: { address: "1zpgfict.sip.livekit.cloud" }, more: CLOUD },
    { outbound: { address: "other.sip.livekit.cloud" }, more: CLOUD },
  ],
  OUTBOUND_TO_OTHER_LIVEKIT: [
    { outbound: { address: "5mjicw2rw4y.sip.livekit.cloud:5060" } },
    { outbound: { address: "carrier.example" } },
  ],
  OUTBOUND_ADDRESS_IS_URL: [
    { outbound: { address: "wss://my-project.livekit.cloud" } },
    { outbound: { address: "carrier.example:5080" } },
  ],
  OUTBOUND_ADDRESS_IS_URI: [
    { outbound: { address: "sip:carrier.example;transport=tcp" } },
    { outbound: { address: "sip.carrier.example" } },
  ],
  OUTBOUND_ADDRESS_INVALID: [
    { outbound: { address: "carrier.example:99999" } },
    { outbound: { address: "[2001:db8::1]:5060" } },
  ],
  NEGATIVE_TIME: [{ media: { ringingSeconds: -5 } }, { media: { ringingSeconds: 30 } }],
  OUTBOUND_WITHOUT_ADDRESS: [{ outbound: { address: " " } }, { outbound: { address: "192.0.2.1" } }],
  OUTBOUND_WITHOUT_NUMBERS: [{ outbound: { numbers: [] } }, { outbound: { numbers: ["*"] } }],
  OUTBOUND_HALF_CREDENTIALS: [{ outbound: { authUsername: "user" } }, { outbound: credentials }],
  OUTBOUND_TLS_PORT: [
    { outbound: { address: "carrier.example:5061", transport: "udp" } },
    { outbound: { address: "carrier.example:5061", transport: "tls" } },
  ],
  OUTBOUND_PRIVATE_ADDRESS_ON_CLOUD: [
    { outbound: { address: "192.168.1.10:5060" }, more: CLOUD },
    { outbound: { address: "192.168.1.10:5060" } },
  ],
  OUTBOUND_COUNTRY: [{ outbound: { country: "germany" } }, { outbound: { country: "de" } }],
  SRTP_WITHOUT_TLS: [
    { outbound: { transport: "udp" }, media: { requiresEncryption: true } },
    { outbound: { transport: "tls" }, media: { requiresEncryption: true } },
  ],
  KRISP_ON_TELEPHONE_CALLS: [{ media: { krisp: true } }, { media: { krisp: false } }],
  CODECS_WITHOUT_G711: [{ media: { onlyListedCodecs: true, codecs: ["G722"] } }, { media: { codecs: ["G722"] } }],
  CODEC_UNKNOWN: [{ media: { codecs: ["opus"] } }, { media: { codecs: ["PCMA", "G722", "telephone-event"] } }],
  SHORT_RINGING: [{ media: { ringingSeconds: 3 } }, { media: { ringingSeconds: 0 } }],
  SHORT_CALLS: [{ media: { maxCallSeconds: 30 } }, { media: { maxCallSeconds: 600 } }],
  UNKNOWN_RULE_KIND: [unknown(["rule", "dispatchRuleRoundRobin"], "rule kind"), {}],
  UNKNOWN_FIELD: [unknown(["allowed_adresses"]), {}],
  UNKNOWN_VALUE: [unknown(["media_encryption"], "value"), {}],
  LEGACY_NUMBER_REGEX: [unknown(["inbound_numbers_regex"]), unknown(["numbers_new"])],
};

test("a project without mistakes has no finding, on either server", () => {
  expect(codes({})).toEqual([]);
  expect(codes({ more: CLOUD })).toEqual([]);
});

test.each(Object.entries(CASES))("%s", (code, [has, hasNot]) => {
  expect(codes(has)).toContain(code);
  expect(codes(hasNot)).not.toContain(code);
});

test("at least 40 kinds, each with everything that the documentation says of it", () => {
  const kinds = Object.entries(FINDING_KINDS);
  expect(kinds.length).toBeGreaterThanOrEqual(40);
  for (const [code, { means, example, cure, sources }] of kinds) {
    expect([code, means, cure]).toEqual([
      expect.stringMatching(/^[A-Z0-9_]+$/),
      expect.stringMatching(/\.$/),
      expect.stringMatching(/\.$/),
    ]);
    expect([code, example.length > 0, sources.length > 0]).toEqual([code, true, true]);
  }
});

describe("spellings of numbers", () => {
  test.each<[string, FindingCode | undefined]>([
    ["+49", "NUMBER_IS_A_PREFIX"],
    ["+4930", "NUMBER_IS_A_PREFIX"],
    ["+1*", "NUMBER_IS_A_PATTERN"],
    ["^\\+49.*$", "NUMBER_IS_A_PATTERN"],
    ["+49301234XXXX", "NUMBER_IS_A_PATTERN"],
    ["any", "NUMBER_IS_A_PATTERN"],
    ["+49[0-9]+", "NUMBER_IS_A_PATTERN"],
    ["0800FLOWERS", "NUMBER_WITH_LETTERS"],
    ["+49 3o 12345670", "NUMBER_WITH_LETTERS"],
    ["tel:+493012345670", "NUMBER_IS_A_URI"],
    ["+493012345670@carrier.example", "NUMBER_IS_A_URI"],
    ["(030) 12345670", "NUMBER_WITHOUT_COUNTRY"],
    ["(0049) 30 12345670", "NUMBER_WITH_00"],
    ["+ 0 30 12345670", "NUMBER_PLUS_ZERO"],
    ["+493012345670;+493012345671", "SEVERAL_NUMBERS_IN_ONE"],
    ["+493012345670 +493012345671", "SEVERAL_NUMBERS_IN_ONE"],
    [" +493012345670", "NUMBER_WITH_INVISIBLE_CHARACTER"],
    ["\u202a+493012345670\u202c", "NUMBER_WITH_INVISIBLE_CHARACTER"],
    ["+493012345670\u200b", "NUMBER_WITH_INVISIBLE_CHARACTER"],
    ["+493012345670\t", "NUMBER_WITH_INVISIBLE_CHARACTER"],
    ["+493012345670 ", undefined],
    ["493012345670 ", undefined],
    ["＋493012345670", "NUMBER_WITH_OTHER_CHARACTERS"],
    ["+\u0664\u0669\u0663\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", "NUMBER_WITH_OTHER_CHARACTERS"],
    ["+49\u201130\u201112345670", "NUMBER_WITH_OTHER_CHARACTERS"],
    ["Büro", undefined],
    ["<your number>", "PLACEHOLDER_VALUE"],
    ["+493012345670", undefined],
    ["493012345670", undefined],
    ["+49 30 123-456-70", undefined],
    ["1001", undefined],
    ["anonymous", undefined],
    ["call-7", undefined],
    ["", undefined],
  ])("%j: %s", (number, expected) => {
    const found = codes({ trunk: { callerNumbers: [number] } }).filter((code) =>
      /^NUMBER|^SEVERAL|^PLACEHOLDER/.test(code),
    );
    expect(found).toEqual(expected === undefined ? [] : [expected]);
  });
});

test.each<[address: string, code: FindingCode | undefined]>([
  ["abc123.sip.livekit.cloud", "OUTBOUND_TO_OTHER_LIVEKIT"],
  ["abc123.eu.sip.livekit.cloud", "OUTBOUND_TO_OTHER_LIVEKIT"],
  ["abc123.eu.sip.livekit.cloud.", "OUTBOUND_TO_OTHER_LIVEKIT"],
  ["sip.livekit.cloud", "OUTBOUND_TO_OTHER_LIVEKIT"],
  ["1zpgfict.sip.livekit.cloud.", "OUTBOUND_TO_OWN_HOST"],
  ["1zpgfict.eu.sip.livekit.cloud:5060", "OUTBOUND_TO_OWN_HOST"],
  ["office-1zpgfict.livekit.cloud.", "OUTBOUND_ADDRESS_IS_URL"],
  ["c .example", "OUTBOUND_ADDRESS_INVALID"],
  ["c.example:99999", "OUTBOUND_ADDRESS_INVALID"],
  ["c.example:0", "OUTBOUND_ADDRESS_INVALID"],
  ["c.example/", "OUTBOUND_ADDRESS_INVALID"],
  ["1.2.3.4/24", "OUTBOUND_ADDRESS_INVALID"],
  ["1.2.3.400", "OUTBOUND_ADDRESS_INVALID"],
  ["c..example", "OUTBOUND_ADDRESS_INVALID"],
  ["-c.example", "OUTBOUND_ADDRESS_INVALID"],
  ["[2001:db8::]1", "OUTBOUND_ADDRESS_INVALID"],
  ["carrier.example.", undefined],
  ["my_sbc.example:5080", undefined],
  ["198.51.100.4:5060", undefined],
  ["2001:db8::1", undefined],
  ["[2001:db8::1]", undefined],
  ["sbc", undefined],
])("an outbound trunk that calls %s: %s", (address, code) => {
  const found = codes({ outbound: { address }, more: CLOUD });
  expect(found).toEqual(code === undefined ? [] : [code]);
});

test("what is like the project's own SIP host may be it: the API does not show the project's id", () => {
  const [found] = findings({ outbound: { address: "1zpgfict.sip.livekit.cloud" }, more: CLOUD });
  expect(found?.message).toContain("may be this project's own SIP host");
});

test.each(["uk", "xx", "germany", "d", "EU"])("%s is no country of ISO 3166", (country) =>
  expect(codes({ outbound: { country } })).toEqual(["OUTBOUND_COUNTRY"]),
);
test.each(["gb", "DE", "aq"])("%s is a country of ISO 3166", (country) =>
  expect(codes({ outbound: { country } })).toEqual([]),
);

test.each([
  [["2000::/3"], true],
  [["2000::/4", "3000::/4"], true],
  [["::/1"], true],
  [["2600::/12"], false],
  [["fc00::/7"], false],
  [["0.0.0.0/2"], true],
  [["10.0.0.0/8"], false],
])("the addresses %s let everybody in: %s", (allowedAddresses, isOpen) => {
  const found = codes({ trunk: { calledNumbers: [], allowedAddresses } });
  expect(found.includes("TRUNK_OPEN_TO_EVERYONE")).toBe(isOpen);
});

test.each<[keyof MediaSettings, number, FindingCode[]]>([
  ["ringingSeconds", -5, ["NEGATIVE_TIME"]],
  ["ringingSeconds", -0.5, ["NEGATIVE_TIME"]],
  ["maxCallSeconds", -60, ["NEGATIVE_TIME"]],
  ["mediaTimeoutSeconds", -1, ["NEGATIVE_TIME"]],
  ["mediaTimeoutSeconds", 90, []],
])("%s of %s: %s", (field, seconds, expected) => expect(codes({ media: { [field]: seconds } })).toEqual(expected));

/** By the numbering plans of the countries. */
test.each<[number: string, code: FindingCode | undefined, advice: string | undefined]>([
  ["02079460000", "NUMBER_WITHOUT_COUNTRY", undefined],
  ["0800 1234567", "NUMBER_WITHOUT_COUNTRY", undefined],
  ["06 12345678", "NUMBER_WITHOUT_COUNTRY", undefined],
  ["030 12345670", "NUMBER_WITHOUT_COUNTRY", undefined],
  ["011 49 30 12345670", "NUMBER_WITH_00", "+493012345670"],
  ["0011 49 30 12345670", "NUMBER_WITH_00", "+493012345670"],
  ["+4903012345670", "NUMBER_WITH_TRUNK_ZERO", "+493012345670"],
  ["4903012345670", "NUMBER_WITH_TRUNK_ZERO", "+493012345670"],
  ["+49 030 12345670", "NUMBER_WITH_TRUNK_ZERO", "+493012345670"],
  ["+49(030)12345670", "NUMBER_WITH_TRUNK_ZERO", "+493012345670"],
  ["+4402079460000", "NUMBER_WITH_TRUNK_ZERO", "+442079460000"],
  ["+36 (06) 1 2345678", "NUMBER_WITH_TRUNK_ZERO", "+3612345678"],
  ["+7 (8) 800 1234567", "NUMBER_WITH_TRUNK_ZERO", "+78001234567"],
  ["+39 06 12345678", undefined, undefined],
  ["+39 (0)6 12345678", undefined, undefined],
  ["+44 20 7946 0000", undefined, undefined],
])("%j on a trunk: %s, write %s", (number, code, advice) => {
  const change = { trunk: { calledNumbers: [number] }, more: { plans: numberPlansOf([number]) } };
  const found = findings(change).filter((one) => one.code.startsWith("NUMBER_"));
  expect(found.map((one) => one.code)).toEqual(code === undefined ? [] : [code]);
  expect(/Write (\S+)\.$/.exec(found[0]?.message ?? "")?.[1]).toBe(advice);
});

test("a national number beside others of one country is told in their form; beside several countries' it is not", () => {
  const [british, other] = ["+44 20 7946 0001", "+49 30 12345670"];
  const message = (...numbers: string[]) =>
    findings({ trunk: { calledNumbers: numbers }, more: { plans: numberPlansOf(numbers) } })[0]?.message;
  expect(message("02079460000", british)).toMatch(/Write \+442079460000\.$/);
  expect(message("02079460000", british, other)).not.toContain("Write");
});

test("a rule's number with a national prefix is told the number that is meant, not only the one without spaces", () => {
  const rule = { calledNumbers: ["+49 030 12345670"] };
  const found = findings({ rule, more: { plans: numberPlansOf([]) } });
  expect(found.map(({ code }) => code)).not.toContain("SPACED_RULE_NUMBER");
  expect(found.map(({ message }) => message).join()).toContain("Write +493012345670.");
});

test("no cure names a value: it is printed for somebody's own objects", () => {
  const valuesIn = (text: string) => text.match(/[+\d][\d.:/-]{4,}\d|[\w-]+(\.[\w-]+)+|"[^"]*"|<[^>]*>/g) ?? [];
  for (const [code, { example, cure }] of Object.entries(FINDING_KINDS)) {
    const isField = (value: string) => /^(roomConfig|media)\./.test(value);
    const named = valuesIn(cure).filter(
      (value) => !isField(value) && (/\d{3}|\.example/.test(value) || example.includes(value)),
    );
    expect([code, named]).toEqual([code, []]);
  }
});

test("3000 entries with the same mistake are one finding", () => {
  const callerNumbers = Array.from({ length: 3000 }, (_, index) => `0049301${String(index).padStart(6, "0")}`);
  const found = findings({ trunk: { callerNumbers } }).filter(({ code }) => code === "NUMBER_WITH_00");
  expect(found).toMatchObject([{ message: expect.stringContaining("and 2999 more") }]);
});

test("where there is no doubt which number is meant, it is written out", () => {
  const plans = numberPlansOf([]);
  const [found] = findings({ trunk: { callerNumbers: ["0049301234567"] }, more: { plans } });
  expect(found?.message).toMatch(/Write \+49301234567\.$/);
});

test("on LiveKit Cloud, which shows no passwords, what rests on one says so", () => {
  const trunk = { allowedAddresses: ["54.172.60.0/30"], authUsername: "user" };
  const found = findings({ trunk, trunk2: { allowedAddresses: ["54.172.60.0/30"] }, more: CLOUD });
  for (const code of ["CARRIER_SENDS_NO_CREDENTIALS", "TWIN_WITHOUT_CREDENTIALS"])
    expect(found.find((one) => one.code === code)?.message).toContain("if it has a password");
});

test("no message has a password or a PIN in it", () => {
  const secret = { authUsername: " user", authPassword: "geheim ", authRealm: "<realm>" };
  const found = JSON.stringify(
    findings({
      trunk: secret,
      outbound: { authPassword: "geheim " },
      rule: { room: { type: "direct", roomName: "", pin: "4711" } },
    }),
  );
  expect(found).toContain("CREDENTIALS_WITH_SPACES");
  expect(found).not.toMatch(/geheim|4711/);
});

test.each([
  ["0/0", "0.0.0.0/0"],
  ["0.0.0.0", "0.0.0.0/0"],
  ["0", undefined],
  ["10/8", "10.0.0.0/8"],
  ["192.168/16", "192.168.0.0/16"],
  ["192.000.002.001", "192.0.2.1"],
  ["192.000.002.000/24", "192.0.2.0/24"],
  ["192.0.2.0/255.255.255.0", "192.0.2.0/24"],
  ["192.0.2.0/255.0.255.0", undefined],
  ["::ffff:0:0/96", "0.0.0.0/0"],
  ["::ffff:192.0.2.0/120", "192.0.2.0/24"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["192.0.2.7:5060", "192.0.2.7"],
  ["[2001:db8::1]:5060", "2001:db8::1"],
  ["[2001:db8::]/32", undefined],
  ["192.0.2.300", undefined],
  ["192.0.2.0/33", undefined],
])("the address %s, which no source has: write %s", (mask, meant) => {
  const address = (one: string) => findings({ trunk: { allowedAddresses: ["203.0.113.9", one] } });
  const [found] = address(mask).filter(({ code }) => code === "MASK_NEVER_MATCHES");
  expect(found?.message).toBe(`No source address matches "${mask}".${meant === undefined ? "" : ` Write ${meant}.`}`);
  if (meant !== undefined) expect(address(meant).map(({ code }) => code)).not.toContain("MASK_NEVER_MATCHES");
});
