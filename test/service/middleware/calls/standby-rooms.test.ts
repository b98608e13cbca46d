import { setTimeout as pause } from "node:timers/promises";
import { StandbyRooms } from "../../../../service/middleware/calls/standby-rooms.ts";
import type { RoomSight } from "../../../../service/middleware/livekit/views.ts";
import { collecting, eventually, ScriptedRooms } from "../support.ts";

const LIMITS = {
  agentPollMs: 5,
  livePollMs: 5,
  standbyAgentMs: 60,
  standbyBackOffMs: 150,
  standbyRefillMs: 60,
  standbyRenewMs: 60_000,
};

/** LiveKit, as far as waiting rooms go: which there are, and what a look into each shows. */
class WaitingRooms extends ScriptedRooms {
  readonly made: string[] = [];
  readonly deleted: string[] = [];
  sight: (callId: string) => RoomSight = () => sightOf("1");
  override async createStandbyRoom(callId = ""): Promise<void> {
    await super.createStandbyRoom();
    this.made.push(callId);
  }
  override async lookInto(callId: string): Promise<RoomSight> {
    return this.sight(callId);
  }
  override async deleteRoom(callId: string): Promise<void> {
    this.deleted.push(callId);
  }
}

let rooms: WaitingRooms;
let logged: Record<string, unknown>[];
let standby: StandbyRooms;
let beats: NodeJS.Timeout | undefined;

function keep(count: number, limits: Partial<typeof LIMITS> = {}): void {
  standby = new StandbyRooms({ rooms, count, log: collecting(logged) }, { ...LIMITS, ...limits });
  standby.start();
}

/** One agent, or none where there is no heartbeat. */
function sightOf(beat?: string): RoomSight {
  const agents = beat === undefined ? [] : [{ identity: "agent-1", ready: false, beat }];
  return { agents, agentReady: false, callerPresent: false };
}

beforeEach(() => {
  rooms = new WaitingRooms();
  logged = [];
});
afterEach(async () => {
  clearInterval(beats);
  await standby.close();
});

describe("StandbyRooms", () => {
  test("keeps as many rooms as it is told, and gives each away once", async () => {
    keep(2, { standbyRefillMs: 10_000 });
    await eventually(() => standby.ready === 2);
    const taken = [standby.take(), standby.take(), standby.take()];
    expect(new Set(taken)).toEqual(new Set([...rooms.made, undefined]));
    expect(rooms.made).toHaveLength(2);
  });

  test("makes none when it is to keep none", async () => {
    keep(0);
    await pause(30);
    expect(rooms.made).toEqual([]);
    expect(standby.take()).toBeUndefined();
  });

  test("gives no room away before its agent is there", async () => {
    rooms.sight = () => sightOf();
    keep(1);
    await eventually(() => rooms.made.length === 1);
    expect(standby.take()).toBeUndefined();
    rooms.sight = () => sightOf("1");
    await eventually(() => standby.ready === 1);
    expect(standby.take()).toBe(rooms.made[0]);
  });

  test("replaces a room that was taken, but not at the moment at which its call begins", async () => {
    keep(1);
    await eventually(() => standby.ready === 1);
    const at = performance.now();
    standby.take();
    await eventually(() => rooms.made.length === 2);
    expect(performance.now() - at).toBeGreaterThanOrEqual(LIMITS.standbyRefillMs - 1);
  });

  test("replaces each of several rooms in its turn while calls keep coming", async () => {
    keep(2, { standbyRefillMs: 200 });
    await eventually(() => standby.ready === 2);
    standby.take();
    await pause(150);
    standby.take();
    await eventually(() => standby.ready === 1);
    expect(rooms.made).toHaveLength(3);
    await eventually(() => standby.ready === 2);
  });

  test("never removes a room that a call has taken, whatever a look shows that was under way", async () => {
    let show: (sight: RoomSight) => void = () => undefined;
    keep(1, { standbyAgentMs: 1, standbyRefillMs: 10_000 });
    await eventually(() => standby.ready === 1);
    rooms.lookInto = () => new Promise((resolve) => (show = resolve));
    await pause(20);
    expect(standby.take()).toBe(rooms.made[0]);
    show(sightOf());
    await pause(20);
    expect(rooms.deleted).toEqual([]);
  });

  test("gives up a room whose agent does not come, and tries again after a pause", async () => {
    rooms.sight = () => sightOf();
    keep(1);
    await eventually(() => rooms.deleted.length === 1);
    const at = performance.now();
    expect(rooms.deleted).toEqual(rooms.made);
    expect(logged).toContainEqual(
      expect.objectContaining({ callId: rooms.made[0], reason: "no agent is in the room" }),
    );
    await eventually(() => rooms.made.length === 2);
    expect(performance.now() - at).toBeGreaterThanOrEqual(LIMITS.standbyBackOffMs - 20);
  });

  test("gives up a room whose agent has gone", async () => {
    keep(1);
    await eventually(() => standby.ready === 1);
    rooms.sight = () => sightOf();
    await eventually(() => rooms.deleted.length === 1);
    expect(standby.ready).toBe(0);
  });

  test("takes an agent for dead whose heart stands still, as in a call", async () => {
    let beat = 0;
    beats = setInterval(() => beat++, 500);
    rooms.sight = () => sightOf(String(beat));
    keep(1, { livePollMs: 100, standbyAgentMs: 500 });
    await pause(1_500);
    expect(standby.ready).toBe(1);
    clearInterval(beats);
    await eventually(() => standby.ready === 0);
    expect(rooms.deleted).toEqual([]);
    await eventually(() => rooms.deleted.length === 1);
  });

  test("gives nothing away while LiveKit cannot be asked, and goes on afterwards", async () => {
    keep(1, { standbyAgentMs: 5_000 });
    await eventually(() => standby.ready === 1);
    rooms.sight = () => {
      throw new Error("LiveKit is away");
    };
    await eventually(() => standby.ready === 0);
    expect(standby.take()).toBeUndefined();
    rooms.sight = () => sightOf("1");
    await eventually(() => standby.ready === 1);
    expect(rooms.made).toHaveLength(1);
  });

  test("goes on when LiveKit makes no room, and removes what it may have made without an answer", async () => {
    rooms.createError = new Error("invalid API key");
    keep(1);
    await eventually(() => logged.length > 0);
    expect(logged[0]).toMatchObject({ reason: "invalid API key" });
    await eventually(() => rooms.deleted.length === 1);
    expect(rooms.deleted).toEqual([logged[0]?.callId]);
    rooms.createError = undefined;
    await eventually(() => standby.ready === 1);
  });

  test("replaces a room that has waited for too long", async () => {
    keep(1, { standbyRenewMs: 100 });
    await eventually(() => rooms.deleted.length === 1);
    expect(rooms.deleted[0]).toBe(rooms.made[0]);
    await eventually(() => standby.ready === 1);
  });

  test("removes its rooms at the end, and those that were taken in vain, but none that was taken", async () => {
    keep(3, { standbyRefillMs: 10_000 });
    await eventually(() => standby.ready === 3);
    const [taken, inVain] = [standby.take(), standby.take()];
    standby.drop(inVain ?? "");
    await standby.close();
    expect(rooms.deleted).toHaveLength(2);
    expect(rooms.deleted).not.toContain(taken);
  });
});
