import { setTimeout as pause } from "node:timers/promises";
import { firstHeard, heardBy, longestSilence, scoreOf } from "../../sandbox/calls/heard.ts";
import { OPERATOR, PRESENTED, shownToOperator } from "../../sandbox/calls/operator.ts";
import { type FlowName, type PlacedCall, System } from "../../sandbox/calls/system.ts";
import { backOffs } from "../../sandbox/jambonz/webhooks/retry-policy.ts";

// What callers hear when parts of the system fail. In order: later tests need what earlier ones started.
jest.setTimeout(90_000);

const FLOWS = ["callback", "dial"] as const satisfies FlowName[];
const NOTHING = { rooms: [], calls: [], legs: 0 };
const PATIENT = { holdMs: 40_000, timeoutMs: 30_000, bye: "callee" } as const;
/** In a queue: between two segments of hold music. */
const GAP_MS = 900;
const KIND_AGENT = 4;
const BUSY = [{ verb: "sip:decline", status: 486 }];
const START_MS = 1_200;

const system = new System();

beforeAll(async () => {
  await system.startServers();
  await system.startMiddleware({ REDIS_URL: system.redisUrl });
}, 300_000); // the servers may have to be built first

afterAll(() => system.stop());
afterEach(() => system.hooks.reset());

async function bothFlows(options: object): Promise<Record<FlowName, PlacedCall>> {
  const [callback, dial] = await Promise.all(FLOWS.map((flow) => system.call(flow, options)));
  return { callback: callback as PlacedCall, dial: dial as PlacedCall };
}

test("without any agent callers hear music or ringing without a gap, then the apology; whoever hangs up leaves nothing behind", async () => {
  const impatient = [system.call("callback", { holdMs: 2_500 }), system.call("dial", { timeoutMs: 2_500 })];
  const { callback, dial } = await bothFlows(PATIENT);
  expect(scoreOf(callback.caller)).toEqual(["hold", "speech"]);
  expect(scoreOf(dial.caller)).toEqual(["ringback", "speech"]);
  expect(firstHeard(callback.caller, "hold")).toBeLessThanOrEqual(START_MS);
  const apology = firstHeard(callback.caller, "speech");
  expect(apology).toBeLessThan(19_500); // 15 s for the agent, then at most one segment of music
  expect(longestSilence(callback.caller, START_MS, apology)).toBeLessThanOrEqual(GAP_MS);
  expect(firstHeard(dial.caller, "ringback")).toBeLessThanOrEqual(START_MS);
  expect(heardBy(dial.caller).filter(({ what }) => what === "ringback")).toHaveLength(3); // at 0, 5 and 10 s
  expect(firstHeard(dial.caller, "speech")).toBeLessThan(13_500); // jambonz lets it ring for 12 s
  const [hungUp, cancelled] = await Promise.all(impatient);
  expect(hungUp?.caller).toMatchObject({ answered: true, endedBy: "caller" });
  expect(cancelled?.caller).toMatchObject({ answered: false, finalStatus: 487 });
  expect(cancelled?.events.some(({ event }) => event === "call.fallback")).toBe(false);
  expect(await system.leftovers()).toEqual(NOTHING);
});

/** Wait hooks that nobody answered. */
const failedWaits = (events: PlacedCall["events"]) =>
  events.filter(
    ({ event, fields }) =>
      event === "hook.answered" && fields.status === undefined && String(fields.url).includes("/wait"),
  );

test("a middleware that is killed without a word: silence for as long as jambonz waits before it asks again, then music", async () => {
  const call = system.call("callback", { holdMs: 10_000 });
  await pause(1_500);
  await system.middleware.stop("SIGKILL");
  await system.startMiddleware({ REDIS_URL: system.redisUrl });
  const { caller, events } = await call;
  const waits = backOffs(5).slice(0, failedWaits(events).length);
  const limitMs = GAP_MS + waits.reduce((sum, ms) => sum + ms, 0);
  expect(longestSilence(caller, START_MS, caller.heard.at(-1)?.fromMs ?? Number.NaN)).toBeLessThanOrEqual(limitMs);
  expect(heardBy(caller).filter(({ what }) => what === "hold").length).toBeGreaterThan(1);
  expect(await system.leftovers()).toEqual(NOTHING);
});

test("an agent that comes late is dispatched again, once; the middleware may restart meanwhile: the music goes on", async () => {
  const callback = system.call("callback", { holdMs: 16_000 });
  await pause(1_500); // within the first segment of music
  const restart = system.startMiddleware({ REDIS_URL: system.redisUrl });
  const dial = system.call("dial", { holdMs: 5_000 }); // comes while the old one is on its way out
  await Promise.all([restart, system.startAgent()]);
  const calls = await Promise.all([callback, dial]);
  for (const { caller, events } of calls) {
    expect(scoreOf(caller).slice(-2)).toEqual(["greeting", "caller"]);
    expect(events.filter(({ event }) => event === "agent.joined")).toHaveLength(1);
    expect(events.filter(({ event }) => event === "room.created")).toHaveLength(1);
  }
  const [{ caller, events }] = calls;
  expect(failedWaits(events)).toHaveLength(0);
  expect(longestSilence(caller, START_MS, firstHeard(caller, "greeting"))).toBeLessThanOrEqual(GAP_MS);
  expect(await system.leftovers()).toEqual(NOTHING);
});

/** LiveKit throws the agents out of their rooms, as it does by itself with a dead one after some 21 s (measured on 1.13.5). */
async function removeAgents(): Promise<void> {
  for (const { name } of await system.rooms.listRooms()) {
    const participants = await system.rooms.listParticipants(name);
    const agents = participants.filter(({ kind }) => Number(kind) === KIND_AGENT);
    for (const { identity } of agents) await system.rooms.removeParticipant(name, identity);
  }
}

