import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parseDocument } from "yaml";
import { declaredRules } from "../../../cli/codecs/declared.ts";
import { LIVEKIT_DEFAULTS } from "../../../cli/codecs/media-rules.ts";
import { codecsJson, codecsText } from "../../../cli/codecs/report.ts";
import { COMMANDS } from "../../../cli/command-table.ts";
import { acceptance } from "../../../cli/commands/acceptance.ts";
import { adopt } from "../../../cli/commands/adopt.ts";
import { doctor } from "../../../cli/commands/doctor.ts";
import { drift } from "../../../cli/commands/drift.ts";
import { explain } from "../../../cli/commands/explain.ts";
import { leave } from "../../../cli/commands/leave.ts";
import { restore } from "../../../cli/commands/restore.ts";
import { ticket } from "../../../cli/commands/ticket.ts";
import { verify } from "../../../cli/commands/verify.ts";
import { failure } from "../../../cli/failure.ts";
import type { CommandIO } from "../../../cli/output/io.ts";
import { jsonText } from "../../../providers/text/foreign.ts";
import { recordedIO } from "../../cli/recorded-io.ts";
import { expectHarmlessMarkdown, expectPlain, expectPlainAtOnce, expectPlainJson } from "../shown.ts";
import { hostileText, patience, runs } from "../texts.ts";
import { openSurroundings, type Surroundings } from "./surroundings.ts";
import { CALL_ID, hostileWorld, type World } from "./world.ts";

/** Each command as a whole, from its arguments to its output and files, while all that it asks answers with hostile text. */

jest.setTimeout(patience(300_000)); // a busy machine takes six times as long

jest.mock("../../../cli/drift/pulumi.ts", () => ({
  ...jest.requireActual<object>("../../../cli/drift/pulumi.ts"),
  pulumiFor: async (_stack: string, { environment }: CommandIO) => ({
    environment,
    run: async (...args: string[]) => mockWorld.current?.pulumi(args),
  }),
}));
jest.mock("../../../cli/verify/terminal-person.ts", () => ({ TerminalPerson: mockPerson() }));

const mockWorld: { current: World | undefined } = { current: undefined };

/** Calls at once, hears everything, and waits for nothing. */
function mockPerson() {
  return class {
    canOverlap = true;
    patience = { comesMs: 1, lastsMs: 1 };
    begin = async () => ({});
    answer = async () => true;
    codec = async () => undefined;
    stopAgent = async () => true;
    startAgent = async () => undefined;
    close = () => undefined;
  };
}

let place: Surroundings;
beforeAll(async () => {
  place = await openSurroundings();
  process.env.HEROKU_API_URL = place.url;
});
afterAll(async () => {
  delete process.env.HEROKU_API_URL;
  await place.stop();
});

type Kind = "text" | "json" | "markdown";
type Command = (args: string[], io: CommandIO) => Promise<number>;
interface Whole {
  command: Command;
  /** Arguments, and what stdout has then. */
  runs: [string[], Kind][];
  /** Somewhere in what is seen of it, so that it does not end at its first question each time. */
  reaches: RegExp;
}

/** In the folder of the stack files. */
const [LOG, COPIES] = ["service.log", "copies.json"];
const CALL = ["--from", "+4930123456", "--to", "+493012345678", "--source-ip", "127.0.0.1"];
const TEST_CALL = ["--number", "+493012345678"];
const stack = (...args: string[]) => ["--stack", "dev", ...args];

/** A command is here, or in the list after this one. */
const WHOLE: Readonly<Record<string, Whole>> = {
  explain: { command: explain, reaches: /rejected|answered|503|room/, runs: both([...CALL]) },
  doctor: {
    command: doctor,
    reaches: /CALLS_CLASH.*Pulumi\.dev\.yaml/s,
    runs: [...both([]), [stack("--write"), "text"]],
  },
  drift: {
    command: drift,
    reaches: /unmanaged.*conflict.*What is declared wins/s,
    runs: [...both(stack("--summary")), [stack("--summary", "--heal"), "text"]],
  },
  ticket: {
    command: ticket,
    reaches: /## The call.*Last log lines/s,
    runs: [[stack("--call", CALL_ID, "--log", LOG), "markdown"]],
  },
  adopt: {
    command: adopt,
    reaches: /Written into/,
    runs: [
      [stack(), "text"],
      [stack("--write"), "text"],
    ],
  },
  leave: {
    command: leave,
    reaches: /removed {2}inbound trunk ST_left/,
    runs: [...both(stack()), [stack("--yes"), "text"]],
  },
  restore: { command: restore, reaches: /created/, runs: [...both([COPIES]), [[COPIES, "--yes"], "text"]] },
  verify: { command: verify, reaches: /The report is in.*NOT verified/s, runs: both(stack(...TEST_CALL)) },
  acceptance: {
    command: acceptance,
    reaches: /removed LiveKit trunk.*accepted/s,
    runs: both(["--stack", "acceptance", ...TEST_CALL]),
  },
};

/** Commands that show nothing of others. */
const SHOWS_ITS_OWN_ONLY: Readonly<Record<string, string>> = {
  start: "servers and a stack that it has made itself on this machine",
  test: "the checks of this checkout",
  env: "variables of the sandbox that it has started",
  codecs: "servers of its own; what a stack declares: the test after the next one",
};

function both(args: string[]): [string[], Kind][] {
  return [
    [args, "text"],
    [[...args, "--json"], "json"],
  ];
}

