import type { CallerReport } from "../../../sandbox/callers/sipp-caller.ts";
import { isGood, reportCall } from "../../../sandbox/start/call-report.ts";
import type { SeenEvent } from "../../../sandbox/start/event-log.ts";

const GREETING = [700, 900];
const SENT = 1_111;
const INVITE_AT = 1_000_000;

const caller = (over: Partial<CallerReport> = {}) =>
  ({
    sipCallId: "a@1",
    answered: true,
    finalStatus: 200,
    sentHz: SENT,
    heard: [
      { hz: 701, fromMs: 3_000, toMs: 3_300, level: -15 },
      { hz: 899, fromMs: 3_300, toMs: 3_600, level: -15 },
      { hz: SENT + 2, fromMs: 3_900, toMs: 6_000, level: -18 },
    ],
    timeline: [
      { event: "invite", at: INVITE_AT },
      { event: "answered", at: INVITE_AT + 80 },
      { event: "bye", at: INVITE_AT + 9_000 },
    ],
    recordings: { sent: "sent.wav", heard: "heard.wav" },
    ...over,
  }) as CallerReport;
const event = (source: SeenEvent["source"], name: string, ms: number, fields = {}): SeenEvent => ({
  at: INVITE_AT + ms,
  source,
  event: name,
  callId: "A",
  fields,
});
const goodEvents = [
  event("middleware", "webhook.received", 20),
  event("jambonz", "legs.joined", 2_500),
  event("agent", "caller.audio", 2_600, { hz: 1_109 }),
];

test("a good call: answered, both tones measured, a time line in order", () => {
  const report = reportCall(caller(), goodEvents, "callback", GREETING);
  expect(isGood(report)).toBe(true);
  expect(report).toMatchObject({
    id: "A",
    tone: { sentHz: SENT, heardByAgentHz: 1_109, echoedToCallerHz: SENT + 2, greetingHz: GREETING },
  });
  expect(report.timeline).toEqual([
    { event: "caller_invite", ms: 0 },
    { event: "webhook", ms: 20 },
    { event: "caller_answered", ms: 80 },
    { event: "legs_joined", ms: 2_500 },
    { event: "caller_audio_heard_by_agent", ms: 2_600 },
    { event: "agent_audio_heard_by_caller", ms: 3_000 },
    { event: "bye", ms: 9_000 },
  ]);
});

test.each([
  [
    "the caller is answered by hold music only",
    caller(),
    goodEvents.filter(({ event: name }) => name !== "legs.joined"),
    "answered",
    /no agent leg/,
  ],
  [
    "half of the greeting is missing",
    caller({ heard: caller().heard.slice(1) }),
    goodEvents,
    "audioToCaller",
    /greeting/,
  ],
  ["nothing but silence reaches the agent", caller(), goodEvents.slice(0, 2), "audioToAgent", /did not hear/],
  ["the agent hears some other tone", caller({ sentHz: 1_400 }), goodEvents, "audioToAgent", /did not hear/],
] as const)("%s: not good, and it says why", (_name, report, events, field, reason) => {
  const result = reportCall(report, [...events], "callback", GREETING);
  expect(result[field]).toBe(false);
  expect(isGood(result)).toBe(false);
  expect(result.reason).toMatch(reason);
});

test("a caller who was refused is reported with the status", () => {
  const refused = caller({ answered: false, finalStatus: 503, reason: "Try again later", heard: [] });
  expect(reportCall(refused, [], "callback", GREETING).reason).toBe("the caller was not answered: 503 Try again later");
});
