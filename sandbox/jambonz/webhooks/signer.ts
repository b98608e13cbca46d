import { createHmac } from "node:crypto";

/**
 * `Jambonz-Signature`: HMAC-SHA256 over `<unix seconds>.<body>` with the account's webhook secret, in hex
 * (read: feature-server lib/utils/base-requestor.js) (seen live: jambonz-live, section 5). `body` must be the very text that is sent.
 */
export function signatureHeader(body: string, secret: string, now = Date.now()): string {
  const timestamp = Math.floor(now / 1000);
  const digest = createHmac("sha256", secret).update(`${timestamp}.${body}`, "utf8").digest("hex");
  return `t=${timestamp},v1=${digest}`;
}
