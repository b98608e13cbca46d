import {
  type FindingCode,
  type LintOptions,
  lint,
  type Rule,
  type Trunk,
} from "../../../../providers/livekit/routing/index.ts";

const trunk: Trunk = { id: "ST_1", calledNumbers: ["+49301000"], authUsername: "user", authPassword: "geheim" };
const rule: Rule = { id: "SDR_1", trunkIds: ["ST_1"], room: { type: "callee" } };

function codes(trunks: Partial<Trunk>[], rules: Partial<Rule>[], options?: LintOptions): FindingCode[] {
  return findings(trunks, rules, options).map(({ code }) => code);
}

function findings(trunks: Partial<Trunk>[], rules: Partial<Rule>[], options?: LintOptions) {
  return lint(
    trunks.map((more, index) => ({ ...trunk, id: `ST_${index + 1}`, ...more })),
    rules.map((more, index) => ({ ...rule, id: `SDR_${index + 1}`, ...more })),
    options,
  );
}

test("one trunk with credentials and its rule: nothing to say", () => {
  expect(codes([{}], [{}], { agentNames: [] })).toEqual([]);
});

describe("rules", () => {
  test.each([
    [
      "that name a deleted trunk beside a live one",
      { trunkIds: ["ST_1", "ST_gone"] },
      ["RULE_POINTS_TO_DELETED_TRUNK"],
    ],
    ["for all trunks", { trunkIds: [] }, ["WILDCARD_RULE"]],
    ["for numbers that the trunk does not serve", { calledNumbers: ["+49309"] }, ["RULE_NEVER_MATCHES"]],
    ["whose PIN nobody can enter", { room: { type: "callee", pin: "12#4" } }, ["RULE_NEVER_MATCHES"]],
    ["with an agent that nobody declares", { agents: [{ name: "gone" }] }, ["UNKNOWN_AGENT"]],
    ["that spell the trunk's number in another way", { calledNumbers: ["49301000"] }, ["NUMBER_SPELT_DIFFERENTLY"]],
    [
      "that hide numbers from callers who may have none",
      { hidePhoneNumber: true },
      ["ANONYMOUS_CALLER_CRASHES_SERVER"],
    ],
    [
      "that clash with themselves",
      { calledNumbers: ["+49301000", "+49301000"] },
      ["RULE_CLASHES_WITH_ITSELF", "API_REFUSES"],
    ],
  ] satisfies [string, Partial<Rule>, FindingCode[]][])("%s", (_what, more, expected) => {
    expect(codes([{}], [more], { agentNames: ["my-agent"] })).toEqual(expected);
  });

  test("all of whose trunks are gone never match", () => {
    expect(codes([], [{ trunkIds: ["ST_gone"] }])).toEqual(["RULE_POINTS_TO_DELETED_TRUNK", "RULE_NEVER_MATCHES"]);
  });

  test("for callers that no trunk of theirs lets in never match", () => {
    expect(codes([{ callerNumbers: ["+491"] }], [{ callerNumbers: ["+492"] }])).toEqual(["RULE_NEVER_MATCHES"]);
  });

  test("may dispatch agents that are declared, or unnamed ones", () => {
    expect(codes([{}], [{ agents: [{ name: "my-agent" }, { name: "" }] }], { agentNames: ["my-agent"] })).toEqual([]);
  });

  test("for all trunks are less of a danger on Cloud", () => {
    expect(findings([{}], [{ trunkIds: [] }], { target: "cloud" })).toMatchObject([{ severity: "warning" }]);
  });
});

describe("trunks", () => {
  test.each([
    ["with a user name alone", { authPassword: "" }, ["HALF_CREDENTIALS"]],
    ["with nothing but malformed masks", { allowedAddresses: ["10.*"] }, ["ALL_MASKS_INVALID"]],
    ["with a mask that has a port", { allowedAddresses: ["10.0.0.1:5060"] }, ["MASK_NEVER_MATCHES"]],
    ["with an IPv4-mapped mask", { allowedAddresses: ["::ffff:10.0.0.1"] }, ["MASK_NEVER_MATCHES"]],
    ["with a host name as mask", { allowedAddresses: ["sbc.example.com"] }, ["MASK_MATCHES_FROM_HOST_ONLY"]],
    ["with good masks", { allowedAddresses: ["10.0.0.0/8", "2001:db8::1"] }, []],
    [
      "without anything that limits who may call",
      { calledNumbers: [], authUsername: "", authPassword: "" },
      ["API_REFUSES_OPEN_TRUNK"],
    ],
  ] satisfies [string, Partial<Trunk>, FindingCode[]][])("%s", (_what, more, expected) => {
    expect(codes([more], [{}])).toEqual(expected);
  });

  test("without a rule", () => expect(codes([{}], [])).toEqual(["TRUNK_WITHOUT_RULE"]));

  test("without numbers beside one with caller numbers: calls clash, and the API does not mind", () => {
    const trunks = [{ calledNumbers: [], callerNumbers: ["+4930123"] }, { calledNumbers: [] }];
    expect(codes(trunks, [{}, { trunkIds: ["ST_2"] }])).toEqual(["CALLS_CLASH"]);
  });

  test("with addresses apart: the API minds, and no plain call clashes", () => {
    const trunks = [{ allowedAddresses: ["10.0.0.1"] }, { allowedAddresses: ["10.0.0.2"] }];
    const found = findings(trunks, [{}, { trunkIds: ["ST_2"] }]);
    expect(found.map(({ code, severity }) => [code, severity])).toEqual([
      ["CALLS_CLASH", "warning"],
      ["API_REFUSES", "warning"],
    ]);
    expect(found[0]?.conflict?.spoofed).toBe(true);
  });
});

test("a clash is told with a call anybody can make", () => {
  const [clash] = findings([{}, {}], [{}, { trunkIds: ["ST_2"] }]);
  expect(clash?.message).toBe(
    "Both trunks serve the called number for the same callers: from +493055502000 (192.0.2.10) to +49301000 the answer is 503 Try again later.",
  );
});

test("no message has a password or a PIN in it", () => {
  const guarded = { room: { type: "callee", pin: "471147" } } satisfies Partial<Rule>;
  const found = JSON.stringify(findings([{}, { authUsername: "" }], [guarded, guarded, { trunkIds: [] }]));
  expect(found).toContain("API_REFUSES");
  expect(found).not.toMatch(/geheim|471147/);
});
