import { LANGUAGES, type Language } from "@svara/contracts";

/** The best of our languages for a browser's wishes: an exact word first, then the language without its region. */
export function chooseLanguage(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const found = LANGUAGES.find((language) => wish.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "en";
}
