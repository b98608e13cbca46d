import { type RemoteParticipant, type RemoteTrack, type Room, RoomEvent } from "@livekit/rtc-node";

interface Handle {
  dispose(): void;
}

/**
 * What a room holds in native memory. rtc-node 0.13.35 gives it back when the garbage collector finds the objects in
 * JavaScript, which are so small that it hardly ever looks: a host process grew by up to 4 MB with each call. And a room
 * that LiveKit has closed stays subscribed to the events of every other room of its process, for ever.
 */
export class RoomHandles {
  readonly #room: Room;
  readonly #left: (RemoteParticipant | RemoteTrack)[] = [];

  /** @param room connected; whoever leaves from now on is remembered. */
  constructor(room: Room) {
    this.#room = room;
    room.on(RoomEvent.ParticipantDisconnected, (participant) => this.#left.push(participant));
    room.on(RoomEvent.TrackUnsubscribed, (track) => this.#left.push(track));
  }

  /** Gives everything back at once. The room has to be left before, and is not to be used after. */
  release(): void {
    const { localParticipant: agent, remoteParticipants } = this.#room;
    const participants = [...(agent ? [agent] : []), ...remoteParticipants.values()];
    for (const { trackPublications } of participants)
      for (const publication of trackPublications.values())
        dispose(publication.track?.ffi_handle, publication.ffiHandle);
    dispose(
      ...[...this.#left, ...participants].map(({ ffi_handle }) => ffi_handle),
      privateOf(this.#room, "ffiHandle"),
    );
    const listener = privateOf<() => void>(this.#room, "onFfiEvent");
    if (listener) globalThis._ffiClientInstance?.off("ffi_event", listener);
  }
}

function dispose(...handles: (Handle | undefined)[]): void {
  for (const handle of handles) handle?.dispose();
}

/** Room keeps these to itself. Should another version name them otherwise, the collector still finds them. */
function privateOf<T = Handle>(room: Room, name: "ffiHandle" | "onFfiEvent"): T | undefined {
  return Reflect.get(room, name) as T | undefined;
}
