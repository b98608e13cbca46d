import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { doctor } from "../../../cli/commands/doctor.ts";
import { explain } from "../../../cli/commands/explain.ts";
import { failure } from "../../../cli/failure.ts";
import { recordedIO } from "../recorded-io.ts";
import { BAD, type Content, FINE, RULE, STRANGE, TRUNK, UNCERTAIN } from "./inputs.ts";

const folder = mkdtempSync(join(tmpdir(), "trunkline-inputs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CALL = ["--from", "+491711234567", "--to", "+493012345670", "--source-ip", "192.0.2.1"];
/** What no answer has in it: a value that was not there, or the program's own inside. */
const LEAKS = /undefined|\[null\]|\[object|NaN(?!\))|\.ts:\d+|node:internal|^\s+at /m;

let count = 0;
function written(contents: readonly Content[]): string[] {
  return contents.flatMap((content) => {
    const path = join(folder, `${count++}.json`);
    const isRaw = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(path, isRaw ? content : JSON.stringify(content));
    return ["--file", path];
  });
}

/** Both commands, for people and for machines, each as its code and all it printed. */
async function answers(contents: readonly Content[]) {
  const files = written(contents);
  const run = async (command: typeof doctor, args: string[]) => {
    const io = recordedIO();
    const code = await command(args, io).catch((error: unknown) => io.done(1, failure(error)));
    expect(io.text()).not.toMatch(LEAKS);
    return { code, text: io.text() };
  };
  const [explained, diagnosed] = [await run(explain, [...CALL, ...files]), await run(doctor, files)];
  const asJson = [await run(explain, [...CALL, ...files, "--json"]), await run(doctor, [...files, "--json"])];
  expect(asJson.map(({ code }) => code)).toEqual([explained.code, diagnosed.code]);
  return { explained, diagnosed };
}

test.each(Object.entries(FINE))("%s: read, and the call reaches a room", async (_, contents) => {
  const { explained, diagnosed } = await answers(contents);
  expect({ explained: explained.code, diagnosed: diagnosed.code }).toEqual({ explained: 0, diagnosed: 0 });
  expect(explained.text).toMatch(/agent my-telephony-agent|the preset "office", which may dispatch agents/);
});

test.each(Object.entries(UNCERTAIN))("%s: cannot tell, and nothing is proposed", async (_, contents) => {
  const { explained, diagnosed } = await answers(contents);
  expect(explained).toMatchObject({ code: 1, text: expect.stringContaining("Cannot tell") });
  // That a rule is for all trunks is wrong, whatever was not given.
  const code = diagnosed.text.includes("WILDCARD_RULE") ? 2 : 1;
  expect(diagnosed).toMatchObject({ code, text: expect.stringContaining("Cannot tell") });
  expect(diagnosed.text).not.toContain("Proposed for removal");
  expect(diagnosed.text).not.toMatch(/configuration .* (not )?found/);
});

test.each(Object.entries(STRANGE))("%s: read, and named", async (_, [content, named]) => {
  const { explained, diagnosed } = await answers([content]);
  expect(explained).toMatchObject({ code: 0, text: expect.stringContaining(named) });
  expect(diagnosed).toMatchObject({ code: 2, text: expect.stringContaining(named) });
  expect(diagnosed.text).not.toContain("Proposed for removal");
});

test.each(Object.entries(BAD))("%s: BAD_FILE with the place", async (_, [content, message]) => {
  const { explained, diagnosed } = await answers([content]);
  expect(explained.code).toBe(1);
  expect(diagnosed.text).toBe(explained.text);
  expect(explained.text).toMatch(/^BAD_FILE: \d+\.json/);
  expect(explained.text).toMatch(message);
});

test("a file without a host is not said to be an open-source server's; where LiveKit Cloud answers otherwise, it cannot be told", async () => {
  const { explained, diagnosed } = await answers([{ inboundTrunks: [TRUNK], dispatchRules: [RULE] }]);
  for (const { text } of [explained, diagnosed]) expect(text).toContain("host not given");
  const alone = await answers([{ inboundTrunks: [TRUNK], dispatchRules: [] }]);
  expect([alone.explained.code, alone.diagnosed.code]).toEqual([2, 2]); // which neither server answers
  const nobody = { ...TRUNK, numbers: ["+493012345679"] };
  const wild = await answers([{ inboundTrunks: [nobody], dispatchRules: [{ ...RULE, trunkIds: [] }] }]);
  expect(wild.explained).toMatchObject({ code: 1, text: expect.stringMatching(/Cannot tell.*On LiveKit Cloud: 404/) });
});

test("a folder's JSON files and standard input are one project; other files in it are not read", async () => {
  const inside = mkdtempSync(join(folder, "of-lk-"));
  writeFileSync(join(inside, "trunks.json"), JSON.stringify({ items: [TRUNK] }));
  writeFileSync(join(inside, "notes.txt"), "no JSON");
  const io = recordedIO({}, folder, JSON.stringify({ items: [RULE] }));
  expect(await explain([...CALL, "--file", inside, "--file", "-"], io)).toBe(0);
  expect(io.text()).toContain("trunks.json, standard input");
});