test("no command is left out", () => {
  expect([...Object.keys(WHOLE), ...Object.keys(SHOWS_ITS_OWN_ONLY)].toSorted()).toEqual(
    Object.keys(COMMANDS).toSorted(),
  );
});

describe.each(Object.entries(WHOLE))("%s", (name, { command, runs: all, reaches }) => {
  const shownBy: string[] = [];
  test.each(all)("%j shows what others have written as %s", async (args, kind) => {
    const callsItself = name === "verify" || name === "acceptance"; // and waits until no room is left
    await fc.assert(
      fc.asyncProperty(hostileWorld(place.url), async (world) => {
        mockWorld.current = world;
        place.enter(world, !callsItself);
        const io = recordedIO(place.environment, place.folder);
        const error = await told(command(args.map(inFolder), io));
        shownBy.push(io.text());
        expectShown(io.text(), kind);
        if (error !== undefined) expectPlain(error);
        expectFiles();
        if (kind !== "json") expectOneCommandEach([io.text(), error ?? ""].join("\n"));
      }),
      runs(callsItself ? 8 : 40),
    );
  });

  test("has gone all the way", () => expect(shownBy.join("\n")).toMatch(reaches));
});

test("what is typed comes back as text, from every command that takes a stack", async () => {
  await fc.assert(
    fc.asyncProperty(hostileWorld(place.url), hostileText, async (world, text) => {
      mockWorld.current = world;
      place.enter(world, false);
      for (const { command } of Object.values(WHOLE))
        for (const args of [[`--stack=${text}`], [text], [`--oops=${text}`], [`--number=${text}`, `--only=${text}`]]) {
          const io = recordedIO(place.environment, place.folder);
          const error = await told(command(args, io));
          expectPlain([io.text(), error ?? ""].join("\n"));
        }
    }),
    runs(15),
  );
});

function inFolder(argument: string): string {
  return argument === LOG || argument === COPIES ? join(place.folder, argument) : argument;
}

/** A command's own error, as `main.ts` shows it. Any other one would be a stack trace. */
async function told(running: Promise<number>): Promise<string | undefined> {
  return running.then(
    () => undefined,
    (error: unknown) => {
      expect(error).toMatchObject({ code: expect.any(String), name: expect.stringMatching(/^(Cli|Trunkline)Error$/) });
      return failure(error);
    },
  );
}

const EXPECTED = { text: expectPlainAtOnce, json: expectPlainJson, markdown: expectHarmlessMarkdown };

function expectShown(text: string, kind: Kind): void {
  if (text !== "") EXPECTED[kind](text);
}

/** What a command has written, or may have. */
function expectFiles(): void {
  const text = (name: string) => readFileSync(join(place.folder, name), "utf8");
  expectHarmlessMarkdown(text("summary.md"));
  for (const name of reports()) (name.endsWith(".md") ? expectHarmlessMarkdown : expectPlainJson)(text(name));
  for (const name of ["Pulumi.dev.yaml", "Pulumi.acceptance.yaml"]) expectStackFile(text(name));
}

function reports(): string[] {
  const folder = join("docs", "verified");
  if (!existsSync(join(place.folder, folder))) return [];
  return readdirSync(join(place.folder, folder)).map((name) => join(folder, name));
}

function expectStackFile(text: string): void {
  expectPlainAtOnce(text);
  const document = parseDocument(text);
  expect(document.errors).toEqual([]);
  const { config, ...others } = document.toJS() as { config: Record<string, object> };
  expect(others).toEqual({});
  const { "trunkline:legacy": legacy = {}, ...rest } = config;
  for (const id of Object.values(legacy).flat()) expect(id).toMatch(/^[\w-]+$/);
  expect(Object.keys(rest)).toEqual(["livekitUrl", "jambonz", "presentedNumbers"].map((name) => `trunkline:${name}`));
  const known = ["url", "livekitSipHost", "phoneCarrier", "adopt"];
  expect(known).toEqual(expect.arrayContaining(Object.keys(config["trunkline:jambonz"] ?? {})));
}

/** Commands to copy, run where the programs print nothing: a second command would leave its file. */
function expectOneCommandEach(text: string): void {
  const commands = text.match(/npx --no-install trunkline explain .*|pulumi (?:state|preview) .*? --stack \w+/g) ?? [];
  if (commands.length === 0) return;
  const script = ["npx() { :; }; pulumi() { :; }", ...commands];
  const { status } = spawnSync("bash", ["-c", script.join("\n")], { cwd: place.folder });
  const isInjected = existsSync(join(place.folder, "injected"));
  expect({ commands, status, isInjected }).toEqual({ commands, status: 0, isInjected: false });
}

test("codecs shows what a stack declares as text", async () => {
  await fc.assert(
    fc.asyncProperty(hostileWorld(place.url), async (world) => {
      const pulumi = { environment: {}, run: async (...args: string[]) => world.pulumi(args) };
      const io = recordedIO();
      const error = await told(
        declaredRules("dev", pulumi).then(({ outbound = LIVEKIT_DEFAULTS }) => {
          const report = { stack: "dev", rules: { inbound: outbound, outbound }, checked: [] };
          expectPlainAtOnce(codecsText(report, io));
          expectPlainJson(jsonText(codecsJson(report)));
          return 0;
        }),
      );
      if (error !== undefined) expectPlain(error);
    }),
    runs(60),
  );
});
