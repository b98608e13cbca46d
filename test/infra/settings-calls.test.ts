import { z } from "zod";
import { callProblems, callSettings, callVariables } from "../../infra/settings-calls.ts";
import { loadConfig } from "../../service/middleware/config.ts";

const schema = z.strictObject(callSettings);
const OPERATOR = "+4930123456";

/** The middleware's own reading of what a stack gives it. */
const readBack = (settings: object) =>
  loadConfig({
    LIVEKIT_URL: "wss://project.livekit.cloud",
    LIVEKIT_API_KEY: "key",
    LIVEKIT_API_SECRET: "secret",
    LIVEKIT_OUTBOUND_TRUNK_ID: "ST_1",
    JAMBONZ_WEBHOOK_SECRETS: "one",
    ...callVariables(schema.parse(settings)),
  });

test.each([
  [{}, { fallback: { kind: "say" }, maxConcurrentCalls: 200, allowedTargets: [] }],
  [
    { fallback: "decline:503", maxConcurrentCalls: 7 },
    { fallback: { kind: "decline", status: 503 }, maxConcurrentCalls: 7 },
  ],
  [
    { fallback: `dial:${OPERATOR}`, allowedTargets: ["+49 30 123456"] },
    { fallback: { kind: "dial", number: OPERATOR } },
  ],
])("the middleware understands the stack's %j", (settings, expected) => {
  expect(readBack(settings).calls).toMatchObject(expected);
});

test("the middleware says what the stack says, where it has a voice for it", () => {
  const { speech } = readBack({ fallbackText: "Later, please." }).calls;
  expect(speech.replaced).toContainEqual(expect.stringContaining("apology for *"));
});

test("the middleware keeps as many rooms ready as the stack says, by default none", () => {
  expect(readBack({}).standbyRooms).toBe(0);
  expect(readBack({ standbyRooms: 20 }).standbyRooms).toBe(20);
  expect(schema.safeParse({ standbyRooms: 21 }).success).toBe(false);
});

test("the middleware sends ended calls where the stack says, signed with a secret config var", () => {
  const callEvents = { url: "https://crm.example.com/calls" };
  const variables = callVariables(schema.parse({ callEvents }));
  expect(variables).toMatchObject({ CALL_EVENTS_URL: callEvents.url });
  expect(callVariables(schema.parse({}))).not.toHaveProperty("CALL_EVENTS_URL");
  expect(schema.safeParse({ callEvents: { url: "ftp://crm.example.com" } }).success).toBe(false);
});

test("the preview refuses an address that no secret signs for, where we deploy", () => {
  const settings = { ...schema.parse({ callEvents: { url: "https://crm.example.com/calls" } }), heroku: {} };
  const problem = expect.stringContaining("serviceSecrets.middleware.CALL_EVENTS_SECRET");
  expect(callProblems({ ...settings, serviceSecrets: { middleware: {} } })).toEqual([problem]);
  const secrets = { middleware: { CALL_EVENTS_SECRET: "a secret of the receiver's" } };
  expect(callProblems({ ...settings, serviceSecrets: secrets })).toEqual([]);
  expect(callProblems({ ...settings, heroku: undefined })).toEqual([]);
});

test.each(["sing", "dial:112", "dial:", "decline:200"])("the fallback %s is no setting", (fallback) => {
  expect(schema.safeParse({ fallback }).success).toBe(false);
});

test.each([
  ["+499001234567", "premium"],
  ["+49137123456", "premium"],
  ["+881612345678", "satellite"],
  ["+49116117", "emergency"],
])("the preview refuses %s, with which the services would not start", (number, why) => {
  const settings = schema.parse({ allowedTargets: [number], fallback: `dial:${number}` });
  expect(callProblems(settings)).toEqual([
    `allowedTargets: ${number} is never dialled: ${why}`,
    `fallback: ${number} is never dialled: ${why}`,
  ]);
  expect(() => readBack({ allowedTargets: [number] })).toThrow();
});

test("a number that the preview takes starts the services, however short: the probe of Niue", () => {
  expect(readBack({ allowedTargets: ["+6834000"], fallback: "dial:+6834000" }).calls.fallback).toEqual({
    kind: "dial",
    number: "+6834000",
  });
});

test("a fallback dials declared numbers only", () => {
  expect(callProblems(schema.parse({ fallback: `dial:${OPERATOR}` }))).toEqual([
    "fallback: its number is not in allowedTargets",
  ]);
  expect(callProblems(schema.parse({ fallback: `dial:${OPERATOR}`, allowedTargets: [OPERATOR] }))).toEqual([]);
});
