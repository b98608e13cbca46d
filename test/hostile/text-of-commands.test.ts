import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parseDocument } from "yaml";
import { doctor } from "../../cli/commands/doctor.ts";
import { explain } from "../../cli/commands/explain.ts";
import { addLegacyIds } from "../../cli/doctor/stack-file.ts";
import { failure } from "../../cli/failure.ts";
import { readForms } from "../../cli/livekit/forms/read-forms.ts";
import { PROJECT_FORMAT } from "../../cli/livekit/project-file.ts";
import { clashesAfter } from "../../cli/restore/clashes.ts";
import { type Copies, readCopies, selectCopies } from "../../cli/restore/copies.ts";
import { planRestore } from "../../cli/restore/plan.ts";
import { describePlan, describeStep } from "../../cli/restore/text.ts";
import { recordedIO } from "../cli/recorded-io.ts";
import { hostileProject, hostileRule, hostileTrunk } from "./objects.ts";
import { expectPlain, expectPlainAtOnce, expectPlainJson } from "./shown.ts";
import { hostileText, patience, runs } from "./texts.ts";

jest.setTimeout(patience(120_000)); // a busy machine takes six times as long

const HOST = "my-project:443";
const folder = mkdtempSync(join(tmpdir(), "trunkline-hostile-"));
const file = join(folder, "project.json");
const stackFile = join(folder, "Pulumi.dev.yaml");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a command has printed, and its error as `main.ts` shows it, on the other stream. */
async function streams(command: typeof explain, args: string[], environment: NodeJS.ProcessEnv = {}) {
  const io = recordedIO(environment, folder);
  const error = await command(args, io).then(
    () => "",
    (reason: unknown) => failure(reason),
  );
  return { out: io.text(), error };
}

async function run(...args: Parameters<typeof streams>): Promise<string> {
  const { out, error } = await streams(...args);
  return `${out}\n${error}`;
}

/** Also of a project that it refuses. */
async function expectJson(command: typeof explain, args: string[]): Promise<void> {
  const { out, error } = await streams(command, [...args, "--json"]);
  expectPlainJson(out);
  expectPlainAtOnce(error);
}

/** Refused by its sight. */
const TWICE = {
  inboundTrunks: [],
  outboundTrunks: [],
  dispatchRules: [{ sipDispatchRuleId: "\u001b[31m" }, { sipDispatchRuleId: "\u001b[31m" }],
};

function writeProject(project: object): void {
  writeFileSync(file, JSON.stringify({ format: PROJECT_FORMAT, host: HOST, readAt: "", ...project }));
}

test("explain shows any project as text, and its JSON is JSON", async () => {
  const call = ["--from", "+4930123", "--to", "+493012345678", "--source-ip", "127.0.0.1"];
  await fc.assert(
    fc.asyncProperty(hostileProject, async (project) => {
      writeProject(project);
      expectPlainAtOnce(await run(explain, [...call, "--file", file]));
      await expectJson(explain, [...call, "--file", file]);
    }),
    { ...runs(60), examples: [[TWICE]] },
  );
});

test("doctor shows any project as text, and the commands to copy are one command each", async () => {
  await fc.assert(
    fc.asyncProperty(hostileProject, async (project) => {
      writeProject(project);
      const text = await run(doctor, ["--file", file]);
      expectPlainAtOnce(text);
      await expectJson(doctor, ["--file", file]);
      expectOneCommandEach(text.split("\n").filter((line) => /^ +npx .*trunkline explain /.test(line)));
    }),
    { ...runs(60), examples: [[TWICE]] },
  );
});

/** Run with a program instead of `npx` that prints nothing: a second command would leave its file. */
function expectOneCommandEach(lines: string[]): void {
  const { status } = spawnSync("bash", ["-c", ["npx() { :; }", ...lines].join("\n")], { cwd: folder });
  expect({ lines, status, injected: existsSync(join(folder, "injected")) }).toEqual({
    lines,
    status: 0,
    injected: false,
  });
}

test("doctor --write adds nothing to a stack file but lists of ids", () => {
  const before = `config:\n  trunkline:livekitUrl: wss://my-project\n  trunkline:note: kept # comment\n`;
  const id = fc.oneof(fc.constantFrom("ST_1", "ST_2", "0_", "no", "1e3", "~"), hostileText);
  const entries = fc.array(fc.record({ id, note: hostileText }), { maxLength: 3 });
  fc.assert(
    fc.property(entries, entries, (inboundTrunkIds, dispatchRuleIds) => {
      writeFileSync(stackFile, before);
      expectPlain(orFailure(() => addLegacyIds(stackFile, { inboundTrunkIds, dispatchRuleIds }).join("\n")));
      const written = readFileSync(stackFile, "utf8");
      expectPlain(written);
      for (const version of ["1.1", "1.2"] as const) expectOnlyIds(written, version);
    }),
    runs(200),
  );
});

function expectOnlyIds(text: string, version: "1.1" | "1.2"): void {
  const document = parseDocument(text, { version });
  expect(document.errors).toEqual([]);
  const { config, ...others } = document.toJS() as { config: Record<string, unknown> };
  const { "trunkline:legacy": legacy = {}, ...rest } = config;
  expect(others).toEqual({});
  expect(rest).toEqual({ "trunkline:livekitUrl": "wss://my-project", "trunkline:note": "kept" });
  for (const id of Object.values(legacy as Record<string, string[]>).flat()) expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
}

const copies = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("inboundTrunk"), id: hostileText.map((text) => `ST_${text}`), object: hostileTrunk }),
    fc.record({ kind: fc.constant("dispatchRule"), id: hostileText.map((text) => `SDR_${text}`), object: hostileRule }),
    fc.record({ kind: hostileText, id: hostileText, object: fc.constant({}) }),
  ),
  { minLength: 1, maxLength: 3 },
);

test("restore shows any file of copies, and what it would do with it, as text", () => {
  fc.assert(
    fc.property(copies, hostileProject, hostileText, (list, project, only) => {
      writeFileSync(file, JSON.stringify(list));
      expectPlainAtOnce(orFailure(() => planText(readCopies(file), project)));
      expectPlain(orFailure(() => planText(selectCopies(readCopies(file), [only]), project)));
    }),
    runs(100),
  );
});

function planText(found: Copies, project: object): string {
  writeProject(project);
  const live = readForms([{ name: "project.json", bytes: readFileSync(file) }]);
  const plan = planRestore(found, live);
  const step = { action: "created", kind: "inboundTrunk", oldId: "ST_1", id: "ST_2" } as const;
  const steps = found.trunks.map(({ id, object: { name } }) => describeStep({ ...step, name, oldId: id, id }));
  return [...describePlan(plan), ...clashesAfter(plan, live), ...steps].join("\n");
}

function orFailure(work: () => string): string {
  try {
    return work();
  } catch (error) {
    return failure(error);
  }
}

test("what a user has typed comes back as text", async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async (text) => {
      for (const option of ["--from", "--to", "--source-ip", "--from-host", "--pin", "--auth", "--file", "--oops"])
        expectPlain(await run(explain, [`${option}=${text}`]));
      expectPlain(await run(explain, [text]));
      expectPlain(await run(doctor, [`--stack=${text}`, "--file", file, "--write"]));
    }),
    runs(60),
  );
});
