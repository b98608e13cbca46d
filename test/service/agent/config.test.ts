import { readConfig } from "../../../service/agent/config.ts";
import { personFor } from "../../../service/agent/conversations/voice-settings.ts";

const complete = {
  LIVEKIT_URL: "wss://example.livekit.cloud",
  LIVEKIT_API_KEY: "key",
  LIVEKIT_API_SECRET: "canary-secret",
};

test("the key pair and the address are enough: echo, two processes, 30 calls", () => {
  expect(readConfig(complete)).toEqual({
    livekit: { url: "wss://example.livekit.cloud", apiKey: "key", apiSecret: "canary-secret" },
    conversation: { name: "echo" },
    persons: { everyone: expect.objectContaining({ language: "de" }), byCalledNumber: {} },
    processes: 2,
    maxCalls: 30,
    telephony: {
      silence: { askAfterMs: 30_000, endAfterMs: 10_000 },
      callLimitMs: 3_600_000,
      transferTargets: [],
    },
  });
});

test("all problems are told at once", () => {
  const read = () => readConfig({ LIVEKIT_URL: "example.org", AGENT_CONVERSATION: "chess", AGENT_PROCESSES: "none" });
  for (const name of ["LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "AGENT_CONVERSATION", "AGENT_PROCESSES"])
    expect(read).toThrow(
      expect.objectContaining({ code: "AGENT_CONFIG_INVALID", message: expect.stringContaining(name) }),
    );
});

test.each(["0", "17", "1.5", "", "two"])("AGENT_PROCESSES=%j is refused", (value) => {
  expect(() => readConfig({ ...complete, AGENT_PROCESSES: value })).toThrow("whole number from 1 to 16");
});

test("a problem does not show the other variables' secrets", () => {
  expect(() => readConfig({ ...complete, LIVEKIT_URL: "" })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("canary-secret") }),
  );
});

test("transfer targets are E.164 numbers, comma-separated", () => {
  const read = (list: string) => readConfig({ ...complete, TRANSFER_TARGETS: list }).telephony.transferTargets;
  expect(read("+493055555555, +4940654321")).toEqual(["+493055555555", "+4940654321"]);
  expect(() => read("+493055555555,reception")).toThrow("TRANSFER_TARGETS entry 2 is never dialled: not-e164");
});

test.each([
  ["realtime", ["OPENAI_API_KEY"]],
  ["pipeline", ["LIVEKIT_INFERENCE_API_KEY", "LIVEKIT_INFERENCE_API_SECRET"]],
])("the conversation %s without its keys is refused at the start", (name, keys) => {
  for (const key of keys)
    expect(() => readConfig({ ...complete, AGENT_CONVERSATION: name })).toThrow(
      `${key} is missing: the conversation ${name}`,
    );
  const given = Object.fromEntries(keys.map((key) => [key, "a key"]));
  expect(readConfig({ ...complete, AGENT_CONVERSATION: name, ...given })).toMatchObject({ conversation: { name } });
});

test("machines are detected in a pipeline, where that is wanted, and nowhere else", () => {
  const keys = { LIVEKIT_INFERENCE_API_KEY: "a key", LIVEKIT_INFERENCE_API_SECRET: "a secret" };
  const pipeline = { ...complete, ...keys, AGENT_CONVERSATION: "pipeline" };
  expect(readConfig(pipeline).conversation).toMatchObject({ detectsMachines: false });
  expect(readConfig({ ...pipeline, AGENT_DETECT_MACHINES: "true" }).conversation).toMatchObject({
    detectsMachines: true,
  });
  expect(() => readConfig({ ...complete, AGENT_DETECT_MACHINES: "true" })).toThrow(
    "works with pipeline, not with echo",
  );
});

test("a called number can have a person of its own, the rest is everyone's", () => {
  const { persons } = readConfig({
    ...complete,
    AGENT_CONVERSATION: "realtime",
    OPENAI_API_KEY: "a key",
    AGENT_PERSON: '{"voice":"alloy","language":"en"}',
    AGENT_PERSONS: '{"+4989100":{"greeting":"Say hello from Munich."}}',
  });
  expect(persons).toMatchObject({
    everyone: { voice: "alloy", language: "en" },
    byCalledNumber: { "+4989100": { voice: "alloy", greeting: "Say hello from Munich." } },
  });
  expect(() => readConfig({ ...complete, AGENT_PERSON: "friendly" })).toThrow("AGENT_PERSON must be JSON");
});

test("a person is found by the number, however the carrier writes it", () => {
  const { persons } = readConfig({ ...complete, AGENT_PERSONS: '{"+49 89 1234567":{"language":"en"}}' });
  for (const called of ["+49891234567", "49891234567", "00 49 89 1234567"])
    expect(personFor(called, persons).language).toBe("en");
  expect(personFor("+4989101", persons).language).toBe("de");
});

