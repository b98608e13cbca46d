import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Phone, PlaceCallOptions } from "../../sandbox/callers/sipp-caller.ts";
import { scoreOf } from "../../sandbox/calls/heard.ts";
import { likeness } from "../../sandbox/calls/likeness.ts";
import { OPERATOR, PRESENTED, shownToOperator } from "../../sandbox/calls/operator.ts";
import { type FlowName, type PlacedCall, System } from "../../sandbox/calls/system.ts";
import { checkout } from "../../sandbox/root.ts";
import type { SeenEvent } from "../../sandbox/start/event-log.ts";
import { failurePhrase } from "../../service/agent/audio/phrases.ts";
import type { Note } from "../../service/agent/audio/tone.ts";
import { samplesOfWav } from "../../service/agent/audio/wav.ts";
import { SIGNALS } from "../../service/agent/conversations/signals.ts";
import type { AgentReport } from "../../service/shared/index.ts";

// What an agent does with a real SIP call beyond talking. The calls of a test run beside each other.
jest.setTimeout(90_000);

const FLOWS = ["callback", "dial"] as const;
/** The agent may refer to it, the middleware does not dial it. */
const FOREIGN = "+4989300999";
const NEAR_HZ = 15;

const system = new System();

beforeAll(async () => {
  await system.startServers();
  await system.startMiddleware();
}, 300_000); // the servers may have to be built first

afterAll(() => system.stop());
afterEach(() => system.hooks.reset());

async function endAgent(): Promise<void> {
  const left = await system.leftovers();
  await system.agent?.stop();
  expect(left).toEqual({ rooms: [], calls: [], legs: 0 });
}

interface Conversation {
  callId: string;
  phone: Phone;
  over: Promise<PlacedCall>;
}

let callers = 100;

/** A call up to the moment when the agent has greeted its caller, who then waits for the agent to hang up. */
async function conversation(flow: FlowName, options: Partial<PlaceCallOptions> = {}): Promise<Conversation> {
  const call = begin(flow, options);
  await call.saw("greeting.finished");
  return { callId: await call.id, phone: call.phone, over: call.over };
}

/** A call of its own caller, told from others by the last three digits: they are readable in every log. */
function begin(flow: FlowName, options: Partial<PlaceCallOptions> = {}) {
  const digits = String(++callers);
  const phones: Phone[] = [];
  const onPhone = (phone: Phone) => void phones.push(phone);
  const over = system.call(flow, { from: `+4917100${digits}`, holdMs: 60_000, bye: "callee", ...options, onPhone });
  const id = eventOf(
    ({ event, fields }) => event === "webhook.received" && String(fields.caller).endsWith(digits),
  ).then(({ callId }) => callId as string);
  over.catch(() => undefined); // told where it is waited for
  id.catch(() => undefined);
  const saw = async (name: string) => sawIn(await id, name);
  return { id, over, saw, phone: forwarding(phones) };
}

/** The phone is there a moment after the call was begun. */
function forwarding(phones: readonly Phone[]): Phone {
  return {
    say: (hz) => phones[0]?.say(hz),
    speak: (samples) => phones[0]?.speak(samples),
    hold: () => phones[0]?.hold(),
    press: (keys) => phones[0]?.press(keys),
    get heardKeys() {
      return phones[0]?.heardKeys ?? "";
    },
  };
}

function sawIn(callId: string, name: string): Promise<SeenEvent> {
  return eventOf((event) => event.event === name && event.callId === callId, name);
}

/** What the middleware shows of a call's agent. */
async function reportOf(callId: string): Promise<AgentReport | undefined> {
  const { agent } = await system.callRecord(callId);
  return agent.report;
}

async function eventOf(isWanted: (event: SeenEvent) => boolean, what = "the event"): Promise<SeenEvent> {
  let found: SeenEvent | undefined;
  await system.events.waitFor((event) => {
    if (isWanted(event)) found ??= event;
    return found !== undefined;
  }, 45_000);
  if (!found) throw new Error(`${what} was not seen`);
  return found;
}

