import { readFileSync } from "node:fs";
import { parseSettings, type Sources } from "../../infra/settings.ts";
import { agentVariables } from "../../infra/settings-agent.ts";

const BASE = {
  livekitUrl: "wss://dev.livekit.cloud",
  sbcAddress: "sbc.example.com",
  presentedNumbers: ["+49 30 123456"],
  sipUsername: "livekit",
  sipPassword: "password-of-sip",
  jambonzWebhookSecret: "secret-of-jambonz",
};
const WEB = { name: "my-web", size: "standard-1x", quantity: 2, preboot: true };
const AGENT = { name: "my-agent", size: "standard-2x" };

function read(changes: Record<string, unknown>, stack = "dev") {
  const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const sources: Sources = {
    stack,
    config: Object.fromEntries(Object.entries({ ...BASE, ...changes }).map(([name, value]) => [name, asText(value)])),
    encrypted: new Set(["sipPassword", "jambonzWebhookSecret"]),
    environment: { LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "secret", HEROKU_API_KEY: "heroku" },
  };
  return parseSettings(sources);
}

function problems(changes: Record<string, unknown>, stack?: string): string[] {
  const reading = read(changes, stack);
  return "problems" in reading ? reading.problems : [];
}

function variables(agent: object): Record<string, string> {
  const reading = read({ agent });
  if ("problems" in reading) throw new Error(reading.problems.join());
  return agentVariables(reading.settings.agent);
}

test("an echo answers where nothing is said", () => {
  expect(variables({})).toEqual({ AGENT_CONVERSATION: "echo" });
});

test("everything that is said reaches the agent", () => {
  const told = variables({
    conversation: "pipeline",
    agentName: "support",
    persona: { instructionsFile: "README.md", greeting: "Say hello.", voice: "marin", language: "en-GB" },
    numbers: { "+49 30 123456": { language: "de" }, "030 123457": { instructions: "Sell." } },
    turnDetection: "model",
    models: {
      stt: "assemblyai/universal-streaming",
      llm: ["openai/gpt-4.1-mini", "google/gemini-2.5-flash"],
      tts: "cartesia/sonic-3:abc",
    },
    endpointingMs: 250,
    silenceSeconds: 0,
    detectMachines: true,
    transcript: { url: "https://crm.example.com/calls", notice: "We write this down." },
  });
  expect(told).toMatchObject({
    AGENT_CONVERSATION: "pipeline",
    AGENT_NAME: "support",
    AGENT_STT: "assemblyai/universal-streaming",
    AGENT_LLM: "openai/gpt-4.1-mini,google/gemini-2.5-flash",
    AGENT_TURN_DETECTION: "model",
    AGENT_TTS: "cartesia/sonic-3:abc",
    AGENT_ENDPOINTING_MS: "250",
    AGENT_SILENCE_SECONDS: "0",
    AGENT_DETECT_MACHINES: "true",
    AGENT_TRANSCRIPT_URL: "https://crm.example.com/calls",
    AGENT_TRANSCRIPT_NOTICE: "We write this down.",
  });
  const instructions = readFileSync("README.md", "utf8").trim();
  expect(JSON.parse(told.AGENT_PERSON ?? "")).toEqual({
    instructions,
    greeting: "Say hello.",
    voice: "marin",
    language: "en-GB",
  });
  expect(JSON.parse(told.AGENT_PERSONS ?? "")).toEqual({
    "+4930123456": { language: "de" },
    "+4930123457": { instructions: "Sell." },
  });
  expect(variables({ conversation: "realtime", models: { realtime: "gpt-realtime-mini" } })).toMatchObject({
    AGENT_REALTIME_MODEL: "gpt-realtime-mini",
  });
});

test("a module of the user's says by itself what the agent is", () => {
  expect(variables({ module: "infra/index.ts" })).toEqual({ AGENT_MODULE: "infra/index.ts" });
});

test.each([
  [{ conversation: "chat" }, /^agent\.conversation: must be one of/],
  [{ conversation: "echo", module: "infra/index.ts" }, /^agent\.conversation: .*set one of the two/],
  [{ module: "no/such/agent.ts" }, /^agent\.module: there is no file "no\/such\/agent\.ts"/],
  [{ module: "../agent.ts" }, /^agent\.module: has to be a path below/],
  [{ module: "/tmp/agent.ts" }, /^agent\.module: has to be a path below/],
  [{ module: "README.md" }, /^agent\.module: must be a \.ts/],
  [{ agentName: "my agent" }, /^agent\.agentName: is not a valid agent name/],
  [{ persona: { instructionsFile: "none.md" } }, /^agent\.persona\.instructionsFile: there is no file/],
  [{ persona: { instructionsFile: "docs" } }, /^agent\.persona\.instructionsFile: there is no file/],
  [{ persona: { instructions: "x", instructionsFile: "README.md" } }, /instructionsFile: instructions is set, too/],
  [{ persona: { instructionsFile: "package-lock.json" } }, /instructionsFile: "package-lock.json" is over 20000 char/],
  [
    { numbers: { "+4930123456": { language: "German" } } },
    /^agent\.numbers\.\+4930123456\.language: is not a language/,
  ],
  [{ numbers: { "+4930123456": {}, "030 123456": {} } }, /^agent\.numbers: "030 123456" is given twice/],
  [{ numbers: { reception: {} } }, /^agent\.numbers\.reception/],
  [{ detectMachines: true, conversation: "realtime" }, /^agent\.detectMachines: works with pipeline only/],
  [{ endpointingMs: 9_000 }, /^agent\.endpointingMs/],
  [{ persona: { name: "Ann" } }, /^agent\.persona\.name: no such setting/],
])("%j is refused", (agent, problem) => {
  expect(problems({ agent })).toEqual([expect.stringMatching(problem)]);
});

describe("prod refuses an echo that was not said", () => {
  const heroku = { middleware: WEB, agent: AGENT };
  const notSaid = /^agent\.conversation: is not set, and an echo would answer/;

  test("where it deploys the agent; other stacks do not", () => {
    expect(problems({ heroku }, "prod")).toEqual([expect.stringMatching(notSaid)]);
    expect(problems({ heroku }, "dev")).toEqual([]);
  });

  test.each([
    ["an echo that is meant", { agent: { conversation: "echo" } }],
    ["a model", { agent: { conversation: "realtime" } }],
    ["a module", { agent: { module: "infra/index.ts" } }],
    ["another agent", { agent: { agentName: "support" }, heroku: { middleware: WEB } }],
    ["a config var", { heroku: { middleware: WEB, agent: { ...AGENT, variables: { AGENT_CONVERSATION: "echo" } } } }],
  ])("but %s is said", (_, changes) => {
    expect(problems({ heroku, ...changes }, "prod")).toEqual([]);
  });
});

test("a deployment without an agent of ours names the one that answers, which has no rooms to wait in", () => {
  const heroku = { middleware: WEB };
  expect(problems({ heroku })).toEqual([expect.stringMatching(/^heroku\.agent: is not set; without it, set agent\./)]);
  const agent = { agentName: "support" };
  expect(problems({ heroku, agent })).toEqual([]);
  expect(problems({ heroku, agent, standbyRooms: "1" })).toEqual([
    expect.stringMatching(/^standbyRooms: only our agent can wait/),
  ]);
});
