import { createHmac, timingSafeEqual } from "node:crypto";
import { TIMERS } from "@trunkline/shared";

/** Why a signature was refused, or `valid`. */
export type SignatureVerdict = "valid" | "missing" | "malformed" | "expired" | "mismatch";

export interface SignedRequest {
  /** The `Jambonz-Signature` header: `t=<unix seconds>,v1=<hex>[,v1=<hex>…]`. */
  header: string | undefined;
  /** The body exactly as it came: a parsed and re-serialised body has another signature. */
  body: Uint8Array;
  /** Any one of them may have signed: jambonz rotates a secret without overlap. */
  secrets: readonly string[];
  nowSeconds: number;
}

/** What the header alone shows: undefined = it may be a signature of now, and the body decides. */
export function judgeHeader({ header, nowSeconds }: Pick<SignedRequest, "header" | "nowSeconds">) {
  if (header === undefined || header === "") return "missing";
  const signature = parseHeader(header);
  if (signature === undefined) return "malformed";
  const isOld = Math.abs(nowSeconds - Number(signature.timestamp)) > TIMERS.signatureToleranceSeconds;
  return isOld ? "expired" : undefined;
}

/**
 * Judges jambonz's signature: hex HMAC-SHA256 over `<t>.<body>`, as jambonz-feature-server lib/utils/base-requestor.js signs.
 * The age is judged in both directions: a time stamp from the future would widen the replay window.
 */
export function judgeSignature({ header, body, secrets, nowSeconds }: SignedRequest): SignatureVerdict {
  const early = judgeHeader({ header, nowSeconds });
  const signature = parseHeader(header ?? "");
  if (early !== undefined || signature === undefined) return early ?? "malformed";
  const expected = secrets.map((secret) => digest(secret, signature.timestamp, body));
  // No early exit: the time taken must not tell which secret or which digest came close.
  const hits = expected.flatMap((want) => signature.digests.map((got) => timingSafeEqual(want, got)));
  return hits.includes(true) ? "valid" : "mismatch";
}

/** How long ago jambonz signed this, by both machines' clocks; undefined = nothing that says so. A repeated webhook keeps its first signature. */
export function ageOf({ header, nowSeconds }: Pick<SignedRequest, "header" | "nowSeconds">): number | undefined {
  const signature = parseHeader(header ?? "");
  return signature && nowSeconds - Number(signature.timestamp);
}

/** The header jambonz would send; for tests and for stand-ins of jambonz. */
export function signatureHeader(secret: string, body: Uint8Array, nowSeconds: number): string {
  const timestamp = String(Math.floor(nowSeconds));
  return `t=${timestamp},v1=${digest(secret, timestamp, body).toString("hex")}`;
}

function digest(secret: string, timestamp: string, body: Uint8Array): Buffer {
  return createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest();
}

function parseHeader(header: string): { timestamp: string; digests: Buffer[] } | undefined {
  const parts = header.split(",").map((part) => part.trim());
  const timestamps = parts.flatMap((part) => /^t=(\d{1,12})$/.exec(part)?.[1] ?? []);
  const digests = parts.flatMap((part) => /^v1=([0-9a-fA-F]{64})$/.exec(part)?.[1] ?? []);
  const [timestamp, ...more] = timestamps;
  if (timestamp === undefined || more.length > 0 || digests.length === 0) return undefined;
  return { timestamp, digests: digests.map((hex) => Buffer.from(hex, "hex")) };
}
