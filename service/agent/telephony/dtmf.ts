import { type RemoteParticipant, type Room, RoomEvent } from "@livekit/rtc-node";

/** The telephone's keys, each at its event code (RFC 4733, section 3.2). */
const KEYS = "0123456789*#";

export function isKey(text: string): boolean {
  return text.length === 1 && KEYS.includes(text);
}

/** Calls back for every key the caller presses. None of them ends a call: what a key means is the conversation's affair. */
export function onKey(room: Room, caller: RemoteParticipant, callback: (key: string) => void): void {
  room.on(RoomEvent.DtmfReceived, (_code, key, sender) => {
    if (isKey(key) && (sender === undefined || sender.identity === caller.identity)) callback(key);
  });
}

/** Sends one key to the other side of the call. @throws RangeError for anything but a key. */
export async function sendKey(room: Room, key: string): Promise<void> {
  if (!isKey(key)) throw new RangeError(`${JSON.stringify(key)} is not a telephone key: one of ${KEYS}`);
  await room.localParticipant?.publishDtmf(KEYS.indexOf(key), key);
}
