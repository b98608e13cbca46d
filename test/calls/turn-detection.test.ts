import { readFileSync } from "node:fs";
import { invitedAt, linesOf, ModelCaller } from "../../sandbox/calls/model-caller.ts";
import { type FlowName, System } from "../../sandbox/calls/system.ts";
import { requireSpeech } from "../../sandbox/toolchain/debian.ts";

// Callers with a real voice: what tells that they have finished listens to how people speak, and not to tones.
jest.setTimeout(90_000);

const FLOWS = ["callback", "dial"] as const satisfies FlowName[];
const system = new System(false);

beforeAll(async () => {
  await requireSpeech(() => undefined);
  await system.startServers();
  await system.startMiddleware();
}, 300_000); // the servers may have to be built first

afterAll(() => system.stop());

/** What the framework's own log says of each, at its lowest level. */
const SEEN = {
  stt: "running EOU detection on stt END_OF_SPEECH",
  vad: "VAD task: END_OF_SPEECH",
  model: '"msg":"eot prediction"',
} as const;

describe.each(Object.keys(SEEN) as (keyof typeof SEEN)[])("turn detection by %s", (detection) => {
  test("a question is answered soon after its end, though the first language model refuses", async () => {
    const models = await system.startModelAgent("pipeline", {
      AGENT_TURN_DETECTION: detection,
      AGENT_LLM: "openai/gpt-4.1-mini, google/gemini-2.5-flash",
    });
    const callers = FLOWS.map((flow) => new ModelCaller(system, flow, { holdMs: 25_000, bye: "caller" }));
    await Promise.all(callers.map((caller) => caller.saw("greeting.finished")));
    models.faults.onAnswer("llm", { kind: "error" }, 1);
    await Promise.all(callers.map((caller) => caller.speak("What are your opening hours on Saturday?")));
    for (const caller of callers) {
      const call = await caller.over;
      const answer = linesOf(call).find(({ line }) => line === "answer");
      const waitedMs = invitedAt(call) + (answer?.fromMs ?? Number.NaN) - caller.silentAt;
      expect({ waitedMs, isSoon: waitedMs < 4_000 }).toEqual({ waitedMs, isSoon: true });
    }
    const asked = models.of("llm").map(({ settings }) => settings.model);
    expect(asked).toContain("google/gemini-2.5-flash");
    expect(readFileSync(system.agent?.log ?? "", "utf8")).toContain(SEEN[detection]);
    await system.agent?.stop();
  });
});
