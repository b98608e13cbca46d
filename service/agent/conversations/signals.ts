import type { Note } from "../audio/tone.ts";
import { GREETING } from "./greeting.ts";

/** What an agent without a voice says. Each is unlike the others, so that whoever measures a call can tell them apart. */
export const SIGNALS = {
  greeting: GREETING,
  /** "Are you still there?" */
  stillThere: [
    { hz: 600, ms: 250 },
    { hz: 800, ms: 250 },
    { hz: 600, ms: 250 },
  ],
  /** Three notes down. */
  goodbye: [
    { hz: 900, ms: 250 },
    { hz: 750, ms: 250 },
    { hz: 600, ms: 250 },
  ],
  /** Another agent takes over. */
  handover: [
    { hz: 900, ms: 200 },
    { hz: 700, ms: 200 },
  ],
  /** The telephone network's special information tone (ITU-T E.180): it cannot go on, and that is no fault of the caller's. */
  failure: [
    { hz: 950, ms: 330 },
    { hz: 1_400, ms: 330 },
    { hz: 1_800, ms: 330 },
  ],
  /** A model takes its time: the line is not dead. Low and short, as a sound of thinking. */
  filler: [{ hz: 450, ms: 200 }],
  /** Once every three seconds while a caller is on hold. */
  hold: [
    { hz: 500, ms: 400 },
    { hz: 0, ms: 2_600 },
  ],
} as const satisfies Record<string, readonly Note[]>;
