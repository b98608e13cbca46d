const VISIBLE_DIGITS = 3;

/**
 * A phone number for logs: all but the last three digits hidden (`+4930123456` → `+*******456`).
 * Texts without digits (`anonymous`) stay as they are.
 */
export function maskNumber(text: string): string {
  const digits = text.replaceAll(/[^\p{Nd}\p{No}]/gu, "").length;
  let seen = 0;
  return text.replaceAll(/[\p{Nd}\p{No}]/gu, (digit) => (++seen > digits - VISIBLE_DIGITS ? digit : "*"));
}
