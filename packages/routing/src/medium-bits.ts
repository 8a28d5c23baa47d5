import type { Medium } from "./model.ts";

/**
 * The place of a medium in MEDIA; -1: there is no such medium. Asked some twenty times for each contact: comparing with words
 * is quicker than looking up a property whose name changes.
 */
export function mediumIndex(medium: Medium): number {
  switch (medium) {
    case "voice":
      return 0;
    case "video":
      return 1;
    case "chat":
      return 2;
    case "message":
      return 3;
    case "email":
      return 4;
    case "fax":
      return 5;
    case "letter":
      return 6;
    case "task":
      return 7;
    default:
      return -1; // inputs come from JSON
  }
}

/** The bit of a medium in a set of media; 0: there is no such medium. */
export function mediumBit(medium: Medium): number {
  const index = mediumIndex(medium);
  return index < 0 ? 0 : 1 << index;
}

/** A set of media as bits. */
export function mediaBits(media: readonly Medium[]): number {
  let bits = 0;
  for (const medium of media) bits |= mediumBit(medium);
  return bits;
}
