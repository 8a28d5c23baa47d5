import type { Instant } from "@svara/kernel";

const MINUTE_MS = 60_000;
const MINUTES = 30; // long enough to be steady, short enough to follow the hour (RT58)

/** What one minute of a queue's contacts came to. */
export interface ServiceMinute {
  /** Minutes since 1970. */
  readonly minute: number;
  inTarget: number;
  answered: number;
  goneLate: number;
}

/** The contacts of a queue in the last half hour, by minutes of the clock: RT58. */
export class ServiceWindow {
  /** The oldest first; a minute without contacts is not there. */
  readonly #minutes: ServiceMinute[];

  constructor(minutes: readonly ServiceMinute[] = []) {
    this.#minutes = minutes.map((minute) => ({ ...minute }));
  }

  answered(at: Instant, isInTarget: boolean): void {
    const minute = this.#minuteOf(at);
    minute.answered++;
    if (isInTarget) minute.inTarget++;
  }

  goneLate(at: Instant): void {
    this.#minuteOf(at).goneLate++;
  }

  /** The share answered within the target, 0..1; null without contacts. */
  share(at: Instant): number | null {
    const oldest = oldestAt(at);
    let inTarget = 0;
    let all = 0;
    for (const minute of this.#minutes) {
      if (minute.minute < oldest) continue; // who only asks changes nothing, not even what is remembered
      inTarget += minute.inTarget;
      all += minute.answered + minute.goneLate;
    }
    return all === 0 ? null : inTarget / all;
  }

  /** For the snapshot. */
  minutes(): readonly ServiceMinute[] {
    return this.#minutes;
  }

  #minuteOf(at: Instant): ServiceMinute {
    const now = Math.floor(at / MINUTE_MS);
    const last = this.#minutes.at(-1);
    if (last?.minute === now) return last;
    this.#forget(at);
    const minute = { minute: now, inTarget: 0, answered: 0, goneLate: 0 };
    this.#minutes.push(minute);
    return minute;
  }

  #forget(at: Instant): void {
    const oldest = oldestAt(at);
    while ((this.#minutes[0]?.minute ?? oldest) < oldest) this.#minutes.shift();
  }
}

/** The first minute that counts at an instant. */
function oldestAt(at: Instant): number {
  return Math.floor(at / MINUTE_MS) - MINUTES + 1;
}