test("the realtime model is OpenAI's, at another address, or at Azure", () => {
  const realtime = { ...complete, AGENT_CONVERSATION: "realtime" };
  const openai = { ...realtime, OPENAI_API_KEY: "a key" };
  expect(readConfig(openai).conversation).toEqual({ name: "realtime", model: "gpt-realtime", apiKey: "a key" });
  const elsewhere = { OPENAI_BASE_URL: "http://127.0.0.1:1/v1", AGENT_REALTIME_MODEL: "gpt-realtime-mini" };
  expect(readConfig({ ...openai, ...elsewhere, AGENT_ENDPOINTING_MS: "300" }).conversation).toMatchObject({
    ...{ model: "gpt-realtime-mini", baseUrl: "http://127.0.0.1:1/v1", endpointingMs: 300 },
  });
  const azure = { ...realtime, AZURE_OPENAI_ENDPOINT: "https://mine.openai.azure.com" };
  expect(() => readConfig(azure)).toThrow("AZURE_OPENAI_API_KEY is missing: the conversation realtime needs it");
  const whole = { ...azure, AZURE_OPENAI_API_KEY: "a key", AZURE_OPENAI_DEPLOYMENT: "calls" };
  expect(readConfig(whole).conversation).toMatchObject({
    azure: { endpoint: "https://mine.openai.azure.com", deployment: "calls" },
  });
});

test.each(["OPENAI_BASE_URL", "LIVEKIT_INFERENCE_URL", "AZURE_OPENAI_ENDPOINT"])("%s is an address", (name) => {
  expect(() => readConfig({ ...complete, [name]: "openai" })).toThrow(`${name} must start with https://`);
});

test.each(["-1", "5001", "fast"])("AGENT_ENDPOINTING_MS=%j is refused", (value) => {
  expect(() => readConfig({ ...complete, AGENT_ENDPOINTING_MS: value })).toThrow("whole number from 0 to 5000");
});

test.each([
  [{}, 30],
  [{ AGENT_CONVERSATION: "realtime", OPENAI_API_KEY: "key" }, 16],
  [{ AGENT_MODULE: "examples/own-agent/agent.ts" }, 12],
  [{ AGENT_MODULE: "examples/own-agent/agent.ts", AGENT_MAX_CALLS: "40" }, 40],
])("how many calls it takes depends on what a call needs: %j", (environment, calls) => {
  expect(readConfig({ ...complete, ...environment }).maxCalls).toBe(calls);
});

test("a module of the user's is a file of the app, and goes before every other conversation", () => {
  const own = { ...complete, AGENT_CONVERSATION: "realtime", AGENT_MODULE: "examples/own-agent/agent.ts" };
  const { conversation } = readConfig(own);
  expect(conversation).toMatchObject({ name: "own" });
  expect(String(conversation.name === "own" && conversation.module)).toMatch(
    /^file:.*\/examples\/own-agent\/agent\.ts$/,
  );
  for (const AGENT_MODULE of ["none.ts", "https://example.com/agent.ts"])
    expect(() => readConfig({ ...complete, AGENT_MODULE })).toThrow("AGENT_MODULE is not a file of this app");
});

const PIPELINE = {
  ...complete,
  AGENT_CONVERSATION: "pipeline",
  LIVEKIT_INFERENCE_API_KEY: "key",
  LIVEKIT_INFERENCE_API_SECRET: "secret",
};

test("a model may have others that take its place", () => {
  const { conversation } = readConfig({ ...PIPELINE, AGENT_LLM: "openai/gpt-4.1-mini, google/gemini-2.5-flash" });
  expect(conversation).toMatchObject({ llm: ["openai/gpt-4.1-mini", "google/gemini-2.5-flash"] });
  expect(() => readConfig({ ...PIPELINE, AGENT_LLM: "openai/gpt-4.1-mini,," })).toThrow("AGENT_LLM has an empty name");
});

test("turn detection is the pipeline's: a realtime model has its own", () => {
  expect(readConfig({ ...PIPELINE, AGENT_TURN_DETECTION: "model" }).conversation).toMatchObject({
    turnDetection: "model",
  });
  expect(() => readConfig({ ...PIPELINE, AGENT_TURN_DETECTION: "ear" })).toThrow("must be one of: stt, vad, model");
  expect(() => readConfig({ ...complete, AGENT_TURN_DETECTION: "vad" })).toThrow("works with pipeline");
});

describe("transcripts", () => {
  const keys = { ...complete, AGENT_CONVERSATION: "realtime", OPENAI_API_KEY: "a key" };
  const url = "https://crm.example.com/calls";

  test("are off, unless it is said where they go and what signs them", () => {
    expect(readConfig(keys).transcripts).toBeUndefined();
    const said = { ...keys, AGENT_TRANSCRIPT_URL: url, AGENT_TRANSCRIPT_SECRET: "sixteen letters!" };
    expect(readConfig(said).transcripts).toEqual({ url, secret: "sixteen letters!", notice: undefined });
  });

  test.each([
    [{ ...keys, AGENT_TRANSCRIPT_URL: url }, "needs AGENT_TRANSCRIPT_SECRET"],
    [{ ...keys, AGENT_TRANSCRIPT_URL: url, AGENT_TRANSCRIPT_SECRET: "short" }, "has less than 16 characters"],
    [{ ...keys, AGENT_TRANSCRIPT_URL: "http://crm.example.com" }, "is not encrypted"],
    [{ ...complete, AGENT_TRANSCRIPT_URL: url }, "an echo says nothing"],
  ])("with %j are refused", (environment, problem) => {
    expect(() => readConfig(environment)).toThrow(problem);
  });
});
