import { spawn } from "node:child_process";
import { checkRows } from "../../../cli/codecs/check.ts";
import { LIVEKIT_DEFAULTS, type MediaRules } from "../../../cli/codecs/media-rules.ts";
import { codecsText } from "../../../cli/codecs/report.ts";
import { ROWS } from "../../../cli/codecs/rows.ts";
import { startSystem } from "../../../cli/codecs/sandbox.ts";
import { codecs } from "../../../cli/commands/codecs.ts";
import { System } from "../../../sandbox/calls/system.ts";
import { Progress } from "../../../sandbox/progress.ts";
import { recordedIO } from "../recorded-io.ts";

// The whole check list on real servers: livekit-sip, agent, Jambonz stand-in, callers with SIP and RTP.
jest.setTimeout(240_000);

test("every offer ends as it is known to, and the command says so with exit code 0", async () => {
  const { code, stdout, stderr } = await run("codecs", "--json");
  const report = JSON.parse(stdout) as { format: string; ok: boolean; rows: { name: string; differences: string[] }[] };
  const different = report.rows.filter(({ differences }) => differences.length > 0);
  expect(different.map(({ name, differences }) => [name, differences])).toEqual([]);
  expect(report).toMatchObject({ format: "trunkline.codecs/1", ok: true });
  expect(report.rows.map(({ name }) => name)).toEqual(ROWS.map(({ name }) => name));
  expect(code).toBe(0);
  expect(stderr).toMatch(/✓ \d+ calls/);
});

/** A process of its own, as people run it. */
async function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ["cli/main.ts", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const told = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      told[name] += text;
    });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...told };
}

describe("with PCMA as the only codec of both trunks", () => {
  const rules: MediaRules = { ...LIVEKIT_DEFAULTS, codecs: ["PCMA/8000"], onlyListedCodecs: true };
  const both = { inbound: rules, outbound: rules };
  const system = new System(false);
  afterAll(() => system.stop());

  test("LiveKit's own INVITE offers PCMA alone, its answers choose it, and what has no PCMA is refused", async () => {
    const entry = await startSystem(system, both, new Progress(() => undefined));
    const rows = ["pcmu-pcma", "g722", "dial-pcmu", "callback-pcma"].flatMap((name) =>
      ROWS.filter((row) => row.name === name),
    );
    const checked = await checkRows(system, entry, rows, both, () => undefined);
    expect(checked.map(({ row, differences }) => [row.name, differences])).toEqual(rows.map(({ name }) => [name, []]));
    expect(checked[0]?.measured.codec).toBe("PCMA");
    expect(checked[1]?.measured.status).toBe(400);
    expect(checked[2]?.measured).toMatchObject({ codec: "PCMU", agentCodec: "PCMA" });
    expect(checked[3]?.measured.agentOffer).toEqual(["PCMA"]);

    const text = codecsText({ stack: "dev", rules: both, checked }, recordedIO());
    expect(text).toContain("Stack dev: only PCMA/8000; encryption: disable");
    expect(text).toContain("LiveKit offers PCMA");
    expect(text).toContain("All 4 rows are as known.");
  });
});

test("a row that nobody knows is refused before anything is started", async () => {
  const io = recordedIO();
  await expect(codecs(["--only", "opus"], io)).rejects.toMatchObject({ code: "USAGE" });
  expect(io.printed).toEqual([]);
});
