import { fileURLToPath } from "node:url";
import type { Random } from "@svara/kernel";
import type { PlayItem } from "@svara/media";
import { VOICE_LINES } from "./voice-lines.ts";

/** Chooses what a synthetic person says. */
export class Voices {
  /** A customer's words in a language, and a breath after them. */
  customer(random: Random, language: string): PlayItem[] {
    return [file(pick(random, "customer", language)), { silenceMs: 3_500 }];
  }

  /** An agent's words; `language` where the agent knows it. */
  agent(random: Random, language = "en"): PlayItem[] {
    return [{ silenceMs: 300 }, file(pick(random, "agent", language)), { silenceMs: 4_000 }];
  }
}

function pick(random: Random, role: "customer" | "agent", language: string): string {
  const fitting = VOICE_LINES.filter((line) => line.role === role && line.language === language);
  const lines =
    fitting.length > 0 ? fitting : VOICE_LINES.filter((line) => line.role === role && line.language === "en");
  return lines[Math.floor(random.next() * lines.length)]?.name ?? `${role}-en-1`;
}

function file(name: string): PlayItem {
  return { file: fileURLToPath(new URL(`./voices/${name}.wav`, import.meta.url)) };
}
