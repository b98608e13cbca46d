/** An agent of your own: `AGENT_MODULE=examples/own-agent/agent.ts`, or `trunkline:agent: { module: … }` (docs/OWN_AGENT.md). */
import { existsSync, readFileSync } from "node:fs";
import { inference, llm, voice } from "@livekit/agents";
import { defineAgent } from "@trunkline/agent";
import { z } from "zod";
import { hoursOn } from "./opening-hours.ts";

/** By called number: `instructions/4930123456.md`, or else `instructions/everyone.md`. */
function instructionsFor(called: string): string {
  const own = new URL(`instructions/${called.replaceAll(/\D/g, "")}.md`, import.meta.url);
  return readFileSync(existsSync(own) ? own : new URL("instructions/everyone.md", import.meta.url), "utf8");
}

const openingHours = llm.tool({
  description: "Looks up when the shop is open.",
  parameters: z.object({ day: z.string().describe("The day of the week in English, or a date, YYYY-MM-DD") }),
  execute: async ({ day }) => hoursOn(day),
});

// biome-ignore lint/style/noDefaultExport: the agent looks for it there
export default defineAgent({
  session: () => ({
    stt: new inference.STT({ model: "assemblyai/universal-streaming", language: "en" }),
    llm: new inference.LLM({ model: "openai/gpt-4.1-mini" }),
    tts: new inference.TTS({ model: "elevenlabs/eleven_turbo_v2_5", language: "en" }),
    vad: null,
    turnHandling: { turnDetection: "stt", endpointing: { minDelay: 100 } },
  }),
  agent: ({ called }, tools) =>
    new voice.Agent({ instructions: instructionsFor(called), tools: { ...tools, openingHours } }),
  greeting: () => "Greet the caller in the name of the flower shop, and ask what they would like.",
});
