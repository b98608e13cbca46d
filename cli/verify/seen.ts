import type { CallView } from "../ticket/call.ts";

/** What only the ear at the telephone can tell. */
export type Question = "greetingWhole" | "keysAnswered" | "lineEnded" | "transferHeard" | "fallbackHeard";

/** A call's room in LiveKit, as its API shows it while they talk. */
export interface RoomLook {
  /** LiveKit's id of the SIP call, `SCL_…`; empty where it tells none. */
  sipCallId: string;
  /** The caller's leg is answered. */
  callerActive: boolean;
  /** An agent is there, with an audio track. */
  agentAudible: boolean;
}

/** What was seen of one test call. Nothing in it is an opinion. */
export interface Seen {
  /** The middleware's record after the call; undefined: no call came. */
  call: CallView | undefined;
  /** The states it went through, in the order in which they were seen. */
  states: string[];
  /** The best look that was had; undefined: the room was never seen. */
  room: RoomLook | undefined;
  /** Nothing of it was left in LiveKit and among the active calls a few seconds after its end. */
  isCleared: boolean;
  /** Answers; undefined: nobody could tell. */
  ear: Partial<Record<Question, boolean | undefined>>;
  /** The codec of the caller's leg, where it can be seen. */
  codec: string | undefined;
  /** The only codecs LiveKit's trunk offers; empty: whatever both ends know. */
  listedCodecs: string[];
}

export const NOTHING_SEEN: Seen = {
  call: undefined,
  states: [],
  room: undefined,
  isCleared: true,
  ear: {},
  codec: undefined,
  listedCodecs: [],
};
