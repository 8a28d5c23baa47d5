import type { PromptRef } from "./flow.ts";
import {
  type Language,
  MAX_SPOKEN_POSITION,
  MAX_SPOKEN_WAIT_MINUTES,
  promptPath,
  type SystemPrompt,
} from "./prompt-catalogue.ts";

/*
 * Numbers are spoken in whole sentences rendered beforehand, one for each number: in Russian and Ukrainian the noun
 * follows the number (одна минута, две минуты, пять минут), so a sentence put together from pieces would be wrong.
 */

/** The phrase for a place in the queue, from 1. */
export function positionPhrase(position: number): SystemPrompt {
  const place = Math.max(1, Math.trunc(position));
  if (place === 1) return "position-next";
  return place <= MAX_SPOKEN_POSITION ? `position-${place}` : "position-many";
}

/** The phrase for an estimated wait: whole minutes, rounded up, so that we promise rather too little than too much. */
export function waitPhrase(estimatedWaitMs: number): SystemPrompt {
  const minutes = estimatedWaitMs / 60_000;
  if (minutes < 1) return "wait-under-1";
  const whole = Math.ceil(minutes);
  return whole <= MAX_SPOKEN_WAIT_MINUTES ? `wait-${whole}` : "wait-long";
}

/** The files that speak a place in the queue, relative to `packages/flows/prompts/`. */
export function speakPosition(language: Language, position: number): readonly string[] {
  return [promptPath(language, positionPhrase(position))];
}

/** The files that speak an estimated wait in milliseconds. */
export function speakWait(language: Language, estimatedWaitMs: number): readonly string[] {
  return [promptPath(language, waitPhrase(estimatedWaitMs))];
}

/** A shipped phrase as a step's prompt. */
export function systemPrompt(language: Language, name: SystemPrompt): PromptRef {
  return { kind: "system", name, language };
}
