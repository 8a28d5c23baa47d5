/** Languages in which the shipped prompts speak. */
export const LANGUAGES = ["en", "ru", "uk", "sv"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The greatest place in the queue that has a phrase of its own; beyond it `position-many` is said. */
export const MAX_SPOKEN_POSITION = 20;
/** The longest wait in whole minutes that has a phrase of its own; beyond it `wait-long` is said. */
export const MAX_SPOKEN_WAIT_MINUTES = 30;

const PHRASES = [
  "greeting",
  "recording-notice",
  "closed",
  "unstaffed",
  "queue-full",
  "technical-fault",
  "goodbye",
  "please-wait",
  "all-agents-busy",
  "all-agents-busy-wait",
  "thanks-for-waiting",
  "transferring",
  "position-next",
  "position-many",
  "wait-under-1",
  "wait-long",
  "callback-offer",
  "callback-promised",
] as const;

/** The name of a shipped phrase: whole sentences, so that no language's grammar is put together from pieces. */
export type SystemPrompt = (typeof PHRASES)[number] | `position-${number}` | `wait-${number}`;

/** The shipped sounds that are not speech, under `prompts/music/`. */
export const MUSIC = ["default", "comfort", "beep"] as const;
export type MusicName = (typeof MUSIC)[number];

/** Every shipped phrase of one language. */
export const systemPrompts: readonly SystemPrompt[] = [
  ...PHRASES,
  ...Array.from({ length: MAX_SPOKEN_POSITION - 1 }, (_, i): SystemPrompt => `position-${i + 2}`),
  ...Array.from({ length: MAX_SPOKEN_WAIT_MINUTES }, (_, i): SystemPrompt => `wait-${i + 1}`),
];

/** The file of a shipped phrase, relative to `packages/flows/prompts/`: 8 kHz, mono, G.711 mu-law WAV. */
export function promptPath(language: Language, name: SystemPrompt): string {
  return `${language}/${name}.wav`;
}

/** The file of a shipped music or tone, relative to `packages/flows/prompts/`. */
export function musicPath(name: MusicName): string {
  return `music/${name}.wav`;
}

/** Every shipped file, relative to `packages/flows/prompts/`. */
export const promptCatalogue: readonly string[] = [
  ...LANGUAGES.flatMap((language) => systemPrompts.map((name) => promptPath(language, name))),
  ...MUSIC.map(musicPath),
];
