import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { readForms } from "../../../../cli/livekit/forms/read-forms.ts";
import { exportProject } from "../../../../cli/livekit/project-file.ts";

/** The same objects in each of the forms in which LiveKit's tools have written them. */
const TRUNK = SIPInboundTrunkInfo.fromJson({
  sipTrunkId: "ST_in",
  name: "office",
  numbers: ["+493012345670"],
  allowedAddresses: ["192.0.2.0/24"],
  headersToAttributes: { "X-Id": "id" },
  includeHeaders: "SIP_X_HEADERS",
  ringingTimeout: "30s",
  maxCallDuration: "3600s",
  mediaEncryption: "SIP_MEDIA_ENCRYPT_ALLOW",
  createdAt: "2026-11-01T10:00:00Z",
});
const OUTBOUND = SIPOutboundTrunkInfo.fromJson({
  sipTrunkId: "ST_out",
  name: "carrier",
  address: "carrier.example",
  transport: "SIP_TRANSPORT_TLS",
  numbers: ["+493012345670"],
});
const RULE = SIPDispatchRuleInfo.fromJson({
  sipDispatchRuleId: "SDR_1",
  trunkIds: ["ST_in"],
  rule: { dispatchRuleIndividual: { roomPrefix: "call-" } },
  roomConfig: { agents: [{ agentName: "my-telephony-agent" }] },
});

const TIME = Date.parse("2026-11-01T10:00:00Z") / 1000;
const GO_TRUNK = {
  sip_trunk_id: "ST_in",
  name: "office",
  numbers: ["+493012345670"],
  allowed_addresses: ["192.0.2.0/24"],
  headers_to_attributes: { "X-Id": "id" },
  include_headers: 1,
  ringing_timeout: { seconds: 30 },
  max_call_duration: { seconds: 3600 },
  media_encryption: 1,
  created_at: { seconds: TIME },
};
const GO_RULE = {
  sip_dispatch_rule_id: "SDR_1",
  trunk_ids: ["ST_in"],
  rule: { Rule: { DispatchRuleIndividual: { room_prefix: "call-" } } },
  room_config: { agents: [{ agent_name: "my-telephony-agent" }] },
};
const GO_OUTBOUND = {
  sip_trunk_id: "ST_out",
  name: "carrier",
  address: "carrier.example",
  transport: 3,
  numbers: ["+493012345670"],
};

