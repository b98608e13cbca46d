/** What people have in files, by what is right for it. */

export const TRUNK = {
  sipTrunkId: "ST_a",
  name: "office",
  numbers: ["+493012345670"],
  allowedAddresses: ["192.0.2.0/24"],
};
export const RULE = {
  sipDispatchRuleId: "SDR_a",
  name: "calls",
  trunkIds: ["ST_a"],
  rule: { dispatchRuleIndividual: { roomPrefix: "call" } },
  roomConfig: { agents: [{ agentName: "my-telephony-agent" }] },
};
export type Content = object | string | Uint8Array | null;

const WHOLE = { inboundTrunks: [TRUNK], dispatchRules: [RULE] };
const json = JSON.stringify(WHOLE);
const utf16 = Buffer.from(`\ufeff${json}`, "utf16le");
const withTrunk = (change: object) => ({ inboundTrunks: [{ ...TRUNK, ...change }], dispatchRules: [RULE] });
const withRule = (change: object) => ({ inboundTrunks: [TRUNK], dispatchRules: [{ ...RULE, ...change }] });
const { sipTrunkId: _, ...NAMELESS } = TRUNK;

/** Read: the call reaches a room, and there is nothing to find. */
export const FINE: Record<string, Content[]> = {
  "a list in a list": [[[TRUNK], [RULE]]],
  "trunks and rules in one list": [{ items: [TRUNK, RULE] }],
  "JSON lines": [`${JSON.stringify(TRUNK)}\n${JSON.stringify(RULE)}\n`],
  "one object for each file": [TRUNK, RULE],
  "requests in a list": [[{ trunk: TRUNK }, { dispatchRule: RULE }]],
  "two requests in one object": [{ trunk: TRUNK, dispatch_rule: RULE }],
  "a list beside a request": [{ inboundTrunks: [TRUNK], dispatchRule: RULE }],
  "answers in a script's own object": [{ status: 200, data: { sip: WHOLE } }],
  "an answer as result": [{ result: { items: [TRUNK] } }, { response: [RULE] }],
  "an object twice": [WHOLE, { items: [TRUNK] }],
  "an object twice, in two forms": [
    WHOLE,
    {
      items: [
        {
          krisp_enabled: false,
          allowed_addresses: ["192.0.2.0/24"],
          numbers: TRUNK.numbers,
          name: "office",
          sip_trunk_id: "ST_a",
        },
      ],
    },
  ],
  "lk's own lines before": [`Using url, api-key, api-secret from environment\n${json}`],
  "UTF-16 LE": [utf16],
  "UTF-16 BE": [Buffer.from(utf16).swap16()],
  "UTF-8 with a mark and CRLF": [`\ufeff${JSON.stringify(WHOLE, null, 2).replaceAll("\n", "\r\n")}\r\n`],
  "durations as Go writes them": [withTrunk({ ringing_timeout: 30_000_000_000, max_call_duration: "1h0m0s" })],
  "durations in parts": [withTrunk({ ringingTimeout: { Seconds: 30, Nanos: 0 }, maxCallDuration: "3600.5s" })],
  "a time in nanoseconds": [withTrunk({ createdAt: 1_761_990_000_000_000_000 })],
  "null for a list": [withTrunk({ allowedNumbers: null, headers: null })],
  "Go's oneof": [withRule({ rule: { Rule: { DispatchRuleIndividual: { RoomPrefix: "call" } } } })],
  "names of types": [withRule({ rule: { "@type": "livekit.SIPDispatchRule", dispatchRuleIndividual: {} } })],
  "parts that say something about the answer": [
    { ...WHOLE, total: 2, ok: true, meta: { requestId: "x" }, pagination: { nextPageToken: "" }, readAt: "2026-11-28" },
  ],
  "an empty part that is not known": [{ ...WHOLE, routingPolicies: [] }],
  "characters that command a terminal": [withTrunk({ name: "a\u001b[31mred\u0007\n" })],
  "a trunk that has no id yet": [{ trunk: NAMELESS }, { dispatch_rule: RULE }],
};

