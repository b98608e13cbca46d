import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCopies } from "../../../cli/restore/copies.ts";

const TRUNK = { id: "ST_1", kind: "inboundTrunk", object: { sipTrunkId: "ST_1", name: "carrier", numbers: ["+4930"] } };
const RULE = { id: "SDR_1", kind: "dispatchRule", object: { sipDispatchRuleId: "SDR_1", trunkIds: ["ST_1"] } };

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "trunkline-copies-"));
  file = join(folder, "copies.json");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(content: unknown) {
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return readCopies(file);
}

const stackExport = (copies: unknown) => ({
  version: 3,
  deployment: { resources: [{ urn: "urn:x", outputs: { copies } }, { urn: "urn:y" }] },
});

test.each([
  ["the list", [TRUNK, RULE]],
  ["an object that has it", { copies: [TRUNK, RULE] }],
  ["a stack's export with secrets", stackExport({ "4dabf181": "1b47", plaintext: JSON.stringify([TRUNK, RULE]) })],
])("reads %s", (_, content) => {
  const { trunks, rules } = read(content);
  expect(trunks).toMatchObject([{ id: "ST_1", object: { name: "carrier", numbers: ["+4930"] } }]);
  expect(rules).toMatchObject([{ id: "SDR_1", object: { trunkIds: ["ST_1"] } }]);
});

test("reads what PowerShell has saved: UTF-16 with a byte order mark", () => {
  writeFileSync(file, Buffer.from(`\ufeff${JSON.stringify([TRUNK, RULE])}\r\n`, "utf16le"));
  expect(readCopies(file).trunks).toHaveLength(1);
});

test("a field that this version does not know is no reason to refuse the copies", () => {
  expect(read([{ ...TRUNK, object: { ...TRUNK.object, fieldOfTomorrow: 1 } }]).trunks).toHaveLength(1);
});

test.each([
  ["no JSON", "{"],
  ["something else", { a: 1 }],
  ["an unknown kind", [{ ...TRUNK, kind: "outboundTrunk" }]],
  ["a wrong id", [{ ...TRUNK, id: "SDR_1" }]],
  ["an object that is none", [{ ...TRUNK, object: { numbers: "+4930" } }]],
  ["an export without its secrets", stackExport({ "4dabf181": "1b47", ciphertext: "v1:…" })],
])("refuses %s", (_, content) => {
  expect(() => read(content)).toThrow(expect.objectContaining({ code: "BAD_FILE" }));
});

test("names a file that is not there", () => {
  expect(() => readCopies(join(folder, "none.json"))).toThrow(/none\.json cannot be read/);
});
