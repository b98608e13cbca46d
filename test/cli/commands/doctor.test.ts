import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { doctor } from "../../../cli/commands/doctor.ts";
import { explain } from "../../../cli/commands/explain.ts";
import { writeMetadata } from "../../../providers/dynamic/marks.ts";
import { type LiveKit, startLiveKit } from "../../engine/stack.ts";
import { CLASHING, CLEAN, ProjectFiles } from "../projects.ts";
import { recordedIO } from "../recorded-io.ts";

const files = new ProjectFiles();
afterAll(() => files.remove());

describe("an export", () => {
  const run = async (project: object, ...args: string[]) => {
    const io = recordedIO();
    return { code: await doctor([...args, "--file", files.write(project)], io), io };
  };

  test("without findings: exit code 0", async () => {
    const { code, io } = await run(CLEAN);
    expect(code).toBe(0);
    expect(io.text()).toContain("No findings.");
    expect(io.text()).toMatch(/1 inbound trunks, 1 dispatch rules, 0 outbound trunks; 0 of 2 objects/);
  });

  test("with a clash: exit code 2, an example call to look at, the kinds of 503, what could be removed", async () => {
    const { code, io } = await run(CLASHING);
    expect(code).toBe(2);
    const text = io.text().replaceAll(/\s+/g, " ");
    expect(text).toContain("CALLS_CLASH");
    expect(text).toMatch(
      /To look at a clash: npx --no-install trunkline explain --from \+4930123 --to \+\d+ --source-ip 127\.0\.0\.1 /,
    );
    expect(text).toContain("503 Service temporarily unavailable");
    expect(text).toContain("ST_carrier by hand: carrier");
  });

  test("the example leads to the same answer when it is explained", async () => {
    const { io } = await run(CLASHING);
    const [, command = ""] = /npx --no-install trunkline explain (.*)/.exec(io.text()) ?? [];
    const explained = recordedIO();
    expect(await explain([...command.split(" "), "--file", files.write(CLASHING), "--json"], explained)).toBe(2);
    expect(explained.json()).toMatchObject({ answer: { kind: "refused", candidates: ["ST_carrier", "ST_sbc"] } });
  });

  test("10 000 trunks of which two clash: found within seconds, and legible", async () => {
    const others = Array.from({ length: 10_000 }, (_, i) => ({
      sipTrunkId: `ST_${i}`,
      name: `carrier ${i}`,
      numbers: [`+4930${1_000_000 + i}`],
    }));
    const { code, io } = await run({ ...CLASHING, inboundTrunks: [...others, ...CLASHING.inboundTrunks] });
    expect(code).toBe(2);
    expect(io.text()).toContain("CALLS_CLASH");
    expect(io.text().split("\n").length).toBeLessThan(400);
  });

  test("for machines: findings, causes, proposal, and the project as an export", async () => {
    const { io } = await run(CLASHING, "--json");
    expect(io.json()).toMatchObject({
      format: "trunkline.doctor/1",
      clean: false,
      findings: expect.arrayContaining([
        expect.objectContaining({ code: "CALLS_CLASH", severity: "error", ids: ["ST_carrier", "ST_sbc"] }),
      ]),
      causes503: [
        { kind: "configuration", state: "found" },
        { kind: "control-plane", state: "cannot be measured" },
        { kind: "quota", state: "cannot be measured" },
        { kind: "cpu", state: "cannot be measured" },
      ],
      proposed: { inboundTrunkIds: ["ST_carrier", "ST_sbc"], dispatchRuleIds: ["SDR_carrier", "SDR_sbc"] },
      project: { format: "trunkline.livekit/1" },
    });
  });

  test("trunks without a media timeout are told: a call on hold ends after 15 s", async () => {
    const trunk = (sipTrunkId: string, media: object) => ({ ...CLEAN.inboundTrunks[0], sipTrunkId, media });
    const trunks = [trunk("ST_short", {}), trunk("ST_long", { mediaTimeout: "90s" })];
    const { io } = await run({ ...CLEAN, inboundTrunks: trunks }, "--json");
    expect(io.json().notes).toEqual([expect.stringMatching(/15 s after its last RTP packet.*: ST_short\.$/)]);
  });

  test("an agent that nobody declared: for a declared rule, and where others are named", async () => {
    const roomConfig = { agents: [{ agentName: "somebody-else" }] };
    const project = { ...CLEAN, dispatchRules: CLEAN.dispatchRules.map((rule) => ({ ...rule, roomConfig })) };
    const { code, io } = await run(project);
    expect(code).toBe(2);
    expect(io.text()).toContain("UNKNOWN_AGENT");
    expect((await run(project, "--agent", "somebody-else")).code).toBe(0);
  });

  test("is no ground for writing ids", async () => {
    await expect(run(CLASHING, "--write")).rejects.toMatchObject({ code: "USAGE" });
  });
});

