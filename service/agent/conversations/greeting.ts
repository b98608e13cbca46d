/** What the echo conversation greets with: 0.6 s, ours alone, so that whoever measures a call can tell it from any other tone. */
export const GREETING = [
  { hz: 700, ms: 300 },
  { hz: 900, ms: 300 },
] as const;
