/**
 * What the agent says and does, without a telephone: `node --test examples/own-agent/agent.eval.ts`. It asks real models
 * (LIVEKIT_INFERENCE_API_KEY, LIVEKIT_INFERENCE_API_SECRET), so it costs a little and is not the same each time: judge what was meant, not words.
 */
import { match } from "node:assert/strict";
import { test } from "node:test";
import { inference } from "@livekit/agents";
import { ScriptedCall } from "@trunkline/agent/evaluation";
import agent from "./agent.ts";

const judge = new inference.LLM({ model: "openai/gpt-4.1-mini" });

test("speaks first", async () => {
  await using call = await ScriptedCall.begin(agent);
  match(call.greeting, /\w/);
});

test("looks the opening hours up, and tells them", async () => {
  await using call = await ScriptedCall.begin(agent);
  const { expect } = await call.say("What are your opening hours on Saturday?");
  expect.containsFunctionCall({ name: "openingHours" });
  await expect.at(-1).isMessage({ role: "assistant" }).judge(judge, { intent: "says when the shop is open" });
});

test("says good-bye before it hangs up", async () => {
  await using call = await ScriptedCall.begin(agent, { call: { called: "+4989200" } });
  const { expect } = await call.say("That was all, thank you and good-bye.");
  expect.containsMessage({ role: "assistant" });
  expect.containsFunctionCall({ name: "hangUp" });
});
