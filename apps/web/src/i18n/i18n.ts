import type { Language } from "@svara/contracts";
import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import { chooseLanguage } from "./choose-language.ts";
import en from "./en.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
  }
}

/** The catalogues but English are fetched when they are wanted. */
const catalogues: Readonly<Record<Language, () => Promise<object>>> = {
  en: async () => en,
  ru: async () => (await import("./ru.json")).default,
  uk: async () => (await import("./uk.json")).default,
  sv: async () => (await import("./sv.json")).default,
};

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: "English",
  ru: "Русский",
  uk: "Українська",
  sv: "Svenska",
};

const STORAGE_KEY = "svara.language";

/** Starts with the language last used here, else the browser's. */
export async function startI18n(): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
  const stored = localStorage.getItem(STORAGE_KEY);
  await changeLanguage(chooseLanguage(stored ? [stored, ...navigator.languages] : navigator.languages));
  return i18next;
}

/** Loads a catalogue when needed, then switches. */
export async function changeLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, "translation")) {
    i18next.addResourceBundle(language, "translation", await catalogues[language]());
  }
  await i18next.changeLanguage(language);
  localStorage.setItem(STORAGE_KEY, language);
  document.documentElement.lang = language;
}
