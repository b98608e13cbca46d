import { type Voice, voiceProblems } from "@trunkline/providers";
import type { JambonzSettings } from "./settings-jambonz.ts";
import { declaredVoices, type SpeechSettings } from "./settings-speech.ts";

type Spoken = Pick<SpeechSettings, "speech"> & {
  jambonz: Pick<JambonzSettings, "url" | "accountSid" | "applications">;
};

/**
 * Callers would hear nothing, and nobody would be told. Asked in each preview.
 * @throws Error VOICE_MISSING, with each voice that the stack file names and Jambonz cannot speak with
 */
export async function requireVoices(settings: Spoken): Promise<void> {
  const { url, accountSid } = settings.jambonz;
  const problems = await voiceProblems(url, accountSid, allVoices(settings));
  if (problems.length === 0) return;
  throw new Error(
    `VOICE_MISSING: ${problems.join("; ")}. Jambonz would skip what callers should hear, in silence. Add the speech credential in Jambonz, or change \`speech\` or \`jambonz.applications.calls\` in the stack file: without a voice the shipped files are played.`,
  );
}

function allVoices(settings: Spoken): Voice[] {
  const { synthesis, fallbackSynthesis, useFallbackSpeech } = settings.jambonz.applications.calls;
  const ofApplication = [synthesis, useFallbackSpeech ? fallbackSynthesis : undefined].flatMap((voice) =>
    voice?.vendor === undefined ? [] : [{ vendor: voice.vendor, label: voice.label ?? "" }],
  );
  return [...declaredVoices(settings), ...ofApplication];
}
