import { setTimeout as pause } from "node:timers/promises";
import { scoreOf } from "../../sandbox/calls/heard.ts";
import { type PlacedCall, System } from "../../sandbox/calls/system.ts";
import { roomMark } from "../../service/shared/index.ts";

// Whole calls with the setting `standbyRooms`: rooms whose agent waits, in both flows, and what becomes of them when parts end.
jest.setTimeout(60_000);

const ROOMS = 1;
const system = new System();

beforeAll(async () => {
  await system.startServers();
  await system.startMiddleware({ STANDBY_ROOMS: String(ROOMS) });
  await system.startAgent();
}, 300_000); // the servers may have to be built first
afterAll(() => system.stop());

/** The rooms that wait for a call, each with its agent. */
async function waiting(): Promise<string[]> {
  const rooms = (await system.rooms.listRooms()).filter(({ metadata }) => roomMark(metadata).isStandby);
  const agents = await Promise.all(rooms.map(({ name }) => system.rooms.listParticipants(name)));
  return rooms.filter((_, index) => agents[index]?.length === 1).map(({ name }) => name);
}

async function untilWaiting(count: number): Promise<string[]> {
  for (const end = Date.now() + 20_000; Date.now() < end; await pause(100)) {
    const names = await waiting();
    if (names.length === count) return names;
  }
  throw new Error(`there were never ${count} rooms that wait`);
}

/** How long the agent took from the job, or from the call that its room was given to, until it could hear and speak, in ms. */
function agentReadyMs({ events }: PlacedCall): number {
  const ready = events.find(({ source, event }) => source === "agent" && event === "agent.track_published");
  return Number(ready?.fields.ms);
}

test.each(["callback", "dial"] as const)(
  "a call in the flow %s gets the room that waits, and its agent",
  async (flow) => {
    const [room] = await untilWaiting(ROOMS);
    await pause(1_200); // the middleware looks once a second
    const placed = await system.call(flow);
    expect(placed.caller).toMatchObject({ answered: true, endedBy: "caller" });
    expect(scoreOf(placed.caller).slice(-2)).toEqual(["greeting", "caller"]);
    const published = placed.events.find(({ event }) => event === "agent.track_published");
    expect(`call-${published?.fields.callId}`).toBe(room);
    expect(agentReadyMs(placed)).toBeLessThan(250);
    expect(await system.leftovers()).toEqual({ rooms: [], calls: [], legs: 0 });
  },
);

test("calls beyond the rooms that wait get their agents as ever", async () => {
  await untilWaiting(ROOMS);
  const placed = await Promise.all([system.call("dial"), system.call("dial", { toneHz: 1_100 })]);
  for (const { caller } of placed) expect(scoreOf(caller).slice(-2)).toEqual(["greeting", "caller"]);
  expect(await system.leftovers()).toEqual({ rooms: [], calls: [], legs: 0 });
});

test("a caller whose waiting agent was killed a moment ago gets another agent", async () => {
  await untilWaiting(ROOMS);
  await pause(1_200);
  const first = system.agent;
  await system.startAgent();
  await first?.stop("SIGKILL");
  const { caller } = await system.call("callback", { holdMs: 14_000 });
  expect(scoreOf(caller).slice(-2)).toEqual(["greeting", "caller"]);
  expect(await system.leftovers()).toEqual({ rooms: [], calls: [], legs: 0 });
});

test("a middleware that stops takes its rooms along; one that keeps none makes none", async () => {
  await untilWaiting(ROOMS);
  await system.startMiddleware({ STANDBY_ROOMS: "0" });
  expect(await system.rooms.listRooms()).toEqual([]);
  await pause(3_000);
  expect(await system.rooms.listRooms()).toEqual([]);
});
