import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { doctor } from "../../../cli/commands/doctor.ts";
import { explain } from "../../../cli/commands/explain.ts";
import { failure } from "../../../cli/failure.ts";
import { recordedIO } from "../recorded-io.ts";
import { BAD, type Content, FINE, HIDDEN, RULE, STRANGE, TRUNK, UNCERTAIN } from "./inputs.ts";

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
async function answers(contents: readonly Content[], ...options: string[]) {
  const files = [...written(contents), ...options];
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
  expect(explained.text).toContain("agent my-telephony-agent");
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

test.each(Object.entries(STRANGE))("%s: read, named, and cannot tell", async (_, [content, named]) => {
  const { explained, diagnosed } = await answers([content]);
  for (const { code, text } of [explained, diagnosed]) {
    expect({ code, text }).toEqual({ code: 1, text: expect.stringContaining(named) });
    expect(text).toContain("Cannot tell");
    expect(text).not.toContain("Proposed for removal");
  }
});

test.each(Object.entries(HIDDEN))("%s: cannot tell", async (_, [contents, said]) => {
  const { explained, diagnosed } = await answers(contents, "--host", "example.livekit.cloud");
  for (const { code, text } of [explained, diagnosed]) {
    expect({ code, text }).toEqual({ code: 1, text: expect.stringContaining("Cannot tell") });
    expect(text).toContain(said);
  }
});

test("a wrong thing is wrong, no matter what is not understood beside it", async () => {
  const trunk = { ...TRUNK, numbers: [...TRUNK.numbers, "0049 30 12345671"], newField: 1 };
  const { explained, diagnosed } = await answers([{ inboundTrunks: [trunk], dispatchRules: [RULE] }]);
  expect([explained.code, diagnosed.code]).toEqual([1, 2]);
});

test("the trunk's user name is asked for whoever knows its password: with it the call gets through, whether or not there is one", async () => {
  const trunk = { ...TRUNK, authUsername: "user" };
  const io = recordedIO({}, folder, JSON.stringify({ inboundTrunks: [trunk], dispatchRules: [RULE] }));
  const cloud = ["--file", "-", "--host", "example.livekit.cloud"];
  expect(await explain([...CALL, ...cloud, "--auth", "user:known"], io)).toBe(0);
  expect(await explain([...CALL, ...cloud, "--auth", "other"], io)).toBe(1);
});

/** Files for `lk sip … create` hide no password. */
test.each([
  [
    "inbound, on LiveKit Cloud",
    { trunk: { name: "a", numbers: TRUNK.numbers, auth_username: "user" } },
    "HALF_CREDENTIALS",
    "example.livekit.cloud",
  ],
  [
    "outbound, on LiveKit Cloud",
    { trunk: { address: "carrier.example", numbers: TRUNK.numbers, auth_username: "user" } },
    "OUTBOUND_HALF_CREDENTIALS",
    "example.livekit.cloud",
  ],
  [
    "listed by an open-source server",
    { items: [{ sipTrunkId: "ST_o", address: "carrier.example", numbers: TRUNK.numbers, authUsername: "user" }] },
    "OUTBOUND_HALF_CREDENTIALS",
    "livekit.example.com",
  ],
])("a user name without a password, %s, is a finding", async (_, file, code, host) => {
  const { diagnosed } = await answers([file], "--host", host);
  expect(diagnosed).toEqual({ code: 2, text: expect.stringContaining(code) });
});

test("a list of LiveKit Cloud shows no password: a user name alone is no finding", async () => {
  const outbound = { sipTrunkId: "ST_o", address: "carrier.example", numbers: TRUNK.numbers, authUsername: "user" };
  const trunk = { ...TRUNK, authUsername: "user" };
  const project = { inboundTrunks: [trunk], outboundTrunks: [outbound], dispatchRules: [RULE] };
  expect((await answers([project], "--host", "example.livekit.cloud")).diagnosed.code).toBe(0);
});

test.each(["my-telephony-agent", "inbound-agent", "sales"])(
  "which workers there are no file says: the agent %s is a note, not a mistake",
  async (agentName) => {
    const rule = { ...RULE, roomConfig: { agents: [{ agentName }] } };
    const { explained, diagnosed } = await answers([{ inboundTrunks: [TRUNK], dispatchRules: [rule] }]);
    expect([explained.code, diagnosed.code]).toEqual([0, 0]);
    expect(diagnosed.text).toContain(`Whether a worker registers as ${agentName} cannot be seen from here`);
  },
);

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
