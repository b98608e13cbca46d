import { createHmac } from "node:crypto";

/** The header of what this product sends to an address of the user's. */
export const SIGNATURE_HEADER = "trunkline-signature";

/**
 * `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over `<t>.<body>`, as jambonz signs its webhooks, and Stripe. Whoever receives it computes the
 * same, compares in constant time, and refuses what is older than some minutes.
 * @param body exactly as it is sent
 */
export function signatureOf(body: string, secret: string, atMs = Date.now()): string {
  const seconds = Math.floor(atMs / 1_000);
  const digest = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${digest}`;
}
