import { createHmac, timingSafeEqual } from "node:crypto";
import type { SignatureVerdict } from "../jambonz/signature.ts";

/** Paths of calls within one such span are the same, so that the media server's cache of files can serve. */
const SPAN_SECONDS = 600;
const FOLDER = "/livekit-api/speech/";

/**
 * The path of a file for so long, at least: its name and its end are signed with a key made of the webhook secret.
 * No dots in the query: feature-server lib/tasks/play.js encodes them.
 */
export function signedPath(name: string, { key, lastsSeconds }: { key: string; lastsSeconds: number }): string {
  const expires = Math.ceil((Date.now() / 1_000 + lastsSeconds) / SPAN_SECONDS) * SPAN_SECONDS;
  return `${FOLDER}${name}?expires=${expires}&signature=${sign(name, String(expires), key).toString("hex")}`;
}

export interface SignedName {
  name: string;
  expires: string;
  signature: string;
  /** Any one of them may have signed. */
  keys: readonly string[];
}

export function judgePath({ name, expires, signature, keys }: SignedName): SignatureVerdict {
  if (!/^\d{1,12}$/.test(expires) || !/^[0-9a-f]{64}$/.test(signature)) return "malformed";
  const got = Buffer.from(signature, "hex");
  // No early exit: the time taken must not tell which key came close.
  const hits = keys.map((key) => timingSafeEqual(sign(name, expires, key), got));
  if (!hits.includes(true)) return "mismatch";
  return Number(expires) < Date.now() / 1_000 ? "expired" : "valid";
}

/** The name has no line break in it: it is one of ours, or matches none. */
function sign(name: string, expires: string, key: string): Buffer {
  const derived = createHmac("sha256", key).update("trunkline speech").digest();
  return createHmac("sha256", derived).update(`${name}\n${expires}`).digest();
}
