import { type Participant, type Room, RoomEvent, type Track, type TrackPublication } from "@livekit/rtc-node";

interface Handle {
  dispose(): void;
}

/**
 * What a room holds in native memory. rtc-node 0.13.35 gives it back when the garbage collector finds the objects in
 * JavaScript, which are so small that it hardly ever looks: a host process grew by up to 4 MB with each call, and by a thread that
 * went on sending silence every 10 ms. And a room that LiveKit has closed stays subscribed to the events of every other room of
 * its process, for ever.
 */
export class RoomHandles {
  readonly #room: Room;
  /** Of what the room itself has forgotten since. */
  readonly #left = new Set<Handle | undefined>();

  /** @param room connected; whatever leaves it from now on is remembered. */
  constructor(room: Room) {
    this.#room = room;
    room.on(RoomEvent.ParticipantDisconnected, (participant) => this.#remember(handlesOf(participant)));
    room.on(RoomEvent.TrackUnsubscribed, (track, publication) => this.#remember(handlesOfTrack(publication, track)));
    room.on(RoomEvent.LocalTrackUnpublished, (publication) => this.#remember(handlesOfTrack(publication)));
  }

  /** Gives everything back at once. The room has to be left before, and is not to be used after. */
  release(): void {
    const { localParticipant: agent, remoteParticipants } = this.#room;
    const participants = [...(agent ? [agent] : []), ...remoteParticipants.values()];
    this.#remember([...participants.flatMap(handlesOf), privateOf(this.#room, "ffiHandle")]);
    for (const handle of this.#left) handle?.dispose();
    const listener = privateOf<() => void>(this.#room, "onFfiEvent");
    if (listener) globalThis._ffiClientInstance?.off("ffi_event", listener);
  }

  #remember(handles: (Handle | undefined)[]): void {
    for (const handle of handles) this.#left.add(handle);
  }
}

function handlesOf({ ffi_handle, trackPublications }: Participant): (Handle | undefined)[] {
  return [...[...trackPublications.values()].flatMap((publication) => handlesOfTrack(publication)), ffi_handle];
}

function handlesOfTrack(publication: TrackPublication, track: Track | undefined = publication.track) {
  return [track?.ffi_handle, publication.ffiHandle];
}

/** Room keeps these to itself. Should another version name them otherwise, the collector still finds them. */
function privateOf<T = Handle>(room: Room, name: "ffiHandle" | "onFfiEvent"): T | undefined {
  return Reflect.get(room, name) as T | undefined;
}