/** Cannot tell where the call goes; nothing is proposed for removal. */
export const UNCERTAIN: Record<string, Content[]> = {
  "a kind of rule that is new": [withRule({ rule: { dispatchRuleQueue: {} } })],
  "a kind in snake case": [withRule({ rule: { dispatch_rule_queue: { name: "x" } } })],
  "a kind as Go prints it": [withRule({ rule: { Rule: { DispatchRuleQueue: {} } } })],
  "a kind as the SDK has it": [withRule({ rule: { case: "dispatchRuleQueue", value: {} } })],
  "a new kind beside a known one": [withRule({ rule: { dispatchRuleIndividual: {}, dispatchRuleQueue: {} } })],
  "a rule whose kind was lost": [withRule({ rule: {} })],
  "a rule of null": [withRule({ rule: null })],
  "an empty answer of lk": [{}],
  "empty lists of lk": [{ items: [] }, { items: null }],
  "an empty list": [[]],
  "trunks alone": [{ items: [TRUNK] }],
  "rules alone": [{ items: [RULE] }],
  "a wildcard rule alone": [{ items: [{ ...RULE, trunkIds: [] }] }],
  "outbound trunks alone": [
    { items: [{ sipTrunkId: "ST_o", address: "sip.example.com", numbers: ["+493012345670"] }] },
  ],
  "a page of a list": [{ items: [{ ...TRUNK, numbers: ["+493012345679"] }], nextPageToken: "abc" }, { items: [RULE] }],
  "a page of rules, in an answer's envelope": [{ data: { items: [], next_page_token: { token: "x" } } }, [TRUNK]],
  "a page, said beside the lists": [{ ...WHOLE, pagination: { nextPageToken: "abc" } }],
  "a kind called as every object's own names are": [withRule({ rule: { constructor: {} }, trunkIds: [] })],
  "a rule of a new kind for a trunk that is gone": [
    withRule({ rule: { dispatchRuleQueue: {} }, trunkIds: ["ST_gone"] }),
  ],
  "a rule with a new field for a trunk that is gone": [withRule({ newField: 1, trunkIds: ["ST_gone"] })],
  "two trunks without ids": [
    { trunk: NAMELESS },
    { trunk: { ...NAMELESS, numbers: ["+493012345671"] } },
    { dispatch_rule: { ...RULE, trunkIds: ["ST_z"] } },
  ],
};

/** What LiveKit's API does not show: cannot tell, in both. */
export const HIDDEN: Record<string, [contents: Content[], said: string]> = {
  "a preset, which may dispatch agents": [
    [withRule({ roomConfig: undefined, roomPreset: "office" })],
    "the room preset",
  ],
  "a user name whose password LiveKit Cloud hides, if it has one": [
    [withTrunk({ numbers: [], allowedAddresses: ["0.0.0.0/0"], authUsername: "user" })],
    "LiveKit Cloud does not show whether",
  ],
};

/** Read, with what is not known named by its place; it could decide the call, so where it goes cannot be told. */
export const STRANGE: Record<string, [content: Content, named: string]> = {
  "a field deep inside": [
    withRule({ roomConfig: { agents: [{ agentName: "my-telephony-agent", deep: { new: [{ x: 1 }] } }] } }),
    "roomConfig.agents[0].deep",
  ],
  "a field of a trunk": [withTrunk({ authentication: { mode: "mtls" } }), "authentication"],
  "a value of an enum": [withTrunk({ mediaEncryption: "SIP_MEDIA_ENCRYPT_QUANTUM" }), "mediaEncryption"],
  "an enum's number": [withTrunk({ includeHeaders: 99 }), "includeHeaders"],
  "names of every object": [
    JSON.stringify(withTrunk({})).replace('"name":"office"', '"__proto__":{"numbers":[]}'),
    "__proto__",
  ],
  "an envelope's name in a trunk": [withTrunk({ data: { x: 1 } }), "data"],
  "an agent under another field's name": [
    withRule({ roomConfig: { agents: [{ name: "my-telephony-agent" }] } }),
    "roomConfig.agents[0].name",
  ],
  "a PIN under a name that LiveKit does not have": [
    withRule({ rule: { dispatchRuleDirect: { roomName: "lobby", pinn: "1234" } }, roomConfig: undefined }),
    "pinn",
  ],
  "a setting of the kind of rule": [withRule({ rule: { dispatchRuleCallee: { randomise: true } } }), "randomise"],
  "a field of another trunk, which may take the call, too": [
    {
      inboundTrunks: [TRUNK, { sipTrunkId: "ST_b", numbers: ["+493012345671"], also: ["+493012345670"] }],
      dispatchRules: [RULE],
    },
    "also",
  ],
  "a field of another rule, which may take the call first": [
    {
      inboundTrunks: [TRUNK],
      dispatchRules: [RULE, { ...RULE, sipDispatchRuleId: "SDR_b", trunkIds: ["ST_b"], also: "ST_a" }],
    },
    "also",
  ],
  "a list beside the lists": [{ ...WHOLE, routingPolicies: [{ id: "RP_a" }] }, "routingPolicies"],
  "an object beside a list of lk": [[{ items: [TRUNK, RULE], routing: { first: "SDR_x" } }], "routing"],
  "fields beside a request's rule": [
    [TRUNK, { dispatch_rule: RULE, rule: { dispatchRuleDirect: { roomName: "other" } } }],
    "rule",
  ],
};

