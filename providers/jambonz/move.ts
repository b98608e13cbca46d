import { TrunklineError } from "../dynamic/errors.ts";
import type { Plain } from "../dynamic/plain.ts";

/** Where rows are. */
interface Place {
  host: string;
  accountSid: string;
}

/** The places that the rows of this run leave. */
const left = new Set<string>();
/** Rows there that others still use: the API does not delete these before the others. The newest is last. */
const inUse = new Map<string, () => Promise<void>>();

/** `check`: whether the stack moves to another server or account. */
export function noteMove(now: Place, olds: Plain): void {
  const { host, accountSid } = olds;
  if (typeof host !== "string" || typeof accountSid !== "string") return;
  const before = { host, accountSid };
  if (placeText(before) !== placeText(now)) left.add(placeText(before));
}

/**
 * Deletes a row. One of a place that is left may be in use by rows which leave after it: it goes with the last of them.
 * @throws API_REFUSED for a row in use when its place is not left.
 */
export async function removeInTurn(place: Place, sid: string, remove: () => Promise<void>): Promise<void> {
  if (!left.has(placeText(place))) return remove();
  inUse.set(sid, remove);
  for (const [each, removeIt] of [...inUse].reverse()) if (await isDone(removeIt)) inUse.delete(each);
}

/** A row that was found again: the other place is the same one by another name. */
export function stays(sid: string): void {
  inUse.delete(sid);
}

async function isDone(remove: () => Promise<void>): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch (cause) {
    if (cause instanceof TrunklineError && cause.code === "API_REFUSED") return false;
    throw cause;
  }
}

function placeText({ host, accountSid }: Place): string {
  return `${host} ${accountSid}`;
}
