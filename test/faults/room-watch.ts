import { setTimeout as pause } from "node:timers/promises";
import type { RoomServiceClient } from "livekit-server-sdk";
import { callIdOfRoom } from "../../service/shared/index.ts";

const EVERY_MS = 200;

/** Notes every call's room that LiveKit shows and that was not there before. A LiveKit that is away shows none. */
export class RoomWatch {
  readonly #rooms: RoomServiceClient;
  readonly #before: ReadonlySet<string>;
  readonly #seen = new Set<string>();
  readonly #closing = new AbortController();
  readonly #work: Promise<void>;

  private constructor(rooms: RoomServiceClient, before: readonly string[]) {
    this.#rooms = rooms;
    this.#before = new Set(before);
    this.#work = this.#watch();
  }

  static async start(rooms: RoomServiceClient): Promise<RoomWatch> {
    return new RoomWatch(rooms, await callRooms(rooms));
  }

  /** Call ids, of all rooms so far. */
  get seen(): string[] {
    return [...this.#seen];
  }

  /** Call ids of those that are there now. */
  async left(): Promise<string[]> {
    return (await callRooms(this.#rooms)).filter((callId) => !this.#before.has(callId));
  }

  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#work;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      for (const callId of await this.left().catch(() => [])) this.#seen.add(callId);
      await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function callRooms(rooms: RoomServiceClient): Promise<string[]> {
  return (await rooms.listRooms()).flatMap(({ name }) => callIdOfRoom(name) ?? []);
}
