import type { Account, ApplicationRow, SpeechCredentialRow } from "./account.ts";

/** What a `say` may say of its voice; what it leaves out is the application's. */
export interface Synthesizer {
  vendor?: string;
  label?: string;
  fallbackVendor?: string;
  fallbackLabel?: string;
}

const DEFAULT_VENDOR = "google";

/**
 * Whether a text can be spoken: by the vendor and label of the verb, else of the application, else by their fallback. There has to be a
 * credential of exactly that label that is for speech; google's must have passed its test, too
 * (read: feature-server lib/tasks/say.js, lib/session/call-session.js getSpeechCredentials) (seen live: jambonz-live, section 4).
 */
export function hasVoice(account: Account, application: ApplicationRow | undefined, given: Synthesizer = {}): boolean {
  const isOwn = (vendor: string | undefined) => vendor !== undefined && vendor !== "default";
  const vendor = isOwn(given.vendor) ? given.vendor : (application?.speech_synthesis_vendor ?? DEFAULT_VENDOR);
  const label = isOwn(given.vendor) ? given.label : application?.speech_synthesis_label;
  if (hasCredential(account, vendor, label)) return true;
  if (isOwn(given.fallbackVendor)) return hasCredential(account, given.fallbackVendor, given.fallbackLabel);
  const { fallback_speech_synthesis_vendor: other, fallback_speech_synthesis_label: otherLabel } = application ?? {};
  return application?.use_for_fallback_speech === 1 && hasCredential(account, other, otherLabel);
}

function hasCredential({ speech_credentials: rows }: Account, vendor?: string | null, label?: string | null): boolean {
  // State of an earlier version has no such rows.
  return (rows ?? []).some((row) => row.vendor === vendor && (row.label ?? "") === (label ?? "") && canSpeak(row));
}

function canSpeak({ vendor, use_for_tts, tts_tested_ok }: SpeechCredentialRow): boolean {
  return use_for_tts === 1 && (vendor !== "google" || tts_tested_ok === 1);
}
