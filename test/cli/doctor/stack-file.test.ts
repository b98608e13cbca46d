import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { addLegacyIds, findStackFile } from "../../../cli/doctor/stack-file.ts";

const HOST = "my-project-dev.livekit.cloud:443";
const ENTRIES = {
  inboundTrunkIds: [{ id: "ST_old", note: "by hand\n+49301" }],
  dispatchRuleIds: [{ id: "SDR_old", note: "rule by hand" }],
};

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trunkline-stack-file-"));
  file = join(folder, "Pulumi.dev.yaml");
  cpSync("Pulumi.dev.yaml", file);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const legacy = () => parse(readFileSync(file, "utf8")).config["trunkline:legacy"];

describe("adding ids", () => {
  test("leaves every other line of the file as it is, comments included", () => {
    const before = readFileSync(file, "utf8").split("\n");
    expect(addLegacyIds(file, ENTRIES)).toEqual(["ST_old", "SDR_old"]);
    const after = readFileSync(file, "utf8").split("\n");
    const gone = before.filter((line) => !after.includes(line));
    const added = after.filter((line) => !before.includes(line));
    expect(gone.map((line) => line.trim())).toEqual(["inboundTrunkIds: []", "dispatchRuleIds: []"]);
    expect(added.map((line) => line.trim())).toEqual([
      "inboundTrunkIds:",
      "- ST_old # by hand +49301",
      "dispatchRuleIds:",
      "- SDR_old # rule by hand",
    ]);
  });

  test("a second time writes nothing", () => {
    addLegacyIds(file, ENTRIES);
    const once = readFileSync(file, "utf8");
    expect(addLegacyIds(file, ENTRIES)).toEqual([]);
    expect(readFileSync(file, "utf8")).toBe(once);
  });

  test("keeps what is listed, and its remarks", () => {
    write("Pulumi.dev.yaml", 'config:\n  trunkline:legacy:\n    inboundTrunkIds:\n      - "ST_a" # ours since 2024\n');
    addLegacyIds(file, ENTRIES);
    expect(readFileSync(file, "utf8")).toContain('- "ST_a" # ours since 2024\n      - ST_old # by hand +49301\n');
    expect(legacy()).toEqual({ inboundTrunkIds: ["ST_a", "ST_old"], dispatchRuleIds: ["SDR_old"] });
  });

  test.each([
    ["an empty file", ""],
    ["a file without config", "encryptionsalt: v1:x\n"],
    ["an empty config", "config:\n"],
    ["an empty setting", "config:\n  trunkline:legacy:\n"],
    ["an empty list", "config:\n  trunkline:legacy:\n    inboundTrunkIds:\n"],
  ])("makes what %s has not", (_, text) => {
    write("Pulumi.dev.yaml", text);
    addLegacyIds(file, ENTRIES);
    expect(legacy()).toEqual({ inboundTrunkIds: ["ST_old"], dispatchRuleIds: ["SDR_old"] });
    expect(readFileSync(file, "utf8")).toContain(text.trim());
  });

  test.each([
    ["no YAML", "config: [\n"],
    ["a list where a mapping belongs", "config:\n  - a\n"],
    ["a text where a list belongs", "config:\n  trunkline:legacy:\n    inboundTrunkIds: all\n"],
  ])("refuses %s and writes nothing", (_, text) => {
    write("Pulumi.dev.yaml", text);
    expect(() => addLegacyIds(file, ENTRIES)).toThrow(expect.objectContaining({ code: "BAD_FILE" }));
    expect(readFileSync(file, "utf8")).toBe(text);
  });
});

describe("which stack file", () => {
  test("without a name: the one that is bound to the project, however its URL is spelt", () => {
    write("Pulumi.other.yaml", "config:\n  trunkline:livekitUrl: wss://other.livekit.cloud\n");
    write("Pulumi.local.yaml", "config: {}\n");
    expect(findStackFile(folder, HOST, undefined)).toBe(file);
  });

  test("of several, or of none, one has to be named", () => {
    expect(() => findStackFile(folder, "elsewhere:443", undefined)).toThrow(
      /No stack file is bound to .*elsewhere:443/,
    );
    cpSync(file, join(folder, "Pulumi.dev2.yaml"));
    expect(() => findStackFile(folder, HOST, undefined)).toThrow(/Pulumi.dev.yaml, Pulumi.dev2.yaml are bound/);
    expect(findStackFile(folder, HOST, "dev2")).toBe(join(folder, "Pulumi.dev2.yaml"));
  });

  test("ids of one project are never written into the file of another", () => {
    expect(() => findStackFile(folder, "elsewhere:443", "dev")).toThrow(
      expect.objectContaining({ code: "WRONG_STACK", message: expect.stringContaining(HOST) }),
    );
  });

  test("a stack without a file is named", () => {
    expect(() => findStackFile(folder, HOST, "prod")).toThrow("There is no Pulumi.prod.yaml");
  });
});
