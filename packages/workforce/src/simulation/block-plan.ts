import type { Instant } from "@svara/kernel";

/** The span that is counted, cut into blocks of one length, but for the last; what comes before `from` or after `to` is not counted. */
export class BlockPlan {
  readonly from: Instant;
  readonly to: Instant;
  readonly count: number;
  readonly lengthMs: number;

  constructor(from: Instant, to: Instant, count: number, lengthMs = (to - from) / count) {
    this.from = from;
    this.to = to;
    this.count = count;
    this.lengthMs = lengthMs;
  }

  /** Intervals of this length; the last one is as long as is left. */
  static ofIntervals(from: Instant, to: Instant, lengthMs: number): BlockPlan {
    return new BlockPlan(from, to, Math.max(1, Math.ceil((to - from) / lengthMs)), lengthMs);
  }

  /** Where a block begins and ends. */
  bounds(block: number): { readonly from: Instant; readonly to: Instant } {
    return { from: this.from + block * this.lengthMs, to: this.#endOf(block) };
  }

  /** The block of an instant; -1 outside. */
  at(instant: Instant): number {
    if (instant < this.from || instant >= this.to) return -1;
    if (this.count === 1) return 0;
    return Math.min(this.count - 1, Math.floor((instant - this.from) / this.lengthMs));
  }

  /** The one block in which the whole span lies; -1 if there is none. */
  only(from: Instant, to: Instant): number {
    if (this.count === 1) return from >= this.from && from < this.to && to <= this.to ? 0 : -1;
    const block = this.at(from);
    return to <= this.#endOf(block) ? block : -1;
  }

  /** Gives each block its part of the span. */
  spread(from: Instant, to: Instant, give: (block: number, ms: number) => void): void {
    const end = Math.min(to, this.to);
    let start = Math.max(from, this.from);
    if (start >= end) return;
    for (let block = this.at(start); start < end; block++) {
      const until = Math.min(end, this.#endOf(block));
      give(block, until - start);
      start = until;
    }
  }
  #endOf(block: number): Instant {
    return block + 1 >= this.count ? this.to : this.from + (block + 1) * this.lengthMs;
  }
}
