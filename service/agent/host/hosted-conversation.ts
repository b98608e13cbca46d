import type { Room } from "@livekit/rtc-node";
import type { CallContext } from "@trunkline/shared";
import type { Conversation, LiveCall } from "../conversations/conversation.ts";
import { RoomHandles } from "./room-handles.ts";

/** A conversation in a process that it shares: tells when it is ready, and leaves nothing of its room behind. */
export class HostedConversation implements Conversation {
  readonly #inner: Conversation;
  readonly #onPrepared: () => void;
  #handles: RoomHandles | undefined;

  constructor(inner: Conversation, onPrepared: () => void) {
    this.#inner = inner;
    this.#onPrepared = onPrepared;
  }

  async prepare(room: Room, call: CallContext): Promise<void> {
    this.#handles = new RoomHandles(room);
    await this.#inner.prepare(room, call);
    this.#onPrepared();
  }

  talk(live: LiveCall): Promise<void> {
    return this.#inner.talk(live);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  /** After the call, when the room has been left. */
  release(): void {
    this.#handles?.release();
  }
}
