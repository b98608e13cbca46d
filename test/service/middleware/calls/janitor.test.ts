import { Janitor } from "../../../../service/middleware/calls/janitor.ts";
import type { LiveRoom } from "../../../../service/middleware/livekit/client.ts";
import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import { inPhase, record } from "../store/store-contract.ts";
import { collecting, ScriptedRooms } from "../support.ts";

const NOW = Date.now();
const MINUTE = 60_000;
const ID = "a-call-id-of-20-chars";

let store: MemoryStore;
let rooms: ScriptedRooms;
let ended: string[];
let logged: Record<string, unknown>[];
let janitor: Janitor;

beforeEach(() => {
  store = new MemoryStore();
  rooms = new ScriptedRooms();
  ended = [];
  logged = [];
  const end = async (callId: string, reason: string) => void ended.push(`${callId}: ${reason}`);
  janitor = new Janitor({ store, rooms, end, callLimitSeconds: 3_600, fallbackDials: false, log: collecting(logged) });
});
afterEach(() => janitor.close());

const room = (callId: string, ageMs: number, changes: Partial<LiveRoom> = {}): LiveRoom => ({
  callId,
  createdAt: NOW - ageMs,
  isStandby: false,
  isMarked: true,
  ...changes,
});

describe("Janitor", () => {
  test("closes a call whose room is gone, and leaves the others alone", async () => {
    for (const id of ["with", "without"]) {
      await store.create(record(id, id, NOW - MINUTE));
      await store.update(id, inPhase("talking", NOW - MINUTE));
    }
    rooms.liveRooms = [room("with", MINUTE)];
    await janitor.reconcile(NOW);
    expect(ended).toEqual(["without: the room is gone"]);
  });

  test.each([1, 2, 8])(
    "closes none of %p calls while no room of theirs is listed, unless it stays so",
    async (count) => {
      const ids = Array.from({ length: count }, (_, index) => `call-${index}`);
      for (const id of ids) {
        await store.create(record(id, id, NOW - MINUTE));
        await store.update(id, inPhase("talking", NOW - MINUTE));
      }
      await janitor.reconcile(NOW);
      await janitor.reconcile(NOW + MINUTE);
      expect(ended).toEqual([]);
      await janitor.reconcile(NOW + 2 * MINUTE);
      expect(ended).toHaveLength(count);
    },
  );

  test("closes no call whose agent tells that it is with it", async () => {
    const end = async (callId: string) => void ended.push(callId);
    const parts = { store, rooms, end, callLimitSeconds: 3_600, fallbackDials: false, log: collecting(logged) };
    const told = new Janitor({ ...parts, isTold: () => true });
    await store.create(record("a", "a", NOW - MINUTE));
    await store.update("a", inPhase("talking", NOW - MINUTE));
    for (const minutes of [0, 1, 5]) await told.reconcile(NOW + minutes * MINUTE);
    expect(ended).toEqual([]);
    await told.close();
  });

  test("removes an old room that nobody knows and no caller is in", async () => {
    rooms.liveRooms = [room(ID, 3 * MINUTE)];
    rooms.view = { agentReady: true, callerPresent: false };
    await janitor.reconcile(NOW);
    expect(rooms.done).toEqual(["deleteRoom"]);
  });

  test("leaves rooms that wait for calls to whoever keeps them, until nobody does any more", async () => {
    rooms.view = { agentReady: false, callerPresent: false };
    rooms.liveRooms = [room(ID, 11 * MINUTE, { isStandby: true })];
    await janitor.reconcile(NOW);
    expect(rooms.done).toEqual([]);
    rooms.liveRooms = [room(ID, 12 * MINUTE, { isStandby: true })];
    await janitor.reconcile(NOW);
    expect(rooms.done).toEqual(["deleteRoom"]);
  });

  test("lets a conversation go on whose record was lost, until no call may last any longer", async () => {
    rooms.liveRooms = [room(ID, 59 * MINUTE)];
    await janitor.reconcile(NOW);
    expect(rooms.done).toEqual([]);
    rooms.liveRooms = [room(ID, 62 * MINUTE)];
    await janitor.reconcile(NOW);
    expect(rooms.done).toEqual(["deleteRoom"]);
  });

  test("removes the room of an ended call, and never a young one or one that is not ours", async () => {
    await store.create(record(ID));
    await store.update(ID, inPhase("ended"));
    rooms.liveRooms = [room(ID, 3 * MINUTE), room(`${ID}-young`, MINUTE), room("center", 300 * MINUTE)];
    await janitor.reconcile(NOW);
    expect(rooms.done).toEqual(["deleteRoom"]);
  });

  test.each([3, 300])(
    "leaves a room without a mark and a record alone, also after %p minutes and with nobody in it",
    async (age) => {
      rooms.view = { agentReady: false, callerPresent: false };
      rooms.liveRooms = [room(ID, age * MINUTE, { isMarked: false })];
      await janitor.reconcile(NOW);
      expect(rooms.done).toEqual([]);
    },
  );

  test("removes a room without a mark that belongs to an ended call: a late agent has opened it again", async () => {
    await store.create(record(ID));
    await store.update(ID, inPhase("ended"));
    rooms.liveRooms = [room(ID, MINUTE, { isMarked: false })];
    await janitor.reconcile(NOW);
    expect(rooms.done).toEqual(["deleteRoom"]);
  });

  test("takes a room without a mark for that of a live call which a middleware without marks began", async () => {
    await store.create(record(ID, "1", NOW - MINUTE));
    await store.update(ID, inPhase("talking"));
    rooms.liveRooms = [room(ID, MINUTE, { isMarked: false })];
    await janitor.reconcile(NOW);
    expect([ended, rooms.done]).toEqual([[], []]);
  });

  test("goes on with the other rooms when one cannot be removed", async () => {
    const deleted: string[] = [];
    rooms.liveRooms = [room(`${ID}-stuck`, 70 * MINUTE), room(ID, 70 * MINUTE)];
    rooms.deleteRoom = async (callId) => {
      if (callId !== ID) throw new Error("no response from servers");
      deleted.push(callId);
    };
    await janitor.reconcile(NOW);
    expect(deleted).toEqual([ID]);
    expect(logged).toContainEqual(
      expect.objectContaining({ callId: `${ID}-stuck`, reason: "no response from servers" }),
    );
  });

  test("closes nothing while LiveKit cannot be asked", async () => {
    await store.create(record("talking", "1", NOW - MINUTE));
    await store.update("talking", inPhase("talking"));
    rooms.listCallRooms = () => Promise.reject(new Error("LiveKit is away"));
    await janitor.reconcile(NOW);
    expect(ended).toEqual([]);
    expect(logged).toMatchObject([{ reason: "LiveKit is away" }]);
  });
});
