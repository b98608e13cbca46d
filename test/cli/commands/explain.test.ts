import { explain } from "../../../cli/commands/explain.ts";
import { CLASHING, CLEAN, ProjectFiles } from "../projects.ts";
import { recordedIO } from "../recorded-io.ts";

const files = new ProjectFiles();
afterAll(() => files.remove());

const FROM_CARRIER = ["--from", "+4930123456", "--to", "call-a1", "--source-ip", "127.0.0.1"];
const LOCAL = { ...CLASHING, inboundTrunks: CLASHING.inboundTrunks.map((it) => ({ ...it, ...callers(it) })) };

/** A caller number that is long enough to be one. */
function callers({ sipTrunkId }: { sipTrunkId: string }) {
  return sipTrunkId === "ST_carrier" ? { allowedNumbers: ["+4930123456"] } : {};
}

async function run(project: object, args: string[], host?: string) {
  const io = recordedIO();
  const code = await explain([...args, "--file", files.write(project, host)], io);
  return { code, io, text: io.text() };
}

async function json(project: object, args: string[], host?: string) {
  const { code, io } = await run(project, [...args, "--json"], host);
  return { code, ...io.json() };
}

test("two trunks that clash: the answer, which they are, and what to do", async () => {
  const { code, text } = await run(LOCAL, FROM_CARRIER);
  expect(code).toBe(2);
  expect(text).toContain("+4930123456 → call-a1 from 127.0.0.1");
  expect(text).toContain(
    "503 Try again later, every time: more than one trunk without called numbers lets this caller in.",
  );
  expect(text).toMatch(/✗ +ST_carrier +by hand: carrier +any ← \+4930123456 @ any, with credentials +clashes/);
  expect(text).toMatch(/✗ +ST_sbc +by hand: SBC +any ← any @ 127\.0\.0\.0\/8 +clashes/);
  expect(text).toMatch(/· +SDR_carrier .*is not looked at/);
  expect(text).toContain("npx --no-install trunkline doctor lists every clash");
  expect(text).not.toContain("--write"); // which a file is refused
});

test("the same for machines, without anything secret", async () => {
  const report = await json(LOCAL, FROM_CARRIER);
  expect(report).toMatchObject({
    code: 2,
    format: "trunkline.explain/1",
    host: "my-project:443 (project.json)",
    target: "open-source",
    reachesRoom: false,
    answer: {
      kind: "refused",
      sip: { status: 503, reason: "Try again later" },
      because: "trunks-without-numbers",
      candidates: ["ST_carrier", "ST_sbc"],
    },
    trunks: [
      { id: "ST_carrier", name: "by hand: carrier", verdict: "clashes" },
      { id: "ST_sbc", verdict: "clashes" },
    ],
    rules: [
      { id: "SDR_carrier", verdict: "not-looked-at" },
      { id: "SDR_sbc", verdict: "not-looked-at" },
    ],
  });
  expect(JSON.stringify(report)).not.toMatch(/hidden|assword/);
});

test("another caller gets through: the room, and why not the other trunk", async () => {
  const { code, text } = await run(LOCAL, ["--from", "+4940999999", "--to", "call-a1", "--source-ip", "127.0.0.1"]);
  expect(code).toBe(2);
  expect(text).toContain('180 Ringing: room "office", no agent dispatched by the rule.');
  expect(text).toMatch(/· +ST_carrier .*does not let this caller number in/);
  expect(text).toMatch(/✓ +SDR_sbc .*decides the call/);
});

test("3000 numbers fill no screen: the one that was called stands first, the others are counted", async () => {
  const numbers = Array.from({ length: 3_000 }, (_, i) => `+4930${1_000_000 + i}`);
  const project = { ...CLEAN, inboundTrunks: CLEAN.inboundTrunks.map((trunk) => ({ ...trunk, numbers })) };
  const { text } = await run(project, ["--from", "+4930123456", "--to", "+49301002999"]);
  expect(text).toContain("+49301002999, +49301000000, +49301000001 and 2997 more");
  expect(text.split("\n").length).toBeLessThan(20);
});

test("without a source address it says what that means", async () => {
  const { text } = await run(LOCAL, FROM_CARRIER.slice(0, 4));
  expect(text).toContain("No --source-ip was given");
});

describe("credentials", () => {
  test.each([
    [
      "none: the challenge, and where the call would go",
      [],
      2,
      { kind: "challenge", withCredentials: { kind: "room" } },
    ],
    ["those of the trunk", ["--auth", "sbc:known"], 0, { kind: "room", room: { name: "call-a1" } }],
    ["a wrong password", ["--auth", "sbc"], 2, { kind: "wrong-credentials", sip: { status: 401 } }],
    ["another user's", ["--auth", "carrier:known"], 2, { kind: "wrong-credentials" }],
  ])("%s", async (_, auth, code, answer) => {
    expect(await json(CLEAN, [...FROM_CARRIER, ...auth])).toMatchObject({ code, answer });
  });
});

test("of many trunks those that decide are shown, the others counted", async () => {
  const others = Array.from({ length: 60 }, (_, i) => ({
    sipTrunkId: `ST_${String(i).padStart(3, "0")}`,
    numbers: [`+49301234${i}`],
  }));
  const { text } = await run({ ...CLEAN, inboundTrunks: [...others, ...CLEAN.inboundTrunks] }, FROM_CARRIER);
  expect(text).toMatch(/✓ +ST_dial/);
  expect(text).toContain("… and 36 more (all of them: --json)");
  expect(text.match(/serves other called numbers/g)).toHaveLength(24);
});

describe("no rule or no trunk", () => {
  const NOTHING = { inboundTrunks: [], dispatchRules: [] };

  test("the open-source server never answers", async () => {
    const { code, text } = await run(NOTHING, ["--from", "+4930123456", "--to", "SCL_abc"]);
    expect(code).toBe(2);
    expect(text).toContain("no final answer: 180 Ringing until the caller gives up");
    expect(text).toContain("An id that CreateSIPParticipant returned (SCL_…) can never be called");
    expect(text).toContain("no inbound trunk");
  });

  test("LiveKit Cloud says 404", async () => {
    expect(await json(NOTHING, FROM_CARRIER, "my-project.livekit.cloud:443")).toMatchObject({
      code: 2,
      target: "cloud",
      answer: { kind: "no-match", sip: { status: 404 } },
    });
  });
});

test("with --json a failure is an object, too", async () => {
  const io = recordedIO({});
  await expect(explain([...FROM_CARRIER, "--json"], io)).rejects.toMatchObject({ code: "MISSING_SETTING" });
  expect(io.json()).toMatchObject({ error: { code: "MISSING_SETTING", hint: expect.stringContaining("LIVEKIT_URL") } });
});
