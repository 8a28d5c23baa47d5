import type { Clock } from "@svara/kernel";

/** How a key came: in the sound (RFC 4733 event or tones), or by INFO. */
export type KeyWay = "media" | "info";

/** The same key by two ways within this is one press: INFO and RTP travel apart, people press slower. */
const SAME_PRESS_MS = 1_000;

/** Makes one press of a key that a phone sends in two ways. */
export class KeyPresses {
  readonly #clock: Clock;
  /** Presses that may still come the other way. */
  #recent: { readonly digit: string; readonly way: KeyWay; readonly at: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether this is a press of its own. */
  isNew(digit: string, way: KeyWay): boolean {
    const now = this.#clock.now();
    this.#recent = this.#recent.filter(({ at }) => now - at < SAME_PRESS_MS);
    const twin = this.#recent.findIndex((press) => press.digit === digit && press.way !== way);
    if (twin >= 0) {
      this.#recent.splice(twin, 1);
      return false;
    }
    this.#recent.push({ digit, way, at: now });
    return true;
  }
}

/** The key in an INFO body: `application/dtmf-relay` (`Signal=5`) or `application/dtmf` (`5`). */
export function digitOfInfo(contentType: string, body: string): string | undefined {
  const type = contentType.toLowerCase();
  const found = type.startsWith("application/dtmf-relay")
    ? /^\s*Signal\s*=\s*([0-9*#A-Da-d])/m.exec(body)
    : type.startsWith("application/dtmf")
      ? /^\s*([0-9*#A-Da-d])/.exec(body)
      : null;
  return found?.[1]?.toUpperCase();
}
