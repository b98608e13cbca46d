import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** docs/API_REGISTRATION_MIGRATION_GUIDE.md, word for word: one shell runs `npm start -- --by-hand`, another one the commands. */

jest.setTimeout(180_000);

const GUIDE = readFileSync("docs/API_REGISTRATION_MIGRATION_GUIDE.md", "utf8");
const STACK_FILE = "Pulumi.local.yaml";
const before = readFileSync(STACK_FILE, "utf8");
const folder = mkdtempSync(join(tmpdir(), "migration-"));
const env = { ...process.env, TRUNKLINE_WORK_FOLDER: folder };

interface Block {
  expected: string;
  text: string;
}
const blocks: Block[] = [...GUIDE.matchAll(/<!-- run(?:: (.*))? -->\n```sh\n([\s\S]*?)\n```/g)].map(
  ([, expected = "", text = ""]) => ({ expected, text }),
);

/** A program whose output is kept, and that is typed into. */
class Terminal {
  readonly #process: ChildProcess;
  output = "";

  constructor(command: string, args: string[]) {
    this.#process = spawn(command, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
  }

  type(text: string): void {
    this.#process.stdin?.write(text);
  }

  /** Waits until this is in the output behind `from`; returns what is there then. */
  async until(text: string | RegExp, from: number, limitMs = 150_000): Promise<string> {
    for (const end = Date.now() + limitMs; Date.now() < end; await pause(100)) {
      const rest = this.output.slice(from);
      if (rest.search(text) >= 0) return rest;
    }
    throw new Error(`"${text}" did not come:\n${this.output.slice(from)}`);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "close");
    this.#process.kill("SIGINT");
    await ended;
  }
}

const first = new Terminal("node_modules/.bin/node", ["cli/trunkline.mjs", "start", "--by-hand"]);
const second = new Terminal("bash", ["--noprofile", "--norc"]);

afterAll(async () => {
  await first.stop();
  second.type("exit\n");
  writeFileSync(STACK_FILE, before);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Runs a block in the second shell; returns what it printed and its last exit code. */
async function run(text: string): Promise<{ code: number; printed: string }> {
  const from = second.output.length;
  second.type(`${text}\necho "block ended: $?"\n`);
  const printed = await second.until(/block ended: \d+\n/, from);
  return { code: Number(/block ended: (\d+)/.exec(printed)?.[1]), printed };
}

/** Enter in the first shell. */
async function oneMoreCall(): Promise<string> {
  const from = first.output.length;
  first.type("\n");
  return first.until(/\nCall .*\n/, from);
}

/** Services are started anew once for each deployment. */
async function restarts(count: number): Promise<void> {
  await first.until(new RegExp(`Up for further calls(?:[\\s\\S]*✓ agent){${count}}`), 0);
}

async function follow(index: number): Promise<void> {
  const { expected, text } = blocks[index] as Block;
  const { code, printed } = await run(text);
  const exit = Number(/exit (\d)/.exec(expected)?.[1] ?? 0);
  expect({ text, code, printed: code === exit ? "" : printed }).toEqual({ text, code: exit, printed: "" });
  const said = expected.replace(/^exit \d(, )?/, "");
  if (said !== "") expect(printed).toContain(said);
}

test("before: a call on the set-up made by hand is answered 503 by LiveKit", async () => {
  await first.until("LiveKit answered 503", 0);
  await first.until("Up for further calls", 0);
}, 300_000); // the servers may have to be built first

test.each([
  [0, "the second shell"],
  [1, "doctor finds the clash"],
  [2, "explain says 503"],
  [3, "what is in Jambonz is saved"],
  [4, "the rows of Jambonz are adopted"],
  [5, "the preview shows what is created"],
  [6, "both services are deployed, the webhook stays"],
])("block %i: %s", async (index) => {
  await follow(index);
});

test("callers go the old way still: the same answer as before", async () => {
  await restarts(1);
  expect(await oneMoreCall()).toContain("LiveKit answered 503");
});

test("the webhook is switched, and the agent answers", async () => {
  await follow(7);
  await restarts(2);
  expect(await oneMoreCall()).toContain("answered, audio both ways");
});

test.each([
  [8, "the legacy ids are proposed"],
  [9, "and removed"],
  [10, "doctor finds nothing"],
  [11, "nor does drift"],
])("block %i: %s", async (index) => {
  await follow(index);
});

test("the agent answers now that nothing old is left", async () => {
  await restarts(3);
  expect(await oneMoreCall()).toContain("answered, audio both ways");
});

test("a ticket of that call has its time line and its ids in every system", async () => {
  const id = [...first.output.matchAll(/\nCall (\S+) \(/g)].at(-1)?.[1];
  const { code, printed } = await run(`npx --no-install trunkline ticket --stack local --call ${id}`);
  expect(code).toBe(0);
  for (const named of [`call-${id}`, "SCL_", "SIP Call-ID of the carrier", "trace id", "PCMA", "agent.ready", "ST_"])
    expect(printed).toContain(named);
  expect(printed).not.toContain("15112345678");
});

test("no block is left out", () => {
  expect(blocks).toHaveLength(12);
  const others = [...GUIDE.matchAll(/(.*)\n```sh\n/g)]
    .map(([, line = ""]) => line)
    .filter((line) => !/<!-- run/.test(line));
  expect(others).toEqual(["", expect.stringMatching(/^<!-- not run: .{10,} -->$/)]); // the first is the first shell's
});
