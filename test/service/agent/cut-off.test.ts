import { EventEmitter } from "node:events";
import { type RemoteParticipant, type Room, RoomEvent } from "@livekit/rtc-node";
import { watchCutOff } from "../../../service/agent/cut-off.ts";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function setUp() {
  const room = new EventEmitter();
  const caller = { identity: "caller" } as RemoteParticipant;
  const told: string[] = [];
  const end = new AbortController();
  const parts = { signal: end.signal, onCutOff: () => told.push("cut off"), onBack: () => told.push("back") };
  watchCutOff(room as unknown as Room, caller, parts);
  const has = (event: RoomEvent, ...args: unknown[]) => room.emit(event, ...args);
  const drops = (identity = "caller") => has(RoomEvent.ParticipantDisconnected, { identity });
  return { told, end, has, drops };
}
const after = (ms: number) => jest.advanceTimersByTime(ms);

test("an agent that could not resume, and is dropped from its room, is cut off, until it is back", () => {
  const { told, has, drops } = setUp();
  has(RoomEvent.Reconnecting);
  after(5_000);
  expect(told).toEqual([]); // audio goes on meanwhile
  drops();
  after(299);
  expect(told).toEqual([]);
  after(1);
  expect(told).toEqual(["cut off"]);
  has(RoomEvent.Reconnected);
  expect(told).toEqual(["cut off", "back"]);
  after(5_000);
  expect(told).toHaveLength(2);
});

test.each<[string, (call: ReturnType<typeof setUp>) => void]>([
  ["a caller who leaves", ({ drops }) => drops()],
  ["somebody else who leaves", ({ has, drops }) => [has(RoomEvent.Reconnecting), after(5_000), drops("other")]],
  [
    "a LiveKit that refuses at once: it has died",
    ({ has, drops }) => [has(RoomEvent.Reconnecting), after(100), drops()],
  ],
  [
    "one that lets the agent in again at once",
    ({ has, drops }) => [has(RoomEvent.Reconnecting), after(5_000), drops(), after(200), has(RoomEvent.Reconnected)],
  ],
  [
    "an agent that resumes, long before the caller leaves",
    ({ has, drops }) => [has(RoomEvent.Reconnecting), after(5_000), has(RoomEvent.Reconnected), after(5_000), drops()],
  ],
  [
    "a call that ends meanwhile",
    ({ has, drops, end }) => [has(RoomEvent.Reconnecting), after(5_000), drops(), end.abort()],
  ],
])("%s is nothing to tell of", (_who, happens) => {
  const call = setUp();
  happens(call);
  after(10_000);
  expect(call.told).toEqual([]);
});
