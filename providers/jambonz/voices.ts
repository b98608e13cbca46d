import { jambonzClient } from "./client.ts";
import { flagOf, type Row, textOf } from "./row.ts";

/** A voice as `say` names it: vendor and label of a speech credential. */
export interface Voice {
  vendor: string;
  /** Empty: of the credential without a label. */
  label: string;
}

/**
 * Why each of these voices cannot speak; empty when all can. Jambonz skips a `say` without a credential of exactly that vendor and label in
 * silence (seen: jambonz-live, section 4), Google's also until a test in the portal has succeeded.
 * @throws ENVIRONMENT_MISMATCH, MISSING_CREDENTIALS, INVALID_INPUT, API_UNREACHABLE, API_REFUSED
 */
export async function voiceProblems(host: string, accountSid: string, voices: readonly Voice[]): Promise<string[]> {
  if (voices.length === 0) return [];
  const client = jambonzClient(host);
  const rows = await client.voices(textOf(await client.account(accountSid), "account_sid"));
  return [...new Set(voices.flatMap((voice) => problemOf(rows, voice) ?? []))];
}

function problemOf(rows: readonly Row[], { vendor, label }: Voice): string | undefined {
  const named = `the voice "${vendor}"${label === "" ? " without a label" : ` labeled "${label}"`}`;
  const matching = rows.filter((row) => textOf(row, "vendor") === vendor && textOf(row, "label") === label);
  if (matching.length === 0) {
    const known = rows.map((row) => `"${[textOf(row, "vendor"), textOf(row, "label")].filter(Boolean).join("/")}"`);
    return `${named} is not among the account's speech credentials (${known.join(", ") || "there are none"})`;
  }
  const speaking = matching.filter((row) => flagOf(row, "use_for_tts"));
  if (speaking.length === 0) return `${named} is not enabled for text to speech in Jambonz`;
  if (vendor === "google" && !speaking.some((row) => flagOf(row, "tts_tested_ok")))
    return `${named} has not passed its test: press "Test" in Jambonz' portal`;
  return undefined;
}