describe("a live project", () => {
  let livekit: LiveKit;
  let folder: string;
  let stackFile: string;

  beforeAll(async () => {
    livekit = await startLiveKit();
    folder = mkdtempSync(join(tmpdir(), "trunkline-doctor-"));
    stackFile = join(folder, "Pulumi.dev.yaml");
  }, 60_000);
  afterAll(async () => {
    await livekit?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await livekit.wipe();
    cpSync("Pulumi.dev.yaml", stackFile);
    const text = readFileSync(stackFile, "utf8").replace("wss://my-project-dev.livekit.cloud", livekit.url);
    writeFileSync(stackFile, text);
  });

  const io = (changes: NodeJS.ProcessEnv = {}) =>
    recordedIO({ LIVEKIT_URL: livekit.url, ...livekit.keys, ...changes }, folder);

  test("an empty one is clean, and nothing is written", async () => {
    const before = readFileSync(stackFile, "utf8");
    expect(await doctor(["--write"], io())).toBe(0);
    expect(readFileSync(stackFile, "utf8")).toBe(before);
  });

  test("--write lists the objects without a mark, never those of another stack; nothing in LiveKit changes", async () => {
    const mark = { project: "trunkline", stack: "prod", name: "dial" };
    const declared = await livekit.sip.createSipInboundTrunk("declared", [], {
      authUsername: "sbc",
      authPassword: "secret-of-the-sbc",
      metadata: writeMetadata(mark, {}),
    });
    const byHand = await livekit.sip.createSipInboundTrunk("by hand", [], {
      allowedNumbers: ["+4930123456"],
      allowedAddresses: ["127.0.0.0/8"],
    });
    const ruleFor = (id: string, name: string) =>
      livekit.sip.createSipDispatchRule({ type: "callee", roomPrefix: "" }, { name, trunkIds: [id] });
    const declaredRule = await ruleFor(declared.sipTrunkId, "calls [trunkline:trunkline/prod/dial]");
    const rule = await ruleFor(byHand.sipTrunkId, "rule by hand");

    const output = io();
    expect(await doctor(["--write"], output)).toBe(2);
    const written = readFileSync(stackFile, "utf8");
    expect(written).toContain(`- ${byHand.sipTrunkId} # by hand`);
    expect(written).toContain(`- ${rule.sipDispatchRuleId} # rule by hand`);
    expect(written).not.toContain(declared.sipTrunkId);
    expect(written).not.toContain(declaredRule.sipDispatchRuleId);
    expect(output.text()).toContain("Pulumi.dev.yaml: 2 new ids under trunkline:legacy");
    expect(output.text()).not.toContain("secret-of-the-sbc");
    expect(await livekit.sip.listSipInboundTrunk()).toHaveLength(2);

    await doctor(["--write"], io());
    expect(readFileSync(stackFile, "utf8")).toBe(written);
  });

  test("a wrong key: could not look", async () => {
    const output = io({ LIVEKIT_API_SECRET: "of-another-project-altogether-0123456789" });
    await expect(doctor(["--json"], output)).rejects.toMatchObject({ code: "WRONG_KEY" });
    expect(output.json()).toMatchObject({ error: { code: "WRONG_KEY" } });
  });
});

test("a control plane that cannot be reached is one of the kinds of 503", async () => {
  const output = recordedIO({ LIVEKIT_URL: "ws://127.0.0.1:1", LIVEKIT_API_KEY: "k", LIVEKIT_API_SECRET: "s" });
  await expect(doctor(["--json"], output)).rejects.toMatchObject({ code: "API_UNREACHABLE" });
  expect(output.json()).toMatchObject({
    error: { code: "API_UNREACHABLE" },
    causes503: expect.arrayContaining([
      expect.objectContaining({ kind: "control-plane", state: "found" }),
      expect.objectContaining({ kind: "configuration", state: "cannot be measured" }),
    ]),
  });
});

test("a host that no name server knows is a mistake in LIVEKIT_URL, not a 503 that was found", async () => {
  const output = recordedIO({ LIVEKIT_URL: "wss://my-projct.invalid", LIVEKIT_API_KEY: "k", LIVEKIT_API_SECRET: "s" });
  await expect(doctor(["--json"], output)).rejects.toMatchObject({ code: "API_UNREACHABLE" });
  expect(output.json()).toMatchObject({
    causes503: expect.arrayContaining([
      expect.objectContaining({
        kind: "control-plane",
        state: "cannot be measured",
        detail: expect.stringContaining("LIVEKIT_URL"),
      }),
    ]),
  });
});
