import { setTimeout as pause } from "node:timers/promises";
import { firstHeard, longestSilence, scoreOf } from "../../sandbox/calls/heard.ts";
import { OPERATOR, PRESENTED, shownToOperator } from "../../sandbox/calls/operator.ts";
import { CALLED, type FlowName, type PlacedCall, System } from "../../sandbox/calls/system.ts";

// Whole calls: SIP and RTP of the caller, a Jambonz stand-in, real LiveKit servers, middleware and agent as processes.
jest.setTimeout(60_000);

const system = new System();

beforeAll(async () => {
  await system.startServers();
  await system.startMiddleware();
  await system.startAgent();
}, 300_000); // the servers may have to be built first

afterAll(() => system.stop());
afterEach(() => system.hooks.reset());

const KIND_SIP = 3;

/** The attributes of the caller in LiveKit, once the call is active. */
async function callerAttributes(): Promise<Record<string, string>> {
  for (let tries = 0; tries < 200; tries++) {
    const [room] = (await system.rooms.listRooms()).filter(({ name }) => name.startsWith("call-"));
    const participants = room ? await system.rooms.listParticipants(room.name) : [];
    const caller = participants.find(({ kind }) => Number(kind) === KIND_SIP);
    if (caller?.attributes["sip.callStatus"] === "active") return caller.attributes;
    await pause(30);
  }
  throw new Error("no caller became active in LiveKit");
}

const attributes = new Map<FlowName, Record<string, string>>();

describe.each(["callback", "dial"] as const)("a call in the flow %s", (flow) => {
  let placed: PlacedCall;
  beforeAll(async () => {
    const call = system.call(flow);
    attributes.set(flow, await callerAttributes());
    placed = await call;
  });
  afterAll(async () => expect(await system.leftovers()).toEqual({ rooms: [], calls: [], legs: 0 }));

  test("is answered by the agent, whose greeting is heard from its first tone on; then the caller hears the echo", () => {
    expect(placed.caller).toMatchObject({ answered: true, endedBy: "caller" });
    const waiting = flow === "callback" ? "hold" : "ringback";
    expect(scoreOf(placed.caller)).toEqual([waiting, "greeting", "caller"]);
  });

  test("reaches the agent's ear", () => {
    const heard = placed.events.filter((event) => event.source === "agent" && event.event === "caller.audio");
    expect(heard.some(({ fields }) => Math.abs(Number(fields.hz) - placed.caller.sentHz) < 15)).toBe(true);
  });

  test("ends for the agent as one that its caller has left", () => {
    const ended = placed.events.find(({ source, event }) => source === "agent" && event === "call.ended");
    expect(ended?.fields.reason).toBe("caller_left");
  });

  test("leaves nobody in silence: 1.2 s at the start, 0.9 s before the greeting", () => {
    const greeting = firstHeard(placed.caller, "greeting");
    expect(placed.caller.heard[0]?.fromMs).toBeLessThanOrEqual(1_200);
    expect(longestSilence(placed.caller, placed.caller.heard[0]?.fromMs ?? 0, greeting)).toBeLessThanOrEqual(900);
  });

  test("every webhook was answered with 200", () => {
    expect(system.refusedHooks()).toEqual([]);
  });
});

test("both flows give the agent the same attributes of a call", () => {
  const [callback = {}, dial = {}] = [attributes.get("callback"), attributes.get("dial")];
  const ours = (all: Record<string, string>) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith("call.") || /phoneNumber/i.test(key)));
  expect(Object.keys(ours(dial)).sort()).toEqual(Object.keys(ours(callback)).sort());
  const common = { "sip.phoneNumber": "+4917100001", "call.carrier": "Schmidtkom", "call.header.x-carrier": "north" };
  expect(ours(callback)).toMatchObject({ ...common, "call.flow": "callback", "sip.trunkPhoneNumber": CALLED.callback });
  expect(ours(dial)).toMatchObject({ ...common, "call.flow": "dial", "sip.trunkPhoneNumber": CALLED.dial });
});

test("an agent that hangs up ends the caller's call, without an apology", async () => {
  const calls = (["callback", "dial"] as const).map((flow) => system.call(flow, { holdMs: 15_000, bye: "callee" }));
  await pause(4_000);
  for (const { name } of await system.rooms.listRooms()) await system.rooms.deleteRoom(name); // what the agent does
  for (const { caller } of await Promise.all(calls)) {
    expect(caller).toMatchObject({ answered: true, endedBy: "callee" });
    expect(scoreOf(caller)).not.toContain("speech");
  }
  expect(await system.leftovers()).toEqual({ rooms: [], calls: [], legs: 0 });
});

test("a caller of the flow dial is transferred to a declared number", async () => {
  system.hooks.fate = (path) =>
    path === "/operator" ? { verbs: [{ verb: "play", url: "tone_stream://%(2000,0,1100)" }] } : {};
  const call = system.call("dial", { holdMs: 15_000, bye: "callee" });
  await pause(2_500);
  const [room] = await system.rooms.listRooms();
  const participants = await system.rooms.listParticipants(room?.name ?? "");
  const identity = participants.find(({ kind }) => Number(kind) === KIND_SIP)?.identity ?? "";
  // jambonz sends no NOTIFY: LiveKit learns of the transfer by the BYE, or not at all.
  system.sip.transferSipParticipant(room?.name ?? "", identity, `tel:${OPERATOR}`).catch(() => {});
  const { caller } = await call;
  expect(scoreOf(caller)).toEqual(expect.arrayContaining(["greeting", "operator"]));
  expect(shownToOperator(system.events)).toEqual([PRESENTED]);
  expect(caller.endedBy).toBe("callee");
  expect(await system.leftovers()).toEqual({ rooms: [], calls: [], legs: 0 });
});

describe("webhooks that are late, repeated or lost", () => {
  test("five copies of every webhook at once: one room, one agent, one conversation", async () => {
    system.hooks.fate = () => ({ copies: 5 });
    const calls = await Promise.all([system.call("callback"), system.call("dial")]);
    for (const { caller, events } of calls) {
      expect(scoreOf(caller)).toEqual(expect.arrayContaining(["greeting", "caller"]));
      expect(events.filter(({ event }) => event === "room.created")).toHaveLength(1);
      expect(events.filter(({ event }) => event === "agent.joined")).toHaveLength(1);
    }
  });

  test("answers get lost: jambonz asks again, and gets the same", async () => {
    system.hooks.fate = (path, nth) => (/wait|queue-left|dial-done/.test(path) && nth === 1 ? { lost: "answer" } : {});
    const calls = await Promise.all([system.call("callback"), system.call("dial")]);
    for (const { caller } of calls) expect(scoreOf(caller)).toEqual(expect.arrayContaining(["greeting", "caller"]));
  });

  test("no status at all: the calls work, and end", async () => {
    system.hooks.fate = (path) => (path.endsWith("/status") ? { lost: "request" } : {});
    const calls = await Promise.all([system.call("callback"), system.call("dial")]);
    for (const { caller } of calls) expect(scoreOf(caller)).toEqual(expect.arrayContaining(["greeting", "caller"]));
    expect(await system.leftovers()).toEqual({ rooms: [], calls: [], legs: 0 });
  });

  test("a webhook that takes 2 s still gets its caller to the agent", async () => {
    system.hooks.fate = (path) => (path === "/livekit-api" ? { delayMs: 2_000 } : {});
    const { caller } = await system.call("dial");
    expect(scoreOf(caller)).toEqual(["ringback", "greeting", "caller"]);
  });
});
