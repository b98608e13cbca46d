import { spawn } from "node:child_process";
import { Models } from "../../../../sandbox/models/models.ts";
import { assistant, PHRASES, type Script } from "../../../../sandbox/models/script.ts";
import { checkout } from "../../../../sandbox/root.ts";

// The example's evaluation, as a user runs it, against the stand-in of LiveKit's inference.
jest.setTimeout(60_000);

let models: Models;
beforeAll(async () => {
  models = await Models.start();
});
afterAll(() => models.stop());

/** Looks the opening hours up when asked for them; as the judge it reads the message strictly. */
function model(usesTool: boolean): Script {
  return (turn) => {
    if (turn.tools.includes("check_intent")) return judged(turn.text.includes("from nine to five"));
    const text = turn.text.replaceAll(/[,.?]/g, "");
    const isAsked = turn.by === "caller" && text.includes(PHRASES.question.words);
    if (isAsked && usesTool) return { call: [{ name: "openingHours", args: { day: "Saturday" } }] };
    return assistant({ ...turn, text });
  };
}

function judged(success: boolean): ReturnType<Script> {
  return { call: [{ name: "check_intent", args: { success, reason: "as it reads" } }] };
}

async function evaluate(script: Script): Promise<{ code: number | null; output: string }> {
  models.script = script;
  const { PATH } = process.env;
  const args = ["--test", "--test-reporter=tap", checkout("examples/own-agent/agent.eval.ts")];
  const child = spawn(process.execPath, args, { env: { PATH, ...models.environment("pipeline") } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += String(text)));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}

test("an agent that does what it should passes", async () => {
  const { code, output } = await evaluate(model(true));
  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/# pass 3\n/) });
  expect(models.openSockets).toBe(0);
});

test("one that makes the opening hours up does not, and is told which call was missing", async () => {
  const { code, output } = await evaluate(model(false));
  expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/# fail 1\n/) });
  expect(output).toMatch(/not ok 2 - looks the opening hours up/);
});

test("the model is shown the telephone's tools as in a call, with the instructions of the called number", () => {
  const asked = models.of("llm").map(({ settings }) => JSON.stringify(settings));
  expect(asked.filter((settings) => settings.includes("wholesale department")).length).toBeGreaterThan(0);
  expect(asked.filter((settings) => settings.includes("hangUp")).length).toBeGreaterThan(0);
});
