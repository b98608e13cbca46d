import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSettings, type Sources } from "../../infra/settings.ts";

const sources: Sources = {
  stack: "dev",
  config: {
    livekitUrl: "wss://dev.livekit.cloud",
    sbcAddress: "sbc.example.com",
    presentedNumbers: '["+49 30 123456"]',
    sipUsername: "livekit",
    sipPassword: "password-of-sip",
    jambonzWebhookSecret: "secret-of-jambonz",
  },
  encrypted: new Set(["sipPassword", "jambonzWebhookSecret"]),
  environment: { LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "secret" },
};

function problems(changes: Partial<Sources>): string[] {
  const reading = parseSettings({ ...sources, ...changes });
  return "problems" in reading ? reading.problems : [];
}

test("what is not given has a default", () => {
  const reading = parseSettings(sources);
  expect(reading).toMatchObject({
    settings: {
      callFlow: "callback",
      sipTransport: "auto",
      callLimitSeconds: 3_600,
      presentedNumbers: ["+4930123456"],
      legacy: { inboundTrunkIds: [] },
    },
  });
});

test("one codec for both trunks", () => {
  const reading = parseSettings({
    ...sources,
    config: { ...sources.config, media: '{"codecs":["PCMA/8000"],"onlyListedCodecs":true}' },
  });
  expect(reading).toMatchObject({ settings: { media: { codecs: ["PCMA/8000"], onlyListedCodecs: true } } });
});

test.each([
  ['{"onlyListedCodecs":true}', "media: onlyListedCodecs without codecs would refuse every call"],
  ['{"codecs":["PCMA"]}', "media.codecs.0: is no codec with its rate, such as PCMA/8000"],
])("media %s: %s", (media, problem) => {
  expect(problems({ config: { ...sources.config, media } })).toEqual([problem]);
});

const given = (name: string, value: unknown) => ({
  ...sources.config,
  [name]: typeof value === "string" ? value : JSON.stringify(value),
});

/** A value of another type is not a missing one, at any depth, and is not told: it may be a secret. */
test.each([
  ["presentedNumbers", { a: 1 }, "presentedNumbers: has to be a list, is a group of settings"],
  ["sipUsername", ["u"], "sipUsername: has to be text, is a list"],
  ["sipPassword", ["canary"], "sipPassword: has to be text, is a list"],
  ["callLimitSeconds", "soon", "callLimitSeconds: has to be a number, is text"],
  ["agent", ["echo"], "agent: has to be a group of settings, is a list"],
  ["media", { codecs: "PCMA/8000" }, "media.codecs: has to be a list, is text"],
  ["legacy", { inboundTrunkIds: "ST_a" }, "legacy.inboundTrunkIds: has to be a list, is text"],
])("%s of another type: its type is told", (name, value, problem) => {
  const told = problems({ config: given(name, value) });
  expect(told).toEqual([problem]);
  expect(told.join()).not.toMatch(/canary|is not set/);
});

test.each([
  ["livekitURL", "x", 'livekitURL: no such setting; did you mean "livekitUrl"?'],
  ["maxConcurentCalls", "5", 'maxConcurentCalls: no such setting; did you mean "maxConcurrentCalls"?'],
  ["colour", "x", "colour: no such setting"],
  ["media", { codec: ["PCMA/8000"] }, 'media.codec: no such setting; did you mean "codecs"?'],
  ["agent", { persona: { languge: "de" } }, 'agent.persona.languge: no such setting; did you mean "language"?'],
])("%s, which is no setting: the one that was probably meant", (name, value, problem) => {
  expect(problems({ config: given(name, value) })).toContain(problem);
});

test("all problems are told at once, each with its name", () => {
  const config = {
    ...sources.config,
    sbcAddress: "sip:x",
    callFlow: "both",
    callLimitSeconds: "5",
    legacy: '{"inboundTrunkIds":["all"],"x":1}',
    liveKitUrl: "",
  };
  const told = problems({ config, environment: {} }).map((problem) => problem.split(":")[0]);
  expect(told.sort()).toEqual(
    [
      "LIVEKIT_API_KEY",
      "LIVEKIT_API_SECRET",
      "callFlow",
      "callLimitSeconds",
      "legacy.inboundTrunkIds.0",
      "legacy.x",
      "liveKitUrl",
      "sbcAddress",
    ].sort(),
  );
});

test("a missing value is told as missing", () => {
  expect(problems({ config: {} })).toEqual(
    expect.arrayContaining([
      "livekitUrl: is not set",
      "presentedNumbers: is not set",
      "jambonzWebhookSecret: is not set",
    ]),
  );
});

test("a secret in plain text is refused and not repeated", () => {
  const told = problems({ encrypted: new Set(["jambonzWebhookSecret"]) });
  expect(told).toEqual([expect.stringMatching(/^sipPassword: is in the stack file in plain text/)]);
  expect(told.join()).not.toContain("password-of-sip");
});

describe("the file of a run", () => {
  let folder: string;
  const withFile = (content: string, stack = "local"): Partial<Sources> => {
    const path = join(folder, "settings.json");
    writeFileSync(path, content);
    return { stack, environment: { ...sources.environment, TRUNKLINE_LOCAL_SETTINGS: path } };
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "trunkline-settings-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("is laid over the stack's configuration", () => {
    expect(parseSettings({ ...sources, ...withFile('{"livekitUrl":"ws://127.0.0.1:7880"}') })).toMatchObject({
      settings: { livekitUrl: "ws://127.0.0.1:7880", sbcAddress: "sbc.example.com" },
    });
  });

  test.each(["", "[]", "{"])("with %j in it is a problem", (content) => {
    expect(problems(withFile(content))).toEqual([
      expect.stringMatching(/^TRUNKLINE_LOCAL_SETTINGS: .* no readable JSON file$/),
    ]);
  });

  test("is refused on every other stack", () => {
    expect(problems(withFile("{}", "prod"))).toEqual([expect.stringContaining('for the stack "local" only')]);
  });
});
