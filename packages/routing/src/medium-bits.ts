import { MEDIA, type Medium } from "./model.ts";

const INDEX = Object.fromEntries(MEDIA.map((medium, i) => [medium, i])) as {
  readonly [M in Medium]?: number;
};

/** The place of a medium in MEDIA. */
export function mediumIndex(medium: Medium): number {
  return INDEX[medium] ?? -1;
}

/** The bit of a medium in a set of media; 0: there is no such medium. */
export function mediumBit(medium: Medium): number {
  const index = INDEX[medium];
  return index === undefined ? 0 : 1 << index;
}

/** A set of media as bits. */
export function mediaBits(media: readonly Medium[]): number {
  let bits = 0;
  for (const medium of media) bits |= mediumBit(medium);
  return bits;
}
