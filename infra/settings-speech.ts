import { calledNumber } from "@trunkline/providers";
import { z } from "zod";

const name = z.string().min(1, "is empty").max(256, "is over 256 characters");
const text = z.string().max(1_000, "is over 1000 characters");
const file = z
  .string()
  .regex(
    /^(?!\/)(?!.*\.\.).+\.wav$/,
    "is no path of a WAV file within this repository, such as speech/announcement.wav",
  );

/** How callers are spoken to. */
const spoken = z.strictObject({
  /** BCP 47. Files are shipped in German and English. */
  language: name.default("en"),
  /** A voice of Jambonz: vendor and label of a speech credential. Without a vendor files are played. */
  vendor: name.optional(),
  label: name.optional(),
  voice: name.optional(),
  fallbackVendor: name.optional(),
  fallbackLabel: name.optional(),
  fallbackLanguage: name.optional(),
  fallbackVoice: name.optional(),
  /** Instead of `announcement` and `fallbackText`. */
  announcement: text.optional(),
  apology: text.min(1, "is empty").optional(),
  /** What says them: WAV, 8 kHz, mono, 16 bit. */
  announcementFile: file.optional(),
  apologyFile: file.optional(),
});

/** The part of the stack configuration that is about what callers hear from us. */
export const speechSettings = {
  /** `numbers`: by called number, where the language differs; each stands for itself. */
  speech: spoken.extend({ numbers: z.record(calledNumber, spoken).default({}) }).prefault({}),
  /** A caller who gets only the apology hears it without being answered: where the carrier passes early media. */
  unansweredApology: z.boolean().default(false),
};

type SpeechSettings = z.output<z.ZodObject<typeof speechSettings>>;

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
