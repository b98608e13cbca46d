import { AsyncLocalStorage } from "node:async_hooks";
import type { RoomStay } from "../room-stay.ts";

const scopes = new AsyncLocalStorage<RoomStay>();

/**
 * Runs a call's work so that whatever comes of it, a timer's callback, a socket's error, a forgotten promise, is known to be this call's.
 * Room events come from the native library, which knows of no call: their listeners are run within the call, too.
 */
export function inCall<T>(stay: RoomStay, work: () => T): T {
  const { room } = stay;
  const { emit } = room;
  room.emit = (...event) => scopes.run(stay, () => Reflect.apply(emit, room, event));
  return scopes.run(stay, work);
}

/** The call whose code runs now; undefined where it is no call's. */
export function currentCall(): RoomStay | undefined {
  return scopes.getStore();
}
