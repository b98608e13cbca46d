import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { AgentReport } from "../../../../service/shared/index.ts";

jest.setTimeout(60_000);

interface Outcome {
  ended?: string;
  error?: string;
  said: string[];
  report: AgentReport;
  logged: { event?: string; category?: string }[];
}

/** What became of a call with a model, in the framework's session with its fake model. */
async function converse(scenario: string): Promise<Outcome> {
  const args = ["test/service/agent/conversations/voice-session.ts", scenario];
  const env = { PATH: process.env.PATH, NODE_ENV: "production" };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 50_000 });
  return JSON.parse(
    stdout.split("\n").findLast((line) => line.startsWith('{"ended"') || line.startsWith('{"error"')) ?? "{}",
  );
}

test("a caller who says nothing is asked whether they are there; the call ends with a good-bye when they are not", async () => {
  const { ended, said } = await converse("silence");
  expect(said).toEqual(["Say hello.", expect.stringContaining("still there"), expect.stringContaining("Say good-bye")]);
  expect(ended).toBe("caller_silent");
});

test("whoever answers the question stays", async () => {
  expect(await converse("answer")).toMatchObject({ ended: "caller_left" });
});

test("a caller who waits for an answer is not asked whether they are there", async () => {
  expect(await converse("waiting")).toMatchObject({ ended: "caller_left", said: ["Say hello."] });
});

test("the agent's first sound and interruptions are counted", async () => {
  const { report } = await converse("turn");
  expect(report).toMatchObject({ turns: 0, interruptions: 1 });
  expect(report.firstAudioMs).toBeGreaterThanOrEqual(0);
});

test("a session that fails fails the conversation, so that the caller is told", async () => {
  expect((await converse("failure")).error).toContain("quota");
});

test("a tool of the user's is known to run while it does, and not after", async () => {
  const { said } = await converse("tool");
  expect(said.filter((text) => text.startsWith("tool"))).toEqual(["tool running: true", "tool running: false"]);
});

test("a voicemail is told by its greeting, and the call ends; what was said is not logged", async () => {
  const { ended, logged } = await converse("machine");
  expect(ended).toBe("caller_is_machine");
  expect(logged).toContainEqual(expect.objectContaining({ event: "caller.kind", category: "machine-vm" }));
  expect(JSON.stringify(logged)).not.toContain("mailbox of nobody");
});
