import { spawnSync } from "node:child_process";
import { own } from "@trunkline/contract";
import { personFor, voiceSettings } from "../../service/agent/conversations/voice-settings.ts";
import { callerInvite, eventually, type Service, startService, testCalls } from "../service/middleware/support.ts";

// What every object has by inheritance, as a text from outside.
jest.setTimeout(120_000);

const NAMES = Object.getOwnPropertyNames(Object.prototype); // `__proto__`, `constructor`, `toString` …
let service: Service | undefined;
afterEach(() => service?.app.close());

test.each(NAMES)("%s is found in no object that does not have it itself", (name) => {
  expect(own({}, name)).toBeUndefined();
  expect(own(JSON.parse(`{${JSON.stringify(name)}: 1}`), name)).toBe(1);
});

test.each(NAMES)(
  "a call to %s, from it, with it as carrier, header and call_sid, takes its way to the end",
  async (name) => {
    service = startService({ callFlow: "callback", carrierHeaders: [name], calls: testCalls() });
    const { rooms, hook, verbs } = service;
    const sip = { headers: JSON.parse(`{${JSON.stringify(name)}: "north", "via": "x"}`), method: "INVITE" };
    const numbers = { from: name, to: name, originating_sip_trunk_name: name };
    expect((await verbs("/livekit-api", callerInvite({ call_sid: name, ...numbers, sip })))[0]).toMatchObject({
      verb: "enqueue",
    });
    expect(rooms.calls[0]).toMatchObject({ called: name, carrier: name, flow: "callback" });
    expect((await verbs("/livekit-api/wait", { call_sid: name }))[0]).toMatchObject({ verb: "play" });
    await eventually(() => rooms.count("createAgentLeg") === 1);
    await hook("/livekit-api/status", { call_sid: name, call_status: "completed" });
    await eventually(() => rooms.count("deleteRoom") > 0);
    for (const path of ["/agent-leg", "/queue-left", "/dial-done", "/refer", "/status", "/simple"])
      expect(
        (await hook(`/livekit-api${path}`, { call_sid: name, ...numbers, call_status: name })).statusCode,
      ).toBeLessThan(500);
  },
);

test.each(NAMES)("a caller of %s gets the agent that everybody gets", (name) => {
  const settings = voiceSettings({ AGENT_PERSON: {}, AGENT_PERSONS: {} });
  expect(personFor(name, settings)).toBe(settings.everyone);
});

const REFUSED = [
  "export const look = (texts: Record<string, string>, name: string) => texts[name];",
  "export const write = (texts: Record<string, string>, name: string) => { texts[name] = name; };",
  "export const ask = (texts: object, name: string) => name in texts;",
];
const FINE = [
  "export const map = (texts: ReadonlyMap<string, string>, name: string) => texts.get(name);",
  "export const item = (texts: string[], index: number) => texts[index];",
  'export const known = (texts: Record<string, string>) => texts.a ?? texts["b-c"];',
  "export const part = (one: { a: 1; b: 2 }, name: 'a' | 'b') => one[name];",
];

test("the lint rule refuses a text as a key of a plain object, and nothing else", () => {
  const args = ["--stdin", "--stdin-filename", "contract/own.ts", "--format", "json"];
  const { stdout } = spawnSync("node_modules/.bin/eslint", args, {
    input: [...REFUSED, ...FINE].join("\n"),
    encoding: "utf8",
  });
  const [{ messages }] = JSON.parse(stdout);
  expect(messages.map((one: { ruleId: string; line: number }) => [one.ruleId, one.line])).toEqual(
    REFUSED.map((_, index) => ["trunkline/text-as-key", index + 1]),
  );
});
