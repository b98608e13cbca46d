import { comparableNumber, own } from "@trunkline/contract";
import { z } from "zod";

const personSchema = z.object({
  /** What the model is told about its task. */
  instructions: z.string(),
  /** How the call is opened: what to greet with, in the model's own words. */
  greeting: z.string(),
  /** The provider's name of a voice; its own default if missing. */
  voice: z.string().optional(),
  /** BCP 47. */
  language: z.string(),
});

/** How an agent with a model presents itself. */
export type Person = z.infer<typeof personSchema>;

const DEFAULT_PERSON: Person = {
  instructions:
    "You are the telephone assistant of a small company. Be brief and friendly. Say so when you do not know something.",
  greeting: "Greet the caller and ask how you can help.",
  language: "de",
};

type SomeOf<T> = { [key in keyof T]?: T[key] | undefined };

/** One for every called number that has its own, and one for all others. */
export interface VoiceSettings {
  everyone: Person;
  /** Numbers are compared as numbers: carriers send `+49…`, `0049…` or `49…`. */
  byCalledNumber: Readonly<Record<string, Person>>;
  country?: string;
}

/** AGENT_PERSON, `{"instructions","greeting","voice","language"}`, all optional; AGENT_PERSONS, `{"<called number>": {…}}`, which win. */
export const voiceFields = {
  AGENT_PERSON: json(personSchema.partial()),
  AGENT_PERSONS: json(z.record(z.string(), personSchema.partial())),
};

export function voiceSettings(found: {
  AGENT_PERSON: SomeOf<Person>;
  AGENT_PERSONS: Record<string, SomeOf<Person>>;
  TRUNKLINE_COUNTRY?: string | undefined;
}): VoiceSettings {
  const country = found.TRUNKLINE_COUNTRY;
  const everyone = complete(DEFAULT_PERSON, found.AGENT_PERSON);
  const entries = Object.entries(found.AGENT_PERSONS).map(([number, given]) => [
    comparableNumber(number, country),
    complete(everyone, given),
  ]);
  return { everyone, byCalledNumber: Object.fromEntries(entries), ...(country !== undefined && { country }) };
}

export function personFor(called: string, { everyone, byCalledNumber, country }: VoiceSettings): Person {
  return own(byCalledNumber, comparableNumber(called, country)) ?? everyone;
}

function complete(base: Person, own: SomeOf<Person>): Person {
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...base, ...given };
}

function json<T>(schema: z.ZodType<T>) {
  return z
    .string()
    .default("{}")
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: "custom", message: "must be JSON" });
        return z.NEVER;
      }
    })
    .pipe(schema);
}
