import { type SpeechEntry, speechEntry } from "@trunkline/contract";
import { calledNumber, type Voice } from "@trunkline/providers";
import { z } from "zod";

const file = z
  .string()
  .regex(
    /^(?!\/)(?!.*\.\.).+\.wav$/,
    "is no path of a WAV file within this repository, such as speech/announcement.wav",
  );

/** The files are of this repository: nothing else is deployed. */
const spoken = speechEntry.extend({ announcementFile: file.optional(), apologyFile: file.optional() });

/** The part of the stack configuration that is about what callers hear from us. */
export const speechSettings = {
  /** `numbers`: by called number, where the language differs; each stands for itself. */
  speech: spoken.extend({ numbers: z.record(calledNumber, spoken).default({}) }).prefault({}),
  /** A caller who gets only the apology hears it without being answered: where the carrier passes early media. */
  unansweredApology: z.boolean().default(false),
};

export type SpeechSettings = z.output<z.ZodObject<typeof speechSettings>>;

/** Every file that the middleware needs. */
export function speechFiles({ speech: { numbers, ...usual } }: Pick<SpeechSettings, "speech">): string[] {
  const all = [usual, ...Object.values(numbers)].flatMap((entry) => [entry.announcementFile, entry.apologyFile]);
  return [...new Set(all.filter((path) => path !== undefined))];
}

/** The middleware's variables for them. @param hasVoice whether the application's own voice is declared: that is taken where none else is */
export function speechVariablesOf(settings: SpeechSettings, hasVoice: boolean): Record<string, string> {
  const { numbers, ...usual } = settings.speech;
  const declared = hasVoice && usual.vendor === undefined ? { ...usual, vendor: "default" } : usual;
  return {
    SPEECH: JSON.stringify({ "*": declared, ...numbers }),
    UNANSWERED_APOLOGY: String(settings.unansweredApology),
  };
}

/** Every voice that the stack file names, the spare ones too. `default` is the application's. */
export function declaredVoices({ speech: { numbers, ...usual } }: Pick<SpeechSettings, "speech">): Voice[] {
  return [usual, ...Object.values(numbers)].flatMap(voicesOf).filter(({ vendor }) => vendor !== "default");
}

function voicesOf({ vendor, label = "", fallbackVendor, fallbackLabel = "" }: SpeechEntry): Voice[] {
  return [
    ...(vendor === undefined ? [] : [{ vendor, label }]),
    ...(fallbackVendor === undefined ? [] : [{ vendor: fallbackVendor, label: fallbackLabel }]),
  ];
}
