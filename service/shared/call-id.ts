import { randomBytes } from "node:crypto";

const RANDOM_BYTES = 15; // 120 bits: more than the 96 that make an id unguessable, and 20 base-64 characters

/**
 * A new call id: 120 random bits in `[A-Za-z0-9-]`.
 * That alphabet is the overlap of what LiveKit's `sip_call_to` allows and what jambonz may put into SQL unescaped.
 */
export function newCallId(): string {
  return randomBytes(RANDOM_BYTES).toString("base64url").replaceAll("_", "-").replace(/^-/, "a");
}

/** The id of a caller's further try: whoever reads it sees whose it is. @param nth from 2 on */
export function callIdOfTry(callId: string, nth: number): string {
  return `${callId}-${nth}`;
}

/** Whether a text has the form of a call id (not whether such a call exists). */
export function isCallId(text: string): boolean {
  return /^[A-Za-z0-9-]{16,64}$/.test(text);
}
