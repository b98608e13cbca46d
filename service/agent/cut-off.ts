import { type RemoteParticipant, type Room, RoomEvent } from "@livekit/rtc-node";

/** One that is refused is made anew at once: then LiveKit is dead, and both sides join again when another one is there. */
const LONG_AWAY_MS = 2_000;
/** A LiveKit that answers again by now has the agent back within two seconds. */
const GRACE_MS = 300;

export interface CutOffParts {
  readonly signal: AbortSignal;
  readonly onCutOff: () => void;
  readonly onBack: () => void;
}

/**
 * Tells when the agent's way to its caller is cut although audio came and went: LiveKit's Redis stands still. livekit-server then ends its
 * signal connections (`signal_relay.retry_timeout`, 7.5 s by default) while audio goes on; the SDK tries to resume for 5 s in vain, connects
 * anew, and ends the audio with that (livekit/rust-sdks, `reconnect_task`). Nobody else can tell: LiveKit's API stands still, too.
 */
export function watchCutOff(room: Room, caller: RemoteParticipant, { signal, onCutOff, onBack }: CutOffParts): void {
  let awaySince: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isTold = false;
  const away = () => {
    awaySince ??= performance.now();
  };
  const dropped = ({ identity }: RemoteParticipant) => {
    if (identity !== caller.identity || awaySince === undefined || performance.now() - awaySince < LONG_AWAY_MS) return;
    timer ??= setTimeout(() => {
      isTold = true;
      onCutOff();
    }, GRACE_MS);
  };
  const back = () => {
    clearTimeout(timer);
    timer = undefined;
    awaySince = undefined;
    if (isTold) onBack();
    isTold = false;
  };
  room.on(RoomEvent.Reconnecting, away).on(RoomEvent.Reconnected, back).on(RoomEvent.ParticipantDisconnected, dropped);
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}
