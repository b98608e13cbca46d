import { validateApp } from "@jambonz/schema";
import { validate } from "@jambonz/verb-specifications";
import { newCallId } from "@trunkline/shared";
import { apologise, apologiseWithoutFile, fallbackVerbs } from "../../../../service/middleware/jambonz/fallback.ts";
import { hookUrls } from "../../../../service/middleware/jambonz/hook-urls.ts";
import {
  decline,
  dequeueCaller,
  dialAgent,
  dialNumberAtLiveKit,
  enqueueCaller,
  hangUp,
  holdMusic,
  leaveQueue,
  type Verb,
  withCredentials,
} from "../../../../service/middleware/jambonz/verbs.ts";
import { testSpeech } from "../support.ts";

const callId = newCallId();
const hooks = hookUrls("https://middleware.example");
const call = {
  callId,
  flow: "dial" as const,
  caller: "+4930123456",
  called: "+4989654321",
  headers: { "X-Carrier": "n" },
};
const callerIds = new Map([["*", "+4930111111"]]);
const announcement = "You are speaking with an automated assistant.";
const voice = { vendor: "google", label: "main", voice: "en-US-A", fallbackVendor: "aws", fallbackLanguage: "en-US" };
const [files, voices] = [testSpeech(announcement, {}), testSpeech(announcement, voice)];
const common = { speech: files, unansweredApology: false, callerIds };
const moment = { answered: true, carrier: "north", hooks, mayDial: true };
const elsewhere = { ...common, fallback: { kind: "dial", number: "+4930123456" } } as const;
const declined = { ...common, fallback: { kind: "decline", status: 503 } } as const;
const route = { host: "project.sip.livekit.cloud", transport: "tcp", username: "livekit", password: "geheim" } as const;
const ANSWERS: Record<string, Verb[]> = {
  "a queued caller": [...voices.verbs("announcement", { hooks }), enqueueCaller(callId, hooks)],
  "a queued caller, without a voice": [...files.verbs("announcement", { hooks }), enqueueCaller(callId, hooks)],
  "an agent's leg": [dequeueCaller(callId, "11111111-0000-4000-8000-000000000001")],
  "hold music": holdMusic(),
  "the way out of the queue": leaveQueue(),
  "a dialled call": [
    ...files.verbs("announcement", { hooks, early: true }),
    dialAgent(call, { carrier: "LiveKit-prod", limitSeconds: 3_600, hooks }),
  ],
  "a call dialled at LiveKit's address": withCredentials(
    [dialAgent(call, { route, carrier: "LiveKit-prod", limitSeconds: 3_600, hooks })],
    route,
  ),
  "an apology": apologise(common, moment),
  "an apology that costs nothing": apologise({ ...common, unansweredApology: true }, { answered: false, hooks }),
  "an apology whose file is not there": apologiseWithoutFile({ ...common, speech: voices }, moment),
  "somebody else": fallbackVerbs(elsewhere, moment),
  "a call the carrier is to reroute": fallbackVerbs(declined, { ...moment, answered: false }),
  "the legacy dial": [dialNumberAtLiveKit("+4989654321", "project.sip.livekit.cloud")],
  "a hang-up": hangUp(),
  "a declined leg": decline(487, "Caller gone"),
};

describe.each(Object.entries(ANSWERS))("the answer for %s", (_name, verbs) => {
  test("is taken by jambonz 0.9 servers (@jambonz/verb-specifications)", () => {
    expect(() => validate(console, verbs)).not.toThrow();
  });

  test("is valid for the schema of @jambonz/sdk", () => {
    expect(validateApp(verbs)).toEqual({ valid: true, errors: [] });
  });
});

test("a number called on a caller's behalf sees one of ours: that of the carrier it goes over, else the common one", () => {
  const ids = new Map([...callerIds, ["north", "+4940222222"]]);
  const dialled = (carrier?: string) => fallbackVerbs({ ...elsewhere, callerIds: ids }, { ...moment, carrier });
  expect(dialled("north")).toMatchObject([{ callerId: "+4940222222" }]);
  expect(dialled("south")).toMatchObject([{ callerId: "+4930111111" }]);
  expect(dialled()).toMatchObject([{ callerId: "+4930111111" }]);
});

test("both judges refuse what is wrong, each in its own way", () => {
  expect(() => validate(console, [{ verb: "enqueue", name: "q", timeout: 3 }])).toThrow(/unknown property timeout/);
  expect(validateApp([{ verb: "enqueue" }]).valid).toBe(false);
});
