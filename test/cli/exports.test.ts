import { resolve } from "node:path";
import { doctor } from "../../cli/commands/doctor.ts";
import { explain } from "../../cli/commands/explain.ts";
import { recordedIO } from "./recorded-io.ts";

/** What people have in their files, and what is right for it: for the same call each. */
const CALL = ["--from", "+491711234567", "--to", "+493012345670", "--source-ip", "192.0.2.1"];
const file = (name: string) => ["--file", resolve(import.meta.dirname, "exports", name)];

async function explained(...names: string[]) {
  const io = recordedIO();
  const code = await explain([...CALL, ...names.flatMap(file), "--json"], io);
  return { code, text: io.text(), ...io.json() };
}

async function diagnosed(name: string) {
  const io = recordedIO();
  const code = await doctor([...file(name), "--json"], io);
  const { findings, proposed } = io.json() as { findings: { code: string; severity: string }[]; proposed: object };
  return { code, text: io.text(), proposed, findings: findings.map((one) => `${one.severity} ${one.code}`) };
}

const NOTHING = { inboundTrunkIds: [], dispatchRuleIds: [], ofClash: [], spared: [], orphaned: [] };

test("lists of lk, old and new, are one project", async () => {
  expect(await explained("lk-inbound-list.json", "lk-dispatch-list-old.json")).toMatchObject({
    code: 0,
    answer: { kind: "room", trunkId: "ST_aaaaaaaaaaaa", agents: ["my-telephony-agent"] },
    notes: [],
  });
});

test.each([
  ["lk-inbound-list.json", "dispatch rules"],
  ["lk-dispatch-list-old.json", "inbound trunks"],
])("%s alone: what was not given is said, not found missing", async (name, missing) => {
  const { code, notes, advice } = (await explained(name)) as { code: number; notes?: unknown; advice?: unknown };
  expect({ code, advice }).toEqual({ code: 1, advice: undefined });
  expect(notes).toEqual([expect.stringContaining(`No ${missing} were given`)]);
  expect(await diagnosed(name)).toMatchObject({ code: 1, findings: [], proposed: NOTHING });
});

test("files for lk … create are unwrapped; the only trunk is the one that the rule names", async () => {
  const { text, ...report } = await explained("lk-create-files.json");
  expect(report).toMatchObject({ code: 2, answer: { kind: "challenge", trunkId: "ST_aaaaaaaaaaaa" } });
  expect(text).not.toMatch(/undefined|null/);
  expect((await diagnosed("lk-create-files.json")).findings).toEqual(["warning RULE_WITHOUT_AGENT"]);
});

test("a oneof as Go prints it is the rule that it is", async () => {
  expect(await explained("go-oneof.json")).toMatchObject({ code: 0, answer: { kind: "room" } });
  expect(await diagnosed("go-oneof.json")).toMatchObject({ code: 0, findings: [], proposed: NOTHING });
});

test("a kind of rule that this version does not know: cannot tell, never proposed", async () => {
  expect(await explained("new-kind.json")).toMatchObject({
    code: 1,
    reachesRoom: false,
    answer: { kind: "cannot-tell", rules: ["SDR_aaaaaaaaaaaa"] },
    rules: [{ verdict: "newer-kind" }],
  });
  const { text, ...report } = await diagnosed("new-kind.json");
  expect(report).toEqual({ code: 1, findings: ["warning UNKNOWN_RULE_KIND"], proposed: NOTHING });
  expect(text).toContain("dispatchRuleIndividualCallee");
});

/** The mistakes stand in `explain`, too: it is what people run first. */
test.each([
  ["called-in-inbound.json", 2, ["CALLED_NUMBERS_AS_CALLERS"]],
  ["prefixes.json", 2, ["NUMBER_IS_A_PATTERN", "NUMBER_IS_A_PREFIX", "NUMBER_IS_A_PREFIX"]],
  ["open-trunk.json", 0, ["TRUNK_OPEN_TO_EVERYONE"]],
  ["go-oneof.json", 0, []],
])("explain says of %s what is wrong with what decides the call", async (name, expected, codes) => {
  const { code, findings, advice } = (await explained(name)) as {
    code: number;
    findings?: { code: string; cure: string }[];
    advice?: string;
  };
  // A second rule for what a first one says wrongly would not be a cure.
  expect(advice).toBeUndefined();
  expect({ code, codes: findings?.map((one) => one.code) }).toEqual({ code: expected, codes });
  const io = recordedIO();
  await explain([...CALL, ...file(name)], io);
  for (const { code, cure } of findings ?? [])
    expect(io.text()).toMatch(new RegExp(`error: ${code}: .*${cure.slice(0, 9)}`));
});

test("called numbers as callers", async () => {
  const report = await diagnosed("called-in-inbound.json");
  expect(report).toMatchObject({ code: 2, findings: ["error CALLED_NUMBERS_AS_CALLERS"] });
  expect(report.text).toContain("move them to numbers");
});

test("a rule without an agent only rings: not exit 0", async () => {
  expect(await explained("no-agent.json")).toMatchObject({
    code: 2,
    text: expect.stringContaining("180 Ringing"),
    hears: { answered: "no" },
  });
  expect(await diagnosed("no-agent.json")).toMatchObject({ code: 2, findings: ["warning RULE_WITHOUT_AGENT"] });
});

test("prefixes and wildcards", async () => {
  expect(await diagnosed("prefixes.json")).toMatchObject({
    code: 2,
    findings: ["error NUMBER_IS_A_PATTERN", "error NUMBER_IS_A_PREFIX", "error NUMBER_IS_A_PREFIX"],
  });
});

test("a trunk that is open to everybody", async () => {
  expect(await diagnosed("open-trunk.json")).toMatchObject({ code: 2, findings: ["error TRUNK_OPEN_TO_EVERYONE"] });
});

test("a file may come from standard input, with a BOM, in PowerShell's UTF-16", async () => {
  const project = JSON.stringify({ inboundTrunks: [], dispatchRules: [] });
  for (const bytes of [Buffer.from(`\ufeff${project}\r\n`), Buffer.from(`\ufeff${project}`, "utf16le")]) {
    const io = { ...recordedIO(), input: async () => bytes };
    expect(await doctor(["--file", "-"], io)).toBe(0);
    expect(io.text()).toContain("LiveKit project standard input");
  }
});
