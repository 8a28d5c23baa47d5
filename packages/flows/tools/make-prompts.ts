import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LANGUAGES, type Language, promptPath, systemPrompts } from "../src/prompt-catalogue.ts";
import { phraseText } from "./phrases.ts";

/*
 * Renders every shipped phrase with espeak-ng and sox: `node packages/flows/tools/make-prompts.ts [language...]`.
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

/** What the loudest part of the signal is brought to; mu-law needs head-room above speech of -16 dBFS RMS. */
const PEAK_DB = -2;
const RMS_DB = -16;

const languages = process.argv.length > 2 ? LANGUAGES.filter((l) => process.argv.includes(l)) : LANGUAGES;
const work = mkdtempSync(join(tmpdir(), "prompts-"));
for (const language of languages) {
  mkdirSync(join(OUT, language), { recursive: true });
  for (const name of systemPrompts) {
    const text = phraseText(language, name);
    if (text === undefined) throw new Error(`no text for ${language} ${name}`);
    render(language, text, join(OUT, promptPath(language, name)));
  }
  console.log(`${language}: ${systemPrompts.length} phrases`);
}
rmSync(work, { recursive: true });

function render(language: Language, text: string, out: string): void {
  const raw = join(work, "raw.wav");
  const band = join(work, "band.wav");
  execFileSync("espeak-ng", [...VOICES[language], "-w", raw, text]);
  // telephone band, trimmed at both ends, 80 ms of silence left so that nothing is clipped by a slow start
  sox([
    raw,
    ...["-r", "8000", "-c", "1", "-b", "16", band],
    ...["highpass", "200", "lowpass", "3400"],
    ...["silence", "1", "0.02", "0.3%", "reverse", "silence", "1", "0.02", "0.3%", "reverse"],
    ...["pad", "0.08", "0.12", "gain", "-n", "-6"],
  ]);
  const gain = RMS_DB - rms(band);
  // a soft compressor takes the peaks that the gain would clip
  sox([
    ...["-D", band, "-e", "mu-law", "-b", "8", out],
    ...["compand", "0.003,0.08", "6:-40,-40,-18,-14,0,-7", gain.toFixed(1), "-90", "0.003"],
    ...["gain", "-l", (RMS_DB - PEAK_DB - RMS_DB).toFixed(1)],
  ]);
}

function rms(file: string): number {
  return Number(/RMS lev dB\s+(-?[\d.]+)/.exec(sox([file, "-n", "stats"]))?.[1]);
}

/** Runs sox; its statistics come on standard error. */
function sox(args: readonly string[]): string {
  return execFileSync("sh", ["-c", 'exec sox "$@" 2>&1', "sox", ...args], { encoding: "utf8" });
}