/** Whether a caller heard all notes of a signal, one after the other. */
function heardSignal({ caller }: PlacedCall, notes: readonly Note[]): boolean {
  let from = 0;
  return notes
    .filter(({ hz }) => hz > 0)
    .every(({ hz }) => {
      const heard = caller.heard.find((tone) => tone.fromMs >= from && Math.abs(tone.hz - hz) < NEAR_HZ);
      from = heard?.toMs ?? from;
      return heard !== undefined;
    });
}

async function both<T>(work: (flow: FlowName) => Promise<T>): Promise<T[]> {
  return Promise.all(FLOWS.map(work));
}

describe("an agent with a silence limit of 3 s and a call limit of 25 s", () => {
  /** Take their time beside the others. */
  let silent: Promise<Conversation[]>;
  let talkative: Promise<Conversation[]>;

  beforeAll(async () => {
    await system.startAgent({
      AGENT_SILENCE_SECONDS: "3",
      AGENT_CALL_LIMIT_SECONDS: "25",
      TRANSFER_TARGETS: `${OPERATOR},${FOREIGN}`,
      NODE_OPTIONS: `--import=${pathToFileURL(checkout("test/calls/breakable-echo.ts")).href}`,
    });
    silent = both((flow) => conversation(flow, { toneHz: 0 }));
    talkative = both((flow) => conversation(flow));
    for (const calls of [silent, talkative]) calls.catch(() => undefined); // told where they are waited for
    for (const { phone } of await silent) phone.say(0);
  }, 60_000);
  afterAll(endAgent);

  test("sends back every key that its caller presses; none ends the call, # least of all, but *0 does", async () => {
    const calls = await both((flow) => conversation(flow));
    for (const { phone } of calls) phone.press("012345678#**");
    for (const { callId, phone, over } of calls) {
      await until(
        () => phone.heardKeys.length >= 11,
        () => `heard ${phone.heardKeys}`,
      );
      expect(phone.heardKeys).toBe("012345678#*");
      await until(
        async () => (await reportOf(callId))?.firstAudioMs !== undefined,
        () => "no report of the agent in the call's record",
      );
      const { joinMs, readyMs = 0, turns, interruptions } = (await reportOf(callId)) as AgentReport;
      expect(joinMs).toBeLessThanOrEqual(readyMs);
      expect(turns + interruptions).toBeGreaterThanOrEqual(1); // the caller speaks over the greeting, or after it
      phone.press("*0");
      expect((await sawIn(callId, "call.ended")).fields.reason).toBe("agent_hung_up");
      const placed = await over;
      expect(placed.caller.endedBy).toBe("callee");
      expect(heardSignal(placed, SIGNALS.goodbye)).toBe(true);
      expect(scoreOf(placed.caller)).not.toContain("speech");
    }
  });

  test("transfers its caller to a declared number, who then talks to somebody else", async () => {
    system.hooks.fate = (path) =>
      path === "/operator" ? { verbs: [{ verb: "play", url: "tone_stream://%(2000,0,1100)" }] } : {};
    const calls = await both((flow) => conversation(flow));
    for (const { phone } of calls) phone.press("*1");
    for (const { over } of calls) {
      const { caller } = await over;
      expect(scoreOf(caller).slice(-1)).toEqual(["operator"]);
      expect(caller.endedBy).toBe("callee");
    }
    // Carriers refuse a caller's own number: both INVITEs have the one that is presented.
    expect(shownToOperator(system.events)).toEqual([PRESENTED, PRESENTED]);
  });

  test("a transfer to somebody who is busy, or cannot be reached, ends in the fallback", async () => {
    system.hooks.fate = (path, nth) => {
      if (path !== "/operator") return {};
      return nth === 1 ? { verbs: [{ verb: "sip:decline", status: 486, reason: "Busy Here" }] } : { lost: "request" };
    };
    const calls = await both((flow) => conversation(flow));
    for (const { phone } of calls) phone.press("*1");
    for (const { over } of calls) {
      const { caller } = await over;
      expect(scoreOf(caller).slice(-1)).toEqual(["speech"]);
      expect(caller.endedBy).toBe("callee");
    }
  });

  test("a transfer that the middleware refuses leaves the caller with the agent, who says so", async () => {
    const calls = await both((flow) => conversation(flow));
    for (const { phone } of calls) phone.press("*2");
    for (const { callId, phone, over } of calls) {
      expect((await sawIn(callId, "transfer.failed")).fields.err).toMatchObject({ code: "TRANSFER_FAILED" });
      phone.press("5");
      await until(
        () => phone.heardKeys === "5",
        () => `heard ${phone.heardKeys}`,
      );
      phone.press("*0");
      expect(heardSignal(await over, [...SIGNALS.failure, ...SIGNALS.goodbye])).toBe(true);
    }
  });

  test("a conversation that fails says so in words and ends the call, instead of leaving silence", async () => {
    const calls = await both((flow) => conversation(flow));
    for (const { phone } of calls) phone.press("9");
    for (const { callId, over } of calls) {
      expect((await sawIn(callId, "call.ended")).fields.reason).toBe("failed");
      const placed = await over;
      expect(heardSignal(placed, SIGNALS.failure)).toBe(true);
      const heard = samplesOfWav(readFileSync(placed.caller.recordings.heard));
      expect(likeness(heard, failurePhrase("de"))).toBeGreaterThan(0.85);
      expect(placed.caller.endedBy).toBe("callee");
    }
  });

  test("a silent caller is asked whether somebody is there, and told good-bye 10 s later", async () => {
    for (const { callId, over } of await silent) {
      expect((await sawIn(callId, "call.ended")).fields.reason).toBe("caller_silent");
      expect(heardSignal(await over, [...SIGNALS.stillThere, ...SIGNALS.goodbye])).toBe(true);
    }
  });

  test("a call ends with a good-bye at its limit", async () => {
    for (const { callId, over } of await talkative) {
      const [active, ended] = [await sawIn(callId, "caller.active"), await sawIn(callId, "call.ended")];
      expect(ended.fields.reason).toBe("call_limit");
      expect(ended.at - active.at).toBeGreaterThan(24_900);
      const placed = await over;
      expect(heardSignal(placed, SIGNALS.goodbye)).toBe(true);
      expect(placed.caller.endedBy).toBe("callee");
    }
  });
});

