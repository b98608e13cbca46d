import { SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "livekit-server-sdk";
import { doctor } from "../../../cli/commands/doctor.ts";
import { causesOf503 } from "../../../cli/doctor/causes.ts";
import { proposeLegacy } from "../../../cli/doctor/proposal.ts";
import { routesOf } from "../../../cli/livekit/routes.ts";
import { surveyOf } from "../../../cli/livekit/survey.ts";
import { writeMetadata } from "../../../providers/dynamic/marks.ts";
import { lint, mistakes } from "../../../providers/livekit/routing/index.ts";
import { CLASHING } from "../projects.ts";
import { recordedIO } from "../recorded-io.ts";

const PROD = { project: "trunkline", stack: "prod", name: "dial" };

type Json = Parameters<typeof SIPInboundTrunkInfo.fromJson>[0];

function diagnose(inboundTrunks: object[], dispatchRules: object[]) {
  const project = {
    host: "my-project:443",
    inboundTrunks: inboundTrunks.map((trunk) => SIPInboundTrunkInfo.fromJson(trunk as Json)),
    outboundTrunks: [],
    dispatchRules: dispatchRules.map((rule) => SIPDispatchRuleInfo.fromJson(rule as Json)),
  };
  const { trunks, rules } = routesOf(project);
  const survey = surveyOf(project, { target: "open-source", agentNames: [], unanswered: new Map() });
  const findings = [
    ...lint(trunks, rules),
    ...mistakes(survey).filter(({ code }) => /^NUMBER_|^RULE_N|^SPACED/.test(code)),
  ];
  const { inboundTrunkIds, dispatchRuleIds, ofClash, spared, orphaned } = proposeLegacy(findings, project);
  return {
    ofClash,
    spared,
    orphaned,
    codes: findings.map(({ code }) => code),
    proposed: [...inboundTrunkIds, ...dispatchRuleIds].map(({ id }) => id),
    configuration: causesOf503(findings, { ms: 1 })[0]?.state,
  };
}

const rule = (id: string, trunkIds: string[], name = "by hand") => ({
  sipDispatchRuleId: id,
  name,
  trunkIds,
  rule: { dispatchRuleDirect: { roomName: id } },
});
const withNumber = (id: string, number: string) => ({
  sipTrunkId: id,
  numbers: [number],
  allowedAddresses: ["192.0.2.1"],
});

test("what a stack has declared is never proposed, whatever it clashes with or points to", () => {
  const [first, second] = CLASHING.inboundTrunks;
  const marked = "calls [trunkline:trunkline/prod/dial]";
  const { codes, proposed, configuration } = diagnose(
    [{ ...first, metadata: writeMetadata(PROD, {}) }, { ...second }],
    [rule("SDR_1", ["ST_carrier"], marked), rule("SDR_2", ["ST_sbc"], marked), rule("SDR_3", ["ST_gone"], marked)],
  );
  expect(codes).toEqual(expect.arrayContaining(["CALLS_CLASH", "RULE_POINTS_TO_DELETED_TRUNK"]));
  expect(proposed).toEqual(["ST_sbc"]);
  expect(configuration).toBe("found");
});

test("a rule goes when all its trunks are gone, and stays when one of them lives", () => {
  const { proposed } = diagnose(
    [withNumber("ST_1", "+493012345678")],
    [rule("SDR_dead", ["ST_gone"]), rule("SDR_half", ["ST_gone_too", "ST_1"])],
  );
  expect(proposed).toEqual(["SDR_dead"]);
});

test("trunks that clash only for a caller who forges an address serve their calls: neither proposed nor a 503", () => {
  const { codes, proposed, configuration } = diagnose(
    [
      { sipTrunkId: "ST_1", allowedAddresses: ["192.0.2.1"] },
      { sipTrunkId: "ST_2", allowedAddresses: ["198.51.100.1"] },
    ],
    [rule("SDR_1", ["ST_1"]), rule("SDR_2", ["ST_2"])],
  );
  expect(codes).toContain("CALLS_CLASH");
  expect(proposed).toEqual([]);
  expect(configuration).toBe("not found");
});

test("a rule for all trunks is spared where it alone takes the calls of a trunk that stays", () => {
  const trunks = [withNumber("ST_1", "+493012345678")];
  const alone = diagnose(trunks, [rule("SDR_all", [])]);
  expect(alone).toMatchObject({ codes: ["WILDCARD_RULE"], proposed: [], spared: ["SDR_all"], orphaned: [] });
  const beside = diagnose(trunks, [rule("SDR_all", []), rule("SDR_1", ["ST_1"])]);
  expect(beside).toMatchObject({ codes: ["WILDCARD_RULE"], proposed: ["SDR_all"], spared: [], orphaned: [] });
});

/** As read from a file: a kind of rule that this version does not know, beside others. */
async function proposedBeside(...dispatchRules: object[]) {
  const unknown = { ...rule("SDR_n", ["ST_1"]), rule: { dispatchRuleQueue: {} } };
  const project = { inboundTrunks: [withNumber("ST_1", "+493012345678")], dispatchRules: [...dispatchRules, unknown] };
  const run = async (...args: string[]) => {
    const io = recordedIO({}, process.cwd(), JSON.stringify(project));
    await doctor([...args, "--file", "-"], io);
    return io;
  };
  const { proposed } = (await run("--json")).json();
  return { proposed, text: (await run()).text() };
}

test("of rules that clash one is not proposed, however many there are", () => {
  const rules = ["SDR_1", "SDR_2", "SDR_3"].map((id) => rule(id, ["ST_1"]));
  const found = diagnose([withNumber("ST_1", "+493012345678")], rules);
  expect(found).toMatchObject({ proposed: ["SDR_2", "SDR_3"], ofClash: ["SDR_1"], spared: [], orphaned: [] });
  const wild = diagnose(
    [withNumber("ST_1", "+493012345678")],
    ["SDR_1", "SDR_2"].map((id) => rule(id, [])),
  );
  expect(wild).toMatchObject({ proposed: ["SDR_2"], ofClash: [], spared: ["SDR_1"] });
});

test("where a declared rule stays, all that clash with it are proposed", () => {
  const declared = rule("SDR_9", ["ST_1"], "calls [trunkline:trunkline/prod/dial]");
  const found = diagnose([withNumber("ST_1", "+493012345678")], [rule("SDR_1", ["ST_1"]), declared]);
  expect(found).toMatchObject({ proposed: ["SDR_1"], ofClash: [], orphaned: [] });
});

test("a rule that is not understood does not count as one that takes calls", async () => {
  const clash = await proposedBeside(rule("SDR_1", ["ST_1"]), rule("SDR_2", ["ST_1"]));
  expect(clash.proposed).toMatchObject({ dispatchRuleIds: ["SDR_2"], ofClash: ["SDR_1"], orphaned: [] });
  expect(clash.text).toContain("Not proposed: SDR_1.");
  const dead = { ...rule("SDR_1", ["ST_1"]), rule: { dispatchRuleDirect: { roomName: "a", pin: "12x4" } } };
  const alone = await proposedBeside(dead);
  expect(alone.proposed).toMatchObject({ dispatchRuleIds: ["SDR_1"], orphaned: ["ST_1"] });
  expect(alone.text).toContain("no rule is known to take the calls of ST_1");
  const wild = await proposedBeside(rule("SDR_all", []));
  expect(wild.proposed).toMatchObject({ dispatchRuleIds: [], spared: ["SDR_all"] });
});

test("a trunk that stays and whose rules are all proposed is told", () => {
  const dead = { ...rule("SDR_1", ["ST_1"]), rule: { dispatchRuleDirect: { roomName: "a", pin: "12x4" } } };
  const { proposed, spared, orphaned } = diagnose([withNumber("ST_1", "+493012345678")], [dead]);
  expect({ proposed, spared, orphaned }).toEqual({ proposed: ["SDR_1"], spared: [], orphaned: ["ST_1"] });
});

test.each([
  "+49030 12345678",
  "+49 (0)30 12345678",
  "+49 030 12345678",
  "+49 30 12345678*",
  "+4930",
  "004930 12345678",
  "493012345670",
])("a rule for %s is only written wrong: not proposed", (number) => {
  const { codes, proposed } = diagnose(
    [withNumber("ST_1", "+493012345678")],
    [rule("SDR_2", ["ST_1"]), { ...rule("SDR_1", ["ST_1"]), numbers: [number] }],
  );
  expect(codes).toContain("RULE_NEVER_MATCHES");
  expect(proposed).toEqual([]);
});

test("what is only written wrong is not proposed: a rule with a name for a trunk, or a number that no carrier sends", () => {
  const trunks = [withNumber("ST_1", "+493012345678")];
  const named = diagnose(trunks, [rule("SDR_1", ["office"])]);
  expect(named).toMatchObject({ codes: expect.arrayContaining(["RULE_NAMES_NO_TRUNK_ID"]), proposed: [] });
  const spelt = diagnose(trunks, [{ ...rule("SDR_1", ["ST_1"]), numbers: ["+49.30.12345678"] }]);
  expect(spelt).toMatchObject({ codes: expect.arrayContaining(["RULE_NEVER_MATCHES"]), proposed: [] });
});