test("an agent lost in the middle of a call is replaced: its caller is greeted again", async () => {
  const calls = bothFlows({ holdMs: 11_000 });
  await pause(4_500);
  await removeAgents();
  for (const { caller, events } of Object.values(await calls)) {
    expect(scoreOf(caller).filter((what) => what === "greeting")).toHaveLength(2);
    expect(events.filter(({ event }) => event === "agent.lost")).toHaveLength(1);
    expect(longestSilence(caller, 4_000, 10_000)).toBeLessThan(6_000);
  }
  expect(await system.leftovers()).toEqual(NOTHING);
});

test("an agent lost for good: its callers get the apology instead of silence", async () => {
  const calls = bothFlows(PATIENT);
  await greeted(2);
  await pause(1_000); // the agent repeats what the callers say
  await system.killAgent();
  await removeAgents();
  for (const { caller } of Object.values(await calls)) {
    expect(scoreOf(caller).slice(-3)).toEqual(["greeting", "caller", "speech"]);
    expect(firstHeard(caller, "speech")).toBeLessThan(15_000);
    expect(caller.endedBy).toBe("callee");
  }
  expect(await system.leftovers()).toEqual(NOTHING);
});

/** Until so many more calls have been greeted. */
async function greeted(calls: number): Promise<void> {
  const since = Date.now();
  const known = new Set<string | undefined>();
  const isLast = ({ event, at, callId }: PlacedCall["events"][number]) =>
    event === "greeting.finished" && at >= since && known.add(callId).size >= calls;
  expect(await system.events.waitFor(isLast, 20_000)).toBe(true);
}

test("a killed agent is missed by its heartbeat and replaced within 10 s, also by a middleware that was restarted meanwhile", async () => {
  await system.startAgent();
  const calls = bothFlows({ holdMs: 26_000 });
  await greeted(2);
  await system.middleware.stop("SIGKILL");
  await system.startMiddleware({ REDIS_URL: system.redisUrl });
  await system.killAgent();
  await system.startAgent();
  for (const { caller, events } of Object.values(await calls)) {
    const [first, second, ...more] = heardBy(caller).filter(({ what }) => what === "greeting");
    expect(more).toEqual([]);
    expect(longestSilence(caller, first?.toMs ?? Number.NaN, second?.fromMs ?? Number.NaN)).toBeLessThanOrEqual(10_000);
    expect(events.filter(({ event }) => event === "agent.lost")).toHaveLength(1);
  }
  await system.killAgent();
});

test("a LiveKit that takes 5 s to answer: the apology within 4 s, and no room is left", async () => {
  process.kill(system.livekit.running.pid, "SIGSTOP");
  const calls = bothFlows(PATIENT);
  await pause(5_000);
  process.kill(system.livekit.running.pid, "SIGCONT");
  for (const { caller } of Object.values(await calls)) {
    expect(scoreOf(caller)).toEqual(["speech"]);
    expect(firstHeard(caller, "speech")).toBeLessThan(4_000);
  }
  expect(await system.leftovers()).toEqual(NOTHING);
});

describe("without LiveKit every call gets the declared fallback at once", () => {
  beforeAll(() => system.livekit.running.stop("SIGKILL"));

  test("an apology", async () => {
    for (const { caller } of Object.values(await bothFlows(PATIENT))) {
      expect(scoreOf(caller)).toEqual(["speech"]);
      expect(firstHeard(caller, "speech")).toBeLessThan(1_000);
    }
  });

  test("an apology whose file jambonz cannot have: a signal that needs neither a fetch nor a voice", async () => {
    await system.startMiddleware({ SPEECH: JSON.stringify({ "*": { language: "de" } }) }); // a file that it has not kept
    system.hooks.fate = (path) => (path.startsWith("/livekit-api/speech/") ? { status: 404 } : {});
    for (const { caller } of Object.values(await bothFlows(PATIENT))) {
      expect(scoreOf(caller)).toEqual(["signal"]);
      expect(firstHeard(caller, "signal")).toBeLessThan(1_000);
      expect(caller).toMatchObject({ answered: true, endedBy: "callee" });
    }
  });

  test("an apology that nobody is answered for, where that is declared", async () => {
    await system.startMiddleware({ UNANSWERED_APOLOGY: "true" });
    for (const { caller } of Object.values(await bothFlows(PATIENT))) {
      expect(scoreOf(caller)).toEqual(["speech"]);
      expect(caller).toMatchObject({ answered: false, finalStatus: 480 });
    }
  });

  test("a status with which the carrier reroutes", async () => {
    await system.startMiddleware({ FALLBACK: "decline:503" });
    for (const { caller } of Object.values(await bothFlows(PATIENT)))
      expect(caller).toMatchObject({ answered: false, finalStatus: 503 });
  });

  test("somebody else, who rings first; and the apology when that one does not answer either", async () => {
    await system.startMiddleware({ FALLBACK: `dial:${OPERATOR}` });
    system.hooks.fate = (path, nth) => {
      if (path !== "/operator") return {};
      return { verbs: nth === 1 ? [{ verb: "play", url: "tone_stream://%(2000,0,1100)" }] : BUSY };
    };
    expect(scoreOf((await system.call("callback", PATIENT)).caller)).toEqual(expect.arrayContaining(["operator"]));
    expect(scoreOf((await system.call("dial", PATIENT)).caller).at(-1)).toBe("speech");
    expect(shownToOperator(system.events)).toEqual([PRESENTED, PRESENTED]);
  });

  test("nothing stays active, and no webhook got a 5xx", async () => {
    expect(await system.activeCalls()).toEqual([]);
    expect(system.refusedHooks().filter(({ status }) => Number(status) >= 500)).toEqual([]);
  });
});
