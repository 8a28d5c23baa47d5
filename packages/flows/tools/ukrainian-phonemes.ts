/*
 * espeak-ng reduces Ukrainian vowels as if they were Russian and guesses the stress, often wrongly. Ukrainian spelling
 * is close to its sound, so we hand it phonemes: the texts carry the stress (U+0301 after the vowel).
 */

const STRESS = "\u0301";
const VOWELS: Readonly<Record<string, string>> = { а: "A", е: "E", и: "I", і: "i", о: "o", у: "u" };
const IOTATED: Readonly<Record<string, string>> = { я: "A", ю: "u", є: "E", ї: "i" };
const CONSONANTS: Readonly<Record<string, string>> = {
  б: "b",
  в: "v",
  г: "h",
  ґ: "g",
  д: "d",
  ж: "Z",
  з: "z",
  й: "j",
  к: "k",
  л: "l",
  м: "m",
  н: "n",
  п: "p",
  р: "r",
  с: "s",
  т: "t",
  ф: "f",
  х: "x",
  ц: "ts",
  ч: "tS",
  ш: "S",
  щ: "StS",
};
/** Consonants that are soft before і. */
const SOFTENED = new Set(["д", "з", "л", "н", "с", "т", "ц"]);

/** A text for espeak-ng in which every word stands as its phonemes; punctuation stays and makes the pauses. */
export function ukrainianPhonemes(text: string): string {
  return text.toLowerCase().replace(/(?:[а-яіїєґ']|\u0301)+/gu, (word) => `[[${wordPhonemes(word)}]]`);
}

function wordPhonemes(word: string): string {
  const letters = [...word];
  let out = "";
  letters.forEach((letter, i) => {
    const before = letters[i - 1] ?? "";
    const next = letters[i + 1] ?? "";
    const stress = next === STRESS ? "'" : "";
    const afterConsonant = Object.hasOwn(CONSONANTS, before) && before !== "й";
    const iotated = IOTATED[letter];
    const vowel = VOWELS[letter];
    if (iotated !== undefined) out += `${afterConsonant && letter !== "ї" ? ";" : "j"}${stress}${iotated}`;
    else if (vowel !== undefined)
      out += `${letter === "і" && SOFTENED.has(before) ? ";" : ""}${stress}${vowel}`;
    else if (letter === "ь") out += ";";
    // a v that closes a syllable is a half-vowel
    else if (letter === "в" && i > 0 && !isVowel(next)) out += "w";
    else out += CONSONANTS[letter] ?? "";
  });
  return out;
}

function isVowel(letter: string): boolean {
  return Object.hasOwn(VOWELS, letter) || Object.hasOwn(IOTATED, letter);
}
