import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { runStart, type StartProcess, stillRunning, temporaryWorkFolder } from "./start-process.ts";

jest.setTimeout(120_000);

const work = temporaryWorkFolder();
/** A shell that lets everybody read what is written. */
const umask = process.umask(0);
afterAll(() => {
  process.umask(umask);
  work.remove();
});
const gitStatus = () => execFileSync("git", ["status", "--porcelain"], { encoding: "utf8" });

/** Every process the start registers while it runs. */
function watch(start: StartProcess) {
  const seen = new Map<number, ReturnType<StartProcess["started"]>[number]>();
  const look = () => {
    for (const group of start.started()) seen.set(group.pid, group);
  };
  const timer = setInterval(look, 100);
  void start.exited.then(() => clearInterval(timer));
  return () => [...seen.values()];
}

test("one command: declared with the real engine, answered by the agent, audio both ways, nothing left behind", async () => {
  const before = gitStatus();
  const start = runStart(work.path, ["--once", "--json"]);
  const started = watch(start);
  const code = await start.exited;
  const { ok, steps, outputs, calls } = start.result();
  expect({ code, ok, told: ok ? "" : start.told() }).toEqual({ code: 0, ok: true, told: "" });
  expect(steps.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["redis-server", "livekit-server", "livekit-sip", "pulumi up", "middleware", "agent"]),
  );
  expect(outputs).toMatchObject({ outboundTrunkId: expect.stringMatching(/^ST_/), support: expect.anything() });
  expect(outputs.removedLegacy).toHaveLength(3);
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({ flow: "callback", answered: true, audioToAgent: true, audioToCaller: true });
  expect(calls[0]?.timeline.map(({ event }) => event)).toEqual(
    expect.arrayContaining([
      "webhook",
      "room",
      "agent_joined",
      "invite",
      "ok_200",
      "agent_audio_heard_by_caller",
      "caller_audio_heard_by_agent",
      "bye",
    ]),
  );
  expect(existsSync(calls[0]?.recordings.heard ?? "")).toBe(true);
  expect(started().length).toBeGreaterThanOrEqual(7);
  expect(await stillRunning(started())).toEqual([]);
  expect(gitStatus()).toBe(before);
});

/** Programs of the cache, linked into a folder that is for its owner only. */
const LINKED = /\/state\/pulumi\/bin\//;

test("what the run has left is for its owner only, and has none of its secrets", () => {
  const files = readdirSync(work.path, { recursive: true, withFileTypes: true }).map((entry) => ({
    path: join(entry.parentPath, entry.name),
    isFile: entry.isFile(),
  }));
  expect(files.filter(({ path }) => /pulumi-\d-output\.log$/.test(path))).not.toEqual([]);
  const open = files.filter(({ path }) => !LINKED.test(path) && (statSync(path).mode & 0o077) !== 0);
  expect(open.map(({ path }) => path)).toEqual([]);
  const texts = files.filter(({ isFile }) => isFile).map(({ path }) => ({ path, text: readFileSync(path, "latin1") }));
  const secret = /wh_secret_|"(?:LIVEKIT_API_SECRET|JAMBONZ_WEBHOOK_SECRETS|sipPassword|livekitApiSecret)"|api_secret/;
  expect(texts.filter(({ text }) => secret.test(text)).map(({ path }) => path)).toEqual([]);
});

test("the same frequency goes out, to the agent, and back: the one that was asked for", async () => {
  const start = runStart(work.path, ["--once", "--json"], { TRUNKLINE_TONE_HZ: "1234" });
  await start.exited;
  const tone = start.result().calls[0]?.tone;
  expect(tone?.sentHz).toBe(1234);
  expect(Math.abs((tone?.heardByAgentHz ?? 0) - 1234)).toBeLessThanOrEqual(15);
  expect(Math.abs((tone?.echoedToCallerHz ?? 0) - 1234)).toBeLessThanOrEqual(15);
});

test("with the agent killed the same command reports false and exits 1, and shows no secret", async () => {
  const start = runStart(work.path, ["--once", "--json"]);
  await start.shows(/✓ agent /);
  for (const { name, pid } of start.started()) if (name === "agent") process.kill(-pid, "SIGKILL");
  expect(await start.exited).toBe(1);
  const { ok, reason, calls } = start.result();
  expect(ok).toBe(false);
  expect(reason).toMatch(/no agent leg/);
  expect(calls[0]).toMatchObject({ answered: false, audioToAgent: false, audioToCaller: false });
  expect(start.lines.join("\n")).not.toMatch(/wh_secret_|"services"/);
});
