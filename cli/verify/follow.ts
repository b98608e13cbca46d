import { setTimeout as pause } from "node:timers/promises";
import { shown } from "../../providers/text/foreign.ts";
import type { CallView } from "../ticket/call.ts";
import type { MiddlewareCalls } from "./middleware.ts";
import type { Person } from "./person.ts";
import { betterLook, type CallRooms } from "./rooms.ts";
import { NOTHING_SEEN, type Seen } from "./seen.ts";
import type { CallFacts, TestCall } from "./test-calls.ts";

const LOOK_EVERY_MS = 300;
/** LiveKit closes a room, and the middleware the call's entry, within this long of the end. */
const CLEARED_WITHIN_MS = 15_000;

export interface Watching {
  person: Person;
  calls: MiddlewareCalls;
  rooms: CallRooms;
  facts: CallFacts;
  /** The only codecs LiveKit's trunk offers; empty: all. */
  listedCodecs: string[];
  /** Progress, line by line. */
  tell(line: string): void;
}

/** Has one test call made, and watches it from its webhook until nothing of it is left. */
export async function follow(testCall: TestCall, watching: Watching): Promise<Seen> {
  const { person, calls, facts, listedCodecs, tell } = watching;
  const known = new Set((await calls.recent()).map(({ id }) => id));
  const { from } = await person.begin(testCall, facts);
  const id = await newCall(known, from, watching);
  if (id === undefined) return { ...NOTHING_SEEN, listedCodecs };
  tell(`  ${testCall.id}: the call has come: ${shown(id)}`);
  const watched = await watchToEnd(id, testCall, watching);
  const isCleared = await cleared(id, watching);
  const ear: Seen["ear"] = {};
  for (const question of testCall.questions) ear[question.id] = await person.answer(testCall, question);
  return { ...watched, isCleared, ear, codec: await person.codec(testCall), listedCodecs };
}

/** The id of the first call that was not there before; undefined: none came in time. */
async function newCall(known: Set<string>, from: string | undefined, { person, calls }: Watching) {
  const isOurs = ({ id, caller }: CallView) => !known.has(id) && (from === undefined || isSameEnd(caller, from));
  for (const end = performance.now() + person.patience.comesMs; performance.now() < end; await pause(LOOK_EVERY_MS)) {
    const found = (await quietly(() => calls.recent()))?.find(isOurs);
    if (found) return found.id;
  }
  return undefined;
}

/** The caller's number may be shown with its last three digits only. */
function isSameEnd(one: string, other: string): boolean {
  return one.slice(-3) === other.slice(-3);
}

async function watchToEnd(
  id: string,
  testCall: TestCall,
  { person, calls, rooms, tell }: Watching,
): Promise<Pick<Seen, "call" | "states" | "room">> {
  const seen: Pick<Seen, "call" | "states" | "room"> = { call: undefined, states: [], room: undefined };
  for (const end = performance.now() + person.patience.lastsMs; performance.now() < end; await pause(LOOK_EVERY_MS)) {
    const call = await quietly(() => calls.read(id));
    if (call === undefined) continue;
    seen.call = call;
    if (seen.states.at(-1) !== call.state) {
      seen.states.push(call.state);
      tell(`  ${testCall.id}: ${shown(call.state)}${call.reason === undefined ? "" : ` (${shown(call.reason)})`}`);
    }
    if (call.endedAt !== undefined) break;
    if (call.state === "talking") seen.room = betterLook(seen.room, await rooms.look(id));
  }
  return seen;
}

async function cleared(id: string, { calls, rooms }: Watching): Promise<boolean> {
  for (const end = performance.now() + CLEARED_WITHIN_MS; performance.now() < end; await pause(LOOK_EVERY_MS)) {
    const isActive = (await quietly(() => calls.active()))?.some((call) => call.id === id) ?? true;
    if (!isActive && (await quietly(() => rooms.exists(id))) === false) return true;
  }
  return false;
}

/** One lost answer is no reason to stop watching. */
async function quietly<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
