import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownerlessIn, saidIn } from "../../sandbox/calls/said.ts";
import { LINES } from "../../sandbox/models/lines.ts";
import { PHRASES } from "../../sandbox/models/script.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "said-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const log = (...lines: object[]) =>
  writeFileSync(join(folder, "agent.log"), lines.map((line) => JSON.stringify(line)).join("\n"));

test.each([
  { msg: `received "${PHRASES.question.words}"` },
  { text: LINES.answer },
  { text: "Is there anything else?" },
  { "lk.pii.arguments": "{}" },
])("what was said is found in a log: %j", (line) => {
  log({ msg: "ready" }, line);
  expect(saidIn(folder)).toEqual([JSON.stringify(line)]);
});

test("a line of the framework that does not say whose call it is of is found, others are not", () => {
  const ownerless = { part: "livekit-agents", msg: "retrying" };
  log({ msg: "registered" }, ownerless, { ...ownerless, callId: "abc" });
  expect(ownerlessIn(folder)).toEqual([JSON.stringify(ownerless)]);
  expect(saidIn(folder)).toEqual([]);
});