const renamed = (value: unknown, rename: (key: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((one) => renamed(one, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key === "X-Id" ? key : rename(key), renamed(one, rename)]),
  );
};
const pascal = (key: string) => key.replaceAll(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
const goIds = (key: string) =>
  pascal(key)
    .replace(/Id(s?)$/, "ID$1")
    .replace(/^Sip/, "SIP");

type Bytes = string | Uint8Array | object;
const source = (name: string, content: Bytes) => ({
  name,
  bytes:
    content instanceof Uint8Array
      ? content
      : Buffer.from(typeof content === "string" ? content : JSON.stringify(content)),
});
const read = (...contents: Bytes[]) => readForms(contents.map((content, index) => source(`${index}.json`, content)));
const failure = (...contents: Bytes[]) => {
  try {
    return read(...contents);
  } catch (error) {
    return error;
  }
};

describe("all of them in one, as", () => {
  const objects = [GO_TRUNK, GO_OUTBOUND, GO_RULE];
  const [trunk, outbound, rule] = [TRUNK.toJson(), OUTBOUND.toJson(), RULE.toJson()];
  const pretty = (value: unknown) => JSON.stringify(value, null, 2);
  test.each<[string, Bytes[]]>([
    ["lk's lists, protobuf JSON", [{ items: [trunk] }, { items: [outbound] }, { items: [rule] }]],
    ["lk's lists, Go's JSON", objects.map((one) => ({ items: [one] }))],
    ["Go's names of fields", objects.map((one) => ({ Items: [renamed(one, pascal) as object] }))],
    ["names with ID and SIP in capitals", [renamed(objects, goIds) as object]],
    ["an array, as the JavaScript SDK's lists", [[trunk, outbound, rule]]],
    ["JSON lines", [objects.map((one) => JSON.stringify(one)).join("\n")]],
    ["outputs of several commands in one file", [objects.map((one) => pretty({ items: [one] })).join("\n")]],
    [
      "outputs with lk's own lines before",
      [`Using default project [my-project]\nURL: wss://x, api-key: y\n${pretty({ items: objects })}`],
    ],
    ["requests to create them", [{ trunk: { ...GO_TRUNK } }, { trunk: GO_OUTBOUND }, { dispatch_rule: GO_RULE }]],
    ["requests, camel case", [{ trunk }, { trunk: outbound }, { dispatchRule: rule }]],
    [
      "requests to update them",
      [
        { sipTrunkId: "ST_in", replace: { ...GO_TRUNK, sip_trunk_id: undefined } },
        { action: { replace: GO_OUTBOUND } },
        { sip_dispatch_rule_id: "SDR_1", replace: { ...GO_RULE, sip_dispatch_rule_id: undefined } },
      ],
    ],
    ["one object for each file", objects],
    [
      "lists under people's own names",
      [{ inbound_trunks: [GO_TRUNK], outbound_trunks: { items: [GO_OUTBOUND] }, rules: [GO_RULE] }],
    ],
    [
      "the same file twice",
      [{ items: [GO_TRUNK] }, { items: [GO_TRUNK] }, { items: [GO_OUTBOUND] }, { items: [GO_RULE] }],
    ],
    [
      "an export of ours",
      [{ ...exportProject({ host: "h", inboundTrunks: [TRUNK], outboundTrunks: [OUTBOUND], dispatchRules: [RULE] }) }],
    ],
    ["UTF-16 LE with a byte order mark", [Buffer.from(`\ufeff${JSON.stringify(objects)}`, "utf16le")]],
    ["UTF-16 LE without one", [Buffer.from(JSON.stringify(objects), "utf16le")]],
    ["UTF-16 BE", [Buffer.from(`\ufeff${JSON.stringify(objects)}`, "utf16le").swap16()]],
    ["UTF-8 with a byte order mark and CRLF", [Buffer.from(`\ufeff${pretty(objects).replaceAll("\n", "\r\n")}\r\n`)]],
  ])("%s", (_, contents) => {
    const project = read(...contents);
    expect(project.inboundTrunks.map((one) => one.toJson())).toEqual([trunk]);
    expect(project.outboundTrunks.map((one) => one.toJson())).toEqual([outbound]);
    expect(project.dispatchRules.map((one) => one.toJson())).toEqual([rule]);
    expect(project.unknown).toEqual([]);
    expect(project.given).toEqual({ inboundTrunks: true, outboundTrunks: true, dispatchRules: true });
  });
});

describe("a rule's kind", () => {
  const kind = (rule: unknown) =>
    read({ dispatch_rule: { sip_dispatch_rule_id: "SDR_1", rule } }).dispatchRules[0]?.rule?.toJson();
  test.each<[string, unknown]>([
    ["as a member", { dispatchRuleCallee: { roomPrefix: "x", randomize: true } }],
    ["in snake case", { dispatch_rule_callee: { room_prefix: "x", randomize: true } }],
    ["as Go prints it", { Rule: { DispatchRuleCallee: { room_prefix: "x", randomize: true } } }],
    ["as case and value", { case: "dispatchRuleCallee", value: { roomPrefix: "x", randomize: true } }],
    [
      "as case and value, one deeper",
      { rule: { case: "dispatchRuleCallee", value: { roomPrefix: "x", randomize: true } } },
    ],
    ["as the SDK's options", { type: "callee", roomPrefix: "x", randomize: true }],
    [
      "with a type's name beside",
      {
        $typeName: "livekit.SIPDispatchRule",
        rule: { case: "dispatchRuleCallee", value: { $typeName: "x", roomPrefix: "x", randomize: true } },
      },
    ],
  ])("%s", (_, rule) => {
    expect(kind(rule)).toEqual({ dispatchRuleCallee: { roomPrefix: "x", randomize: true } });
  });

  test.each<[string, unknown]>([
    ["as a member", { dispatchRuleRoundRobin: { rooms: ["a"] } }],
    ["in snake case", { dispatch_rule_round_robin: {} }],
    ["as Go prints it", { Rule: { DispatchRuleRoundRobin: {} } }],
    ["as case and value", { case: "dispatchRuleRoundRobin", value: {} }],
    ["as the SDK's options", { type: "roundRobin" }],
  ])("that the SDK does not know, %s, is kept and named", (_, rule) => {
    const project = read({ dispatch_rule: { sip_dispatch_rule_id: "SDR_1", rule } });
    expect(project.unknown).toMatchObject([{ id: "SDR_1", what: "rule kind" }]);
    expect(String(project.unknown?.[0]?.path.at(-1))).toMatch(/round_?robin/i);
    const again = read(exportProject(project));
    expect(again.unknown).toMatchObject([{ id: "SDR_1", what: "rule kind" }]);
  });

  test.each([[{}], [{ Rule: null }], [null]])("that a file has lost (%j) is not known", (rule) => {
    const project = read({ dispatch_rule: { sip_dispatch_rule_id: "SDR_1", rule } });
    expect(project.unknown).toMatchObject([{ id: "SDR_1", what: "rule kind", path: ["rule"] }]);
    expect(read(exportProject(project)).unknown).toHaveLength(1);
  });

  test("that is new is not known beside one that is known, either", () => {
    const rule = { dispatchRuleIndividual: {}, dispatchRuleRoundRobin: {} };
    const project = read({ dispatch_rule: { sip_dispatch_rule_id: "SDR_1", rule } });
    expect(project.unknown).toMatchObject([{ what: "rule kind", path: ["rule", "dispatchRuleRoundRobin"] }]);
  });
});

test.each<[unknown, string]>([
  ["30s", "30s"],
  ["30.500s", "30.500s"],
  ["1m30s", "90s"],
  [{ seconds: 30 }, "30s"],
  [{ seconds: "30", nanos: 500_000_000 }, "30.500s"],
  [30_000_000_000, "30s"],
  [30, "30s"],
])("the duration %j is %s", (ringing_timeout, expected) => {
  expect(read({ trunk: { sip_trunk_id: "ST_1", ringing_timeout } }).inboundTrunks[0]?.toJson()).toMatchObject({
    ringingTimeout: expected,
  });
});

test.each<[unknown]>([
  ["2026-11-01T10:00:00Z"],
  ["2026-11-01T11:00:00+01:00"],
  [{ seconds: TIME, nanos: 0 }],
  [TIME],
  [TIME * 1e3],
  [TIME * 1e9],
])("the time %j", (created_at) => {
  expect(
    read({ trunk: { sip_trunk_id: "ST_1", numbers: ["+1"], created_at } }).inboundTrunks[0]?.toJson(),
  ).toMatchObject({ createdAt: "2026-11-01T10:00:00Z" });
});

test("the deprecated trunk, which was both, becomes what LiveKit makes of it", () => {
  const legacy = {
    sip_trunk_id: "ST_1",
    inbound_addresses: ["192.0.2.1"],
    outbound_address: "carrier.example",
    outbound_number: "+4930",
    inbound_username: "u",
    inbound_password: "p",
    inbound_numbers_regex: ["^x"],
  };
  const project = read({ items: [legacy] });
  expect(project.inboundTrunks).toMatchObject([
    { numbers: ["+4930"], allowedAddresses: ["192.0.2.1"], authUsername: "u", authPassword: "p" },
  ]);
  expect(project.outboundTrunks).toMatchObject([{ address: "carrier.example", numbers: ["+4930"] }]);
  expect(project.unknown).toMatchObject([{ id: "ST_1", path: ["inboundNumbersRegex"] }]);
});

test("the old request for a rule, without a wrapper", () => {
  const request = {
    rule: { dispatchRuleIndividual: {} },
    trunk_ids: ["ST_1"],
    inbound_numbers: ["+4930"],
    room_config: {},
  };
  expect(read(request).dispatchRules).toMatchObject([{ trunkIds: ["ST_1"], inboundNumbers: ["+4930"] }]);
});

describe("what is not known", () => {
  const strange = {
    ...GO_TRUNK,
    blocked_numbers: ["+4930"],
    media: { codecs: [{ name: "PCMA", quality: 3 }] },
    media_encryption: "SIP_MEDIA_ENCRYPT_QUANTUM",
    newPassword: "geheim",
  };

  test("is named with its path, and stays in the export, secrets hidden", () => {
    const project = read({ items: [strange] });
    expect(project.unknown?.map(({ what, path }) => [what, path.join(".")])).toEqual([
      ["value", "media_encryption"],
      ["field", "blocked_numbers"],
      ["field", "media.codecs.0.quality"],
      ["field", "newPassword"],
    ]);
    const [written] = exportProject(project).inboundTrunks;
    expect(written).toMatchObject({
      blocked_numbers: ["+4930"],
      media: { codecs: [{ name: "PCMA", quality: 3 }] },
      media_encryption: "SIP_MEDIA_ENCRYPT_QUANTUM",
      newPassword: "[hidden]",
    });
    expect(read(exportProject(project)).unknown).toHaveLength(4);
  });
});

describe("BAD_FILE names the place and the encoding, never a value", () => {
  const SECRET = "hunter2";
  test.each<[string, Bytes[], RegExp]>([
    ["nothing", [""], /0\.json \(UTF-8\): the file is empty/],
    ["no JSON", [`password ${SECRET}`], /0\.json \(UTF-8\): not valid JSON: unexpected character/],
    [
      "JSON that breaks off",
      [`{"items":[{"auth_password":"${SECRET}"`],
      /0\.json \(UTF-8\): not valid JSON: .*position \d+/,
    ],
    ["broken JSON in UTF-16", [Buffer.from('\ufeff{"items":[', "utf16le")], /0\.json \(UTF-16 LE\)/],
    ["a broken line", [`{"trunk":{"numbers":["+4930"]}}\n{"trunk":{${SECRET}}}`], /0\.json, value 2 \(UTF-8\)/],
    ["bytes that are no UTF-8", [Buffer.from([0x7b, 0x22, 0xe4, 0x22, 0x7d])], /not valid UTF-8/],
    ["UTF-32", [Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0])], /UTF-32/],
    ["lk's table", ["┌──────┐\n│ SipTrunkID │ Name │\n│ ST_1 │ x │\n"], /a table of lk, not JSON/],
    ["null in a list", [{ items: [GO_TRUNK, null] }], /0\.json \(UTF-8\): items\[1\]: expected an object, found null/],
    ["a text in a list", [{ inboundTrunks: [SECRET] }], /inboundTrunks\[0\]: expected an object, found string/],
    ["an empty object", [{ items: [{}] }], /items\[0\]: this is an empty object/],
    [
      "something else",
      [{ name: "package", version: "1.0.0" }],
      /neither a trunk nor a dispatch rule \(name, version\)/,
    ],
    [
      "a change of a trunk",
      [{ sip_trunk_id: "ST_1", update: { numbers: { set: ["+4930"] } } }],
      /a change of some fields/,
    ],
    [
      "Go's change of a rule",
      [{ SIPDispatchRuleID: "SDR_1", Action: { Update: { Name: "x" } } }],
      /a change of some fields/,
    ],
    ["a call", [{ sip_trunk_id: "ST_1", sip_call_to: "+4930", room_name: "x" }], /a call \(CreateSIPParticipant\)/],
    [
      "a text for a list",
      [{ items: [{ ...GO_TRUNK, numbers: SECRET }] }],
      /items\[0\] \(inbound trunk\): numbers: expected a list, found text/,
    ],
    [
      "a number in a list of texts",
      [{ items: [{ ...GO_TRUNK, numbers: [493012345670] }] }],
      /numbers\[0\]: expected text, found a number/,
    ],
    [
      "a number for a password",
      [{ items: [{ ...GO_TRUNK, auth_password: 4711 }] }],
      /auth_password: expected text, found a number/,
    ],
    ["no duration", [{ items: [{ ...GO_TRUNK, ringing_timeout: SECRET }] }], /ringing_timeout: expected a duration/],
    [
      "a field in two spellings",
      [{ items: [{ ...GO_TRUNK, sipTrunkId: "ST_other" }] }],
      /sipTrunkId: expected one sipTrunkId/,
    ],
    [
      "two kinds of rule in one",
      [{ dispatch_rule: { rule: { dispatchRuleDirect: { roomName: "x" }, dispatchRuleCallee: {} } } }],
      /dispatch_rule \(dispatch rule\): rule\.dispatchRuleCallee: it stands beside dispatchRuleDirect/,
    ],
    ["an answer that is an error", [{ code: "unauthenticated", msg: SECRET }], /an error that LiveKit's API answered/],
    ["YAML", [`trunk:\n  auth_password: ${SECRET}\n`], /unexpected character at position \d \(line 1 column/],
    ["a comment", [`{"items": []}\n// ${SECRET}`], /position 14 \(line 2 column 1\)/],
    ["no number of JSON", ['{"items":[{"ringingTimeout":NaN}]}'], /unexpected character at position 28 \(line 1/],
    ["a rule among trunks", [{ inboundTrunks: [GO_RULE] }], /a dispatch rule in a list of inbound trunks/],
    [
      "one id with two contents",
      [{ items: [GO_TRUNK] }, { items: [{ ...GO_TRUNK, name: "other" }] }],
      /1\.json \(UTF-8\): items\[0\]: ST_in is in 0\.json/,
    ],
    [
      "an export of a later version",
      [{ format: "trunkline.livekit/2", inboundTrunks: [], dispatchRules: [] }],
      /the format is not trunkline\.livekit\/1/,
    ],
    [
      "an export without rules",
      [{ format: "trunkline.livekit/1", host: "h", inboundTrunks: [] }],
      /no list dispatchRules/,
    ],
  ])("%s", (_, contents, message) => {
    const error = failure(...contents) as Error;
    expect(error).toMatchObject({ code: "BAD_FILE", message: expect.stringMatching(message) });
    expect(error.message).not.toContain(SECRET);
  });
});

test("objects of files for create have no id: each gets a name of its own", () => {
  const project = read({ trunk: { name: "a", numbers: ["+1"] } }, { trunk: { name: "b", numbers: ["+2"] } });
  expect(project.inboundTrunks.map(({ sipTrunkId }) => sipTrunkId)).toEqual([
    "(inbound trunk 1, no id)",
    "(inbound trunk 2, no id)",
  ]);
});
