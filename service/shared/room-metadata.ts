import { z } from "zod";
import type { CallContext } from "./context.ts";

/** The metadata of the job of an agent who waits in a room that was made before its call. */
export const STANDBY = JSON.stringify({ standby: true });

const markSchema = z.object({ stack: z.string().optional(), standby: z.boolean().default(false) });

/** What a room's metadata says about its owner. */
export interface RoomMark {
  /** The identity of the stack that made the room; undefined: made by another application, or by a middleware that set no mark. */
  readonly stack?: string | undefined;
  /** Made ahead of its call, and not yet given to one. */
  readonly isStandby: boolean;
}

/** The metadata of a call's room: the call's context, and the stack whose room it is. */
export function callRoomMetadata(stack: string, call: CallContext): string {
  return JSON.stringify({ ...call, stack });
}

/** The metadata of a room that waits for a call. The agent in it begins when `callRoomMetadata` takes its place. */
export function standbyRoomMetadata(stack: string): string {
  return JSON.stringify({ standby: true, stack });
}

/** Reads any room's metadata; what is not ours has no mark. */
export function roomMark(metadata: string): RoomMark {
  const { stack, standby } = markSchema.safeParse(parsed(metadata)).data ?? { standby: false };
  return { stack, isStandby: standby };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
