import type { Drain } from "../calls/drain.ts";
import { isLongMusic, musicForRestart, type Verb } from "./verbs.ts";

/** One segment of music, the half second of silence that jambonz puts before every wait hook, and a slow network. */
const NEXT_WAIT_MS = 4_500;

/**
 * What a caller in the queue is answered when this instance may be about to stop: then one answer holds the music for the restart.
 * @param verbs what the caller would get otherwise
 */
export function answerToWait(callSid: string, verbs: Verb[], drain: Drain): Verb[] {
  const isLast = isLongMusic(verbs) || verbs.some(({ verb }) => verb === "leave");
  if (isLast || drain.isOn) drain.release(callSid);
  else drain.expect(callSid, NEXT_WAIT_MS);
  return !isLast && drain.isOn ? musicForRestart() : verbs;
}
