/** What is said to callers: before anything else, and where no agent can be reached. */
export const PHRASES = ["announcement", "apology"] as const;
export type Phrase = (typeof PHRASES)[number];

const LANGUAGES = ["de", "en"] as const;
type Language = (typeof LANGUAGES)[number];

/** What is said unless the stack says otherwise. Each sentence is shipped as audio: `phrases/<phrase>.<language>.wav`. */
export const SENTENCES: Readonly<Record<Phrase, Readonly<Record<Language, string>>>> = {
  announcement: {
    de: "Sie sprechen mit einem automatischen Assistenten.",
    en: "You are talking to an automated assistant.",
  },
  apology: {
    de: "Es tut uns leid, unser Assistent kann Ihren Anruf gerade nicht annehmen. Bitte rufen Sie später noch einmal an.",
    en: "We are sorry, our assistant cannot take your call at the moment. Please call again later.",
  },
};

/** @param language BCP 47; what is not German is told in English. */
export function spokenLanguage(language: string): Language {
  const [primary] = language.toLowerCase().split("-");
  return LANGUAGES.find((known) => known === primary) ?? "en";
}

export function isSentence(phrase: Phrase, text: string): boolean {
  return LANGUAGES.some((language) => SENTENCES[phrase][language] === text);
}
