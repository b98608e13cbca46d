import { z } from "zod";

const LONGEST_NAME = 256;
const LONGEST_TEXT = 1_000;

const name = z.string().min(1, "is empty").max(LONGEST_NAME, `is over ${LONGEST_NAME} characters`);
const text = z.string().max(LONGEST_TEXT, `is over ${LONGEST_TEXT} characters`);

/** How callers of a number are spoken to: in the stack file, and in the middleware's SPEECH. An entry stands for itself. */
export const speechEntry = z.strictObject({
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
  /** What is said instead of the usual; an empty announcement = none. */
  announcement: text.optional(),
  apology: text.min(1, "is empty").optional(),
  /** The same as a file: WAV, PCM, 16 bit, mono, 8 kHz. */
  announcementFile: name.optional(),
  apologyFile: name.optional(),
});
export type SpeechEntry = z.output<typeof speechEntry>;
