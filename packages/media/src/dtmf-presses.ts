import { SeededRandom } from "@svara/kernel";
import { dtmfPair } from "./dtmf-tones.ts";
import { joined, silence, withNoise } from "./synthetic-speech.ts";
import { amplitudeAt, meanSquareAt } from "./tone-level.ts";

function clip(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}

/** How keys are pressed; both tones at the louder one's level unless twisted. */
export interface Press {
  readonly levelDbm0?: number;
  /** Of the high tone over the low one, in dB. */
  readonly twistDb?: number;
  /** Of both frequencies. */
  readonly offset?: number;
  readonly toneMs?: number;
  readonly pauseMs?: number;
  readonly snrDb?: number;
}

/** Keys as a phone without telephone-event would send them; each begins at another place of the detector's window. */
export function pressedKeys(text: string, press: Press, seed = 1): Int16Array {
  const { levelDbm0 = -10, twistDb = 0, offset = 0, toneMs = 60, pauseMs = 60, snrDb = 60 } = press;
  const random = new SeededRandom(seed);
  const parts: Int16Array[] = [silence(50 + 10 * random.next())];
  for (const digit of text) {
    const [low, high] = dtmfPair(digit) ?? [0, 0];
    const length = Math.round(toneMs * 8);
    const phase = random.next() * 2 * Math.PI;
    const lowAmplitude = amplitudeAt(Math.min(levelDbm0, levelDbm0 - twistDb));
    const highAmplitude = amplitudeAt(Math.min(levelDbm0, levelDbm0 + twistDb));
    const w = (2 * Math.PI * (1 + offset)) / 8000;
    parts.push(
      Int16Array.from({ length }, (_, i) =>
        clip(lowAmplitude * Math.sin(low * w * i + phase) + highAmplitude * Math.sin(high * w * i)),
      ),
      silence(pauseMs),
    );
  }
  const softest = levelDbm0 - Math.abs(twistDb);
  return withNoise(joined(parts), Math.sqrt(2 * meanSquareAt(softest - snrDb)), random);
}