describe("an agent that takes two calls", () => {
  beforeAll(() => system.startAgent({ AGENT_MAX_CALLS: "2" }));
  afterAll(endAgent);

  test("a third caller waits and is served as soon as there is room; nobody is left in silence", async () => {
    const calls = await both((flow) => conversation(flow));
    const third = begin("callback");
    await third.saw("room.created");
    calls[1]?.phone.press("*0");
    await third.saw("greeting.finished");
    third.phone.press("*0");
    calls[0]?.phone.press("*0");
    const { caller } = await third.over;
    expect(scoreOf(caller)).toEqual(expect.arrayContaining(["hold", "greeting"]));
    await Promise.all(calls.map(({ over }) => over));
  });

  test("SIGTERM: calls go on for 25 s, new ones go to the next agent, and then those that are left too", async () => {
    const calls = await both((flow) => conversation(flow));
    const old = system.agent;
    process.kill(old?.pid as number, "SIGTERM");
    const askedAt = Date.now();
    await system.startAgent();
    const late = await conversation("dial");
    late.phone.press("*0");
    await late.over;
    expect(await old?.exited).toBe(0);
    expect(Date.now() - askedAt).toBeGreaterThanOrEqual(25_000);
    for (const { callId, phone, over } of calls) {
      await eventOf(({ event, callId: id, at }) => event === "greeting.finished" && id === callId && at > askedAt);
      phone.press("*0");
      const placed = await over;
      expect(heardSignal(placed, [...SIGNALS.handover, ...SIGNALS.greeting, ...SIGNALS.goodbye])).toBe(true);
      expect(placed.caller.endedBy).toBe("callee");
    }
  });
});

async function until(isSo: () => boolean | Promise<boolean>, seen: () => string): Promise<void> {
  for (const end = Date.now() + 20_000; !(await isSo()); ) {
    if (Date.now() > end) throw new Error(`it did not come within 20 s: ${seen()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
