import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LANGUAGES, type Language, promptPath, systemPrompts } from "../src/prompt-catalogue.ts";
import { phraseText } from "./phrases.ts";
import { ukrainianPhonemes } from "./ukrainian-phonemes.ts";

/*
 * Renders every shipped phrase with espeak-ng and sox: `node packages/flows/tools/make-prompts.ts [language or phrase...]`.
 * Run by hand when a phrase changes; the results are committed. Nothing of this runs at install or start.
 */

const OUT = fileURLToPath(new URL("../prompts/", import.meta.url));

/** Slower than the default 175 words a minute: the telephone's band takes away what makes fast speech clear. */
const VOICES: Record<Language, readonly string[]> = {
  en: ["-v", "en-gb", "-s", "150", "-p", "45"],
  ru: ["-v", "ru", "-s", "145", "-p", "45"],
  uk: ["-v", "uk", "-s", "140", "-p", "45"],
  sv: ["-v", "sv", "-s", "145", "-p", "45"],
};

/** The loudness of every phrase; the limiter keeps the peaks below full scale. */
const RMS_DB = -16;

const languages = chosen(LANGUAGES);
const phrases = chosen(systemPrompts);
const work = mkdtempSync(join(tmpdir(), "prompts-"));
for (const language of languages) {
  mkdirSync(join(OUT, language), { recursive: true });
  for (const name of phrases) {
    const text = phraseText(language, name);
    if (text === undefined) throw new Error(`no text for ${language} ${name}`);
    render(language, text, join(OUT, promptPath(language, name)));
  }
  console.log(`${language}: ${phrases.length} phrases`);
}
rmSync(work, { recursive: true });

/** Those that the command line names; all of them when it names none. */
function chosen<T extends string>(all: readonly T[]): readonly T[] {
  const named = all.filter((one) => process.argv.includes(one));
  return named.length > 0 ? named : all;
}

function render(language: Language, text: string, out: string): void {
  const raw = join(work, "raw.wav");
  const even = join(work, "even.wav");
  const spoken = language === "uk" ? ukrainianPhonemes(text) : text;
  execFileSync("espeak-ng", [...VOICES[language], "-w", raw, spoken], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  sox([
    ...["-D", raw, "-r", "8000", "-c", "1", "-b", "16", even],
    // the telephone's band
    ...["highpass", "200", "lowpass", "3400"],
    // silence off at both ends
    ...["silence", "1", "0.02", "0.4%", "reverse", "silence", "1", "0.02", "0.4%", "reverse"],
    // the quiet parts up, the loud ones down: crest factor is loudness lost
    ...["gain", "-n", "-6", "compand", "0.003,0.1", "6:-50,-50,-30,-22,-12,-9,0,-6"],
    // a breath before and after, so that no player cuts a sound
    ...["pad", "0.08", "0.15"],
  ]);
  // the limiter takes some of the loudness away again: what it took is added in a second pass
  const gain = RMS_DB - rms(even);
  const first = join(work, "first.wav");
  sox(["-D", even, first, "gain", "-l", gain.toFixed(1)]);
  const more = gain + RMS_DB - rms(first);
  sox(["-D", even, "-e", "mu-law", "-b", "8", out, "gain", "-l", more.toFixed(1), "gain", "-0.5"]);
}

function rms(file: string): number {
  return Number(/RMS lev dB\s+(-?[\d.]+)/.exec(sox([file, "-n", "stats"]))?.[1]);
}

/** Runs sox; its statistics come on standard error. */
function sox(args: readonly string[]): string {
  return execFileSync("sh", ["-c", 'exec sox "$@" 2>&1', "sox", ...args], { encoding: "utf8" });
}
