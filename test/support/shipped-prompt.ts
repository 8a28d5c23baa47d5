import { readFile } from "node:fs/promises";
import { readWav } from "@svara/media/testing";
import { TELEPHONE_HZ } from "./tones.ts";

/** A prompt that comes with Svara, such as `en/greeting`. */
export async function shippedPrompt(name: string): Promise<Int16Array> {
  const file = new URL(`../../packages/flows/prompts/${name}.wav`, import.meta.url);
  const { samples, sampleRate } = readWav(await readFile(file), name);
  if (sampleRate !== TELEPHONE_HZ) throw new Error(`${name} is at ${sampleRate} Hz`);
  return samples;
}
