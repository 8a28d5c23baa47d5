import { MEDIA, type Medium } from "./model.ts";

const INDEX = Object.fromEntries(MEDIA.map((medium, i) => [medium, i])) as Record<Medium, number>;

/** The place of a medium in MEDIA. */
export function mediumIndex(medium: Medium): number {
  return INDEX[medium];
}

/** The bit of a medium in a set of media. */
export function mediumBit(medium: Medium): number {
  return 1 << INDEX[medium];
}

/** A set of media as bits. */
export function mediaBits(media: readonly Medium[]): number {
  let bits = 0;
  for (const medium of media) bits |= mediumBit(medium);
  return bits;
}
