import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { StackSettings } from "../../cli/adopt/stack-settings.ts";
import { doctor } from "../../cli/commands/doctor.ts";
import { drift } from "../../cli/commands/drift.ts";
import { explain } from "../../cli/commands/explain.ts";
import { restore } from "../../cli/commands/restore.ts";
import { verify } from "../../cli/commands/verify.ts";
import { addLegacyIds } from "../../cli/doctor/stack-file.ts";
import { CliError } from "../../cli/errors.ts";
import { readLog } from "../../cli/ticket/call.ts";
import { recordedIO } from "../cli/recorded-io.ts";
import { runs } from "./texts.ts";

const folder = mkdtempSync(join(tmpdir(), "trunkline-files-"));
const at = (name: string) => join(folder, name);
const DEEP = "[".repeat(200_000) + "]".repeat(200_000);

beforeAll(() => {
  mkdirSync(at("folder"));
  execFileSync("mkfifo", [at("fifo")]);
  execFileSync("mkfifo", [at("fifo.md")]);
  mkdirSync(at("folder.md"));
  writeFileSync(at("huge"), "[");
  truncateSync(at("huge"), 3 * 1_024 ** 3);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CALL = ["--from", "+4930123456", "--to", "+4930123457", "--source-ip", "127.0.0.1"];
const COMMANDS: Record<string, (file: string) => Promise<unknown>> = {
  explain: (file) => explain([...CALL, "--file", file], recordedIO()),
  doctor: (file) => doctor(["--file", file], recordedIO()),
  restore: (file) => restore([file], recordedIO()),
  "ticket --log": async (file) => readLog([file], "no such call"),
};

/** The command's own error about the file, in reasonable time; a log without a line of the call is fine. */
async function expectRefused(command: (file: string) => Promise<unknown>, file: string): Promise<void> {
  const started = performance.now();
  const result = await command(file).catch((error: unknown) => error);
  expect(result).toEqual(expect.objectContaining({ code: "BAD_FILE" }));
  expect(result).toBeInstanceOf(CliError);
  expect((result as CliError).message.length).toBeLessThan(2_000);
  expect(performance.now() - started).toBeLessThan(5_000);
}

describe.each(Object.entries(COMMANDS))("%s", (name, command) => {
  test.each(["folder", "fifo", "huge", "missing"])("refuses a file that is none: %s", (file) =>
    expectRefused(command, at(file)),
  );

  test("refuses /dev/zero, which never ends", () => expectRefused(command, "/dev/zero"));

  if (name !== "ticket --log")
    test.each([
      ["empty", ""],
      ["deep", DEEP],
      ["deep in a list", `[${DEEP}]`],
      ["deep objects", `{"a":`.repeat(100_000)],
      ["half", '{"format":"trunkline.livekit/1","inboundTrunks":['],
      ["null", "null"],
      ["an empty list", "[]"],
      ["a number", "1e999"],
      ["prototype keys", '{"__proto__":{"inboundTrunks":[]},"constructor":1}'],
      ["a state that is no JSON inside", '{"deployment":{"resources":[{"outputs":{"copies":{"plaintext":"{oops"}}}]}}'],
    ])("refuses what is %s", async (_what, content) => {
      writeFileSync(at("content"), content);
      const isProject = name !== "restore" && content === "[]"; // an empty list of `lk` is a project without objects
      if (!isProject) await expectRefused(command, at("content"));
    });

  test("says of any bytes what is wrong with them, without a stack trace", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        writeFileSync(at("content"), bytes);
        const result = await command(at("content")).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toMatchObject({ code: "BAD_FILE" });
      }),
      runs(100),
    );
  });
});

describe("in a file's place", () => {
  const run = (script: string) =>
    spawnSync("bash", ["-c", `${process.execPath} cli/trunkline.mjs doctor --file ${script}`], { encoding: "utf8" });
  const PROJECT = '{"inboundTrunks":[],"dispatchRules":[]}';

  test("a pipe that ends is read, however slowly it is written", () => {
    const { stdout, status } = run(`<(sleep 1; echo '${PROJECT.slice(0, 20)}'; sleep 1; echo '${PROJECT.slice(20)}')`);
    expect({ stdout, status }).toEqual({ stdout: expect.stringContaining("No findings."), status: 0 });
  });

  test.each(["/dev/null", "<(true)"])("%s is empty", (place) => {
    expect(run(place).stderr).toMatch(/^BAD_FILE: .*the file is empty/);
  });

  test("a pipe that does not end is left after a while, one that is too long at once", () => {
    expect(run("<(sleep 40)").stderr).toMatch(/^BAD_FILE: .*it has not ended within 30 s/);
    expect(run("<(yes)").stderr).toMatch(/^BAD_FILE: .*it is over 64 MiB/);
  }, 60_000);
});

describe("a stack file", () => {
  const stackFile = () => at("Pulumi.dev.yaml");
  const hugeCopy = () => {
    writeFileSync(at("copy"), "a");
    truncateSync(at("copy"), 3 * 1_024 ** 3);
    return at("copy");
  };
  afterEach(() => rmSync(stackFile(), { recursive: true, force: true }));
  const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]", ..."bcdefgh"]
    .map((line, index) => (index === 0 ? line : `${line}: &${line} [${`*${"abcdefg"[index - 1]},`.repeat(9)}]`))
    .join("\n");
  const KINDS: [string, () => void][] = [
    ["a folder", () => mkdirSync(stackFile())],
    ["a FIFO", () => void execFileSync("mkfifo", [stackFile()])],
    ["huge", () => renameSync(hugeCopy(), stackFile())],
    ["deep", () => writeFileSync(stackFile(), `a: ${DEEP}`)],
    ["bytes", () => writeFileSync(stackFile(), Buffer.from([0, 255, 254, 0, 1]))],
    ["empty", () => writeFileSync(stackFile(), "")],
    ["billions of aliases", () => writeFileSync(stackFile(), `${bomb}\nconfig: *h`)],
  ];

  test.each(KINDS)("that is %s is refused by adopt, and by doctor --write", async (_kind, make) => {
    make();
    const settings = async () => new StackSettings(folder, "dev").read("dev");
    await expectRefused(settings, stackFile());
    const added = async () => addLegacyIds(stackFile(), { inboundTrunkIds: [], dispatchRuleIds: [] });
    const result = await added().catch((error: unknown) => error);
    if (result instanceof Error) expect(result).toBeInstanceOf(CliError);
  });
});

/** Files that a user has named, to be written: told before anything else is done. */
const WRITERS: Record<string, (file: string) => Promise<unknown>> = {
  "drift --summary": (file) =>
    drift(["--stack", "dev", "--summary"], recordedIO({ GITHUB_STEP_SUMMARY: file }, folder)),
  "verify --report": (file) => verify(["--stack", "local", "--report", file], recordedIO({}, folder)),
};

test.each(Object.entries(WRITERS))("%s refuses a file that cannot be written", async (_name, command) => {
  for (const name of ["folder.md", "fifo.md"]) await expectRefused(command, at(name));
  await expectRefused(command, join(at("huge"), "below-a-file.md"));
});
