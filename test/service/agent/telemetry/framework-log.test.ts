import { Writable } from "node:stream";
import { frameworkLog } from "../../../../service/agent/telemetry/framework-log.ts";
import { harmlessError } from "../../../../service/agent/telemetry/harmless.ts";

const SAID = "my card number is 4711";

/** What the framework's own code logs, and could. */
function written(write: (log: ReturnType<typeof frameworkLog>) => void): string {
  let text = "";
  const to = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  write(frameworkLog("trace", to));
  return text;
}

function jsonError(): unknown {
  try {
    return JSON.parse(SAID);
  } catch (error) {
    return error;
  }
}

test.each<[string, (log: ReturnType<typeof frameworkLog>) => void]>([
  ["a marked field", (log) => log.debug({ "lk.pii.new_transcript": SAID, transcriptConfidence: 1 }, "received")],
  ["a field that nobody has marked", (log) => log.info({ transcript: SAID, nested: { text: [SAID] } }, "received")],
  ["a tool's arguments", (log) => log.error({ function: "look", "lk.pii.arguments": SAID }, "no such tool")],
  ["an unreadable answer", (log) => log.warn({ error: jsonError() }, "failed")],
  ["an unreadable argument", (log) => log.error(new Error(`expected object from function arguments: ${SAID}`))],
  ["text in the message", (log) => log.trace(`heard "${SAID}"`)],
  ["an error in the message", (log) => log.error(`Error running STT task: ${String(jsonError())}`)],
  ["what a part is bound to", (log) => log.child({ text: SAID }).info("ready")],
  ["an object without a message", (log) => log.info({ message: SAID, msg: SAID })],
])("%s is logged without what was said", (_, write) => {
  const line = written(write);
  expect(line).toContain('"part":"livekit-agents"');
  for (const word of ["card", "4711", "my ca"]) expect(line).not.toContain(word);
});

test("what tells an operator where it failed stays", () => {
  const error = Object.assign(new Error("Unexpected server response: 401"), { statusCode: 401, body: SAID });
  const line = JSON.parse(written((log) => log.warn({ attempt: 2, label: "openai.STT", error }, "retrying in 100ms")));
  expect(line).toMatchObject({
    ...{ level: "warn", service: "agent", msg: "retrying in 100ms", attempt: 2, label: "openai.STT" },
    err: { type: "Error", message: "Unexpected server response: 401", statusCode: 401 },
  });
  expect(line.err.stack).toMatch(/^\s+at /);
  expect(JSON.stringify(harmlessError(error))).not.toContain("card");
});
