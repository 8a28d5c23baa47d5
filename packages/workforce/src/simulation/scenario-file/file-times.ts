import { instantAt, minutesOf } from "@svara/calendar";
import type { Instant } from "@svara/kernel";
import { type Distribution, sampler } from "../distribution.ts";
import { type FileDistribution, refused } from "./file-form.ts";

/** The day of a scenario file: its times of day as instants. */
export class FileDay {
  readonly from: Instant;
  readonly to: Instant;
  /** As the file says it, for messages. */
  readonly words: string;
  readonly #date: string;
  readonly #timeZone: string;

  constructor(file: {
    readonly date: string;
    readonly timeZone: string;
    readonly from: string;
    readonly to: string;
  }) {
    this.#date = file.date;
    this.#timeZone = file.timeZone;
    this.from = this.#instant(this.#minutes(file.from, "from"), "opening");
    this.to = this.after(file.to, this.from, "to");
    this.words = `${file.from} to ${file.to}`;
  }

  /** A time of day. Of a day across midnight, one that is before its beginning on the first date and before its end on the second is on the second. */
  at(time: string, field: string): Instant {
    const minutes = this.#minutes(time, field);
    const first = this.#instant(minutes, "opening");
    const second = this.#instant(minutes + 1440, "opening");
    return first < this.from && second < this.to ? second : first;
  }

  /** A span of which a part at least is within the day; its end is on the next date if it is not after its beginning. */
  span(
    { from, to }: { readonly from: string; readonly to: string },
    field: string,
  ): { readonly from: Instant; readonly to: Instant } {
    const minutes = this.#minutes(from, `${field}.from`);
    for (const later of [0, 1440]) {
      const begins = this.#instant(minutes + later, "opening");
      const ends = this.after(to, begins, `${field}.to`);
      if (begins < this.to && ends > this.from) return { from: begins, to: ends };
    }
    throw refused(field, `lies outside of the day, ${this.words}: give it other times, or leave it out`);
  }

  /** The first such time of day after `from`: on the next day if it is not later on this one. */
  after(time: string, from: Instant, field: string): Instant {
    const minutes = this.#minutes(time, field);
    const dates = [0, 1440].map((later) => this.#instant(minutes + later, "closing"));
    return dates.find((at) => at > from) ?? this.#instant(minutes + 2880, "closing");
  }

  #minutes(time: string, field: string): number {
    const minutes = minutesOf(time);
    if (minutes === undefined) {
      throw refused(field, `must be a time of day such as "08:30", not ${JSON.stringify(time)}`);
    }
    return minutes;
  }

  #instant(minutes: number, as: "opening" | "closing"): Instant {
    return instantAt(this.#date, minutes, this.#timeZone, as);
  }
}

/** The distribution in milliseconds. */
export function distributionOf(file: FileDistribution, field: string): Distribution {
  const distribution = inMs(file);
  try {
    sampler(distribution, { next: () => 0.5, bytes: () => new Uint8Array() });
  } catch (error) {
    throw refused(field, error instanceof Error ? `is no such time: ${error.message}` : "is no such time");
  }
  return distribution;
}

function inMs(file: FileDistribution): Distribution {
  switch (file.kind) {
    case "deterministic":
      return { kind: "deterministic", ms: ms(file.s) };
    case "exponential":
      return { kind: "exponential", meanMs: ms(file.meanS) };
    case "erlang":
      return { kind: "erlang", meanMs: ms(file.meanS), shape: file.shape };
    case "lognormal":
      return { kind: "lognormal", meanMs: ms(file.meanS), scv: file.scv };
    case "hyperexponential": {
      const branches = file.branches.map(({ probability, meanS }) => ({ probability, meanMs: ms(meanS) }));
      return { kind: "hyperexponential", branches };
    }
    case "uniform":
      return { kind: "uniform", fromMs: ms(file.fromS), toMs: ms(file.toS) };
    case "empirical":
      return { kind: "empirical", valuesMs: file.valuesS.map(ms) };
    case "survival": {
      const tailMeanMs = file.tailMeanS === null ? null : ms(file.tailMeanS);
      return { kind: "survival", atMs: file.atS.map(ms), survival: file.survival, tailMeanMs };
    }
    case "never":
      return { kind: "never" };
  }
}

/** Seconds as whole milliseconds. */
export function ms(seconds: number): number {
  return Math.round(1000 * seconds);
}
