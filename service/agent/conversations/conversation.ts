import type { RemoteParticipant, Room } from "@livekit/rtc-node";
import type { CallContext, Logger } from "@trunkline/shared";
import type { CallEnd } from "../call-end.ts";
import type { CallMetrics } from "../call-metrics.ts";
import type { CallTimes } from "../call-times.ts";
import type { Act } from "../host/room-actions.ts";

/** What a conversation may use once the caller can be heard and can hear. */
export interface LiveCall {
  call: CallContext;
  room: Room;
  caller: RemoteParticipant;
  /** Whether the call goes on; every wait of a conversation goes through it. */
  end: CallEnd;
  times: CallTimes;
  /** What the conversation tells of how it goes. */
  metrics: CallMetrics;
  /** What needs the project's key: hang up for all, transfer. */
  act: Act;
  log: Logger;
}

/** How an agent talks. One object serves one call. */
export interface Conversation {
  /** Gets ready to hear and to speak, and only then publishes the agent's audio track: the one sign of readiness outside. */
  prepare(room: Room, call: CallContext): Promise<void>;

  /**
   * Greets at once and talks. Returns when the agent wants to hang up.
   * @throws CallEnded when the call ended otherwise. Any other error ends the call too.
   */
  talk(live: LiveCall): Promise<void>;

  /** Says good-bye in its own voice; the agent does so with a signal where this is missing, or has not been heard. Never rejects. */
  sayGoodbye?(): Promise<void>;

  readonly hasSaidGoodbye?: boolean;

  /** Frees what `prepare` took. Called once, whatever happened. */
  close(): Promise<void>;
}