/** BAD_FILE, with the item's place, the encoding where it was read, and what was expected. */
export const BAD: Record<string, [content: Content, message: RegExp]> = {
  "null in a list": [[null], /\(UTF-8\)\[0\]: expected an object, found null/],
  "null among items": [{ items: [TRUNK, null] }, /items\[1\]: expected an object, found null/],
  "an empty object in a list": [{ items: [{}] }, /items\[0\]: this is an empty object/],
  "null alone": ["null", /expected an object, found null/],
  "a number alone": ["42", /expected an object, found number/],
  "a text alone": ['"hello"', /expected an object, found string/],
  "an empty file": ["", /the file is empty/],
  blanks: [" \n\t ", /the file is empty/],
  YAML: ["inboundTrunks:\n  - sipTrunkId: ST_a\n", /not valid JSON: unexpected character at position 0 \(line 1/],
  "a line that breaks off": [`${JSON.stringify(TRUNK)}\n{oops`, /line 2 column 1/],
  "a comma too many": ['{"items":[{"numbers":["+49"],}]}', /position 29 \(line 1 column 30\)/],
  "a file that breaks off": [json.slice(0, -20), /not valid JSON: .*position \d+/],
  "UTF-16 that breaks off": [utf16.subarray(0, 101), /not valid UTF-16 LE/],
  "Latin-1": [Buffer.from(json.replace("office", "B\u00fcro"), "latin1"), /not valid UTF-8/],
  "compressed bytes": [Buffer.from([0x1f, 0x8b, 8, 0, 0, 3, 1, 2, 3]), /this is compressed \(gzip\).*\n.*Unpack it/],
  "an archive": [Buffer.from("PK\u0003\u0004 and so on"), /this is compressed \(zip\)/],
  HTML: ["<!DOCTYPE html><html></html>", /unexpected character at position 0/],
  "a table of lk": ["┌───┐\n│ SipTrunkID │\n│ ST_a │\n└───┘\n", /a table of lk, not JSON/],
  "lk's line about an id": ["SIPTrunkID: ST_abc\n", /unexpected character at position 0/],
  "an answer that is an error": [
    { code: "unauthenticated", msg: "invalid token" },
    /an error that LiveKit's API answered/,
  ],
  "a call": [{ sip_trunk_id: "ST_a", sip_call_to: "+49", room_name: "x" }, /a call \(CreateSIPParticipant\)/],
  "something else": [{ name: "package", version: "1.0.0" }, /neither a trunk nor a dispatch rule \(name, version\)/],
  "200 levels": [`${"[".repeat(200)}${"]".repeat(200)}`, /more than 100 levels deep/],
  "numbers as numbers": [
    withTrunk({ numbers: [493012345670] }),
    /inboundTrunks\[0\] \(inbound trunk\): numbers\[0\]: expected text/,
  ],
  "a number for a list": [withTrunk({ numbers: "+493012345670" }), /numbers: expected a list, found text/],
  "null in a list of numbers": [withTrunk({ numbers: ["+49", null] }), /numbers\[1\]: expected text, found null/],
  "an id that is a number": [withTrunk({ sipTrunkId: 123 }), /sipTrunkId: expected text, found a number/],
  "a boolean as text": [
    withRule({ hidePhoneNumber: "true" }),
    /dispatchRules\[0\] .*hidePhoneNumber: expected true or false/,
  ],
  "a boolean as number": [withTrunk({ krispEnabled: 1 }), /krispEnabled: expected true or false, found a number/],
  "no duration": [withTrunk({ ringingTimeout: "half an hour" }), /ringingTimeout: expected a duration such as 30s/],
  "no time": [withTrunk({ createdAt: "yesterday" }), /createdAt: expected a time/],
  "metadata as an object": [withTrunk({ metadata: { a: 1 } }), /metadata: expected text, found an object/],
  "a PIN as number": [
    withRule({ rule: { dispatchRuleDirect: { pin: 1234 } } }),
    /rule\.dispatchRuleDirect\.pin: expected text/,
  ],
  "agents as an object": [
    withRule({ roomConfig: { agents: {} } }),
    /roomConfig\.agents: expected a list, found an object/,
  ],
  "a room's settings as text": [withRule({ roomConfig: "x" }), /roomConfig: expected an object, found text/],
  "a kind as text": [withRule({ rule: "individual" }), /rule: expected an object, found text/],
  "two kinds": [
    withRule({ rule: { dispatchRuleDirect: {}, dispatchRuleCallee: {} } }),
    /dispatchRuleCallee: it stands beside/,
  ],
  "trunk ids as text": [withRule({ trunkIds: "ST_a" }), /trunkIds: expected a list, found text/],
  "rules among trunks": [{ inboundTrunks: [RULE] }, /inboundTrunks\[0\]: this is a dispatch rule in a list of inbound/],
  "one id with two contents": [[TRUNK, { ...TRUNK, name: "x" }], /\[1\]: ST_a is in .*\[0\], too, with other values/],
};
