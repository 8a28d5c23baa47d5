import type { Clock, Disposable } from "@svara/kernel";

export interface RowBatchesDeps<In, Out> {
  readonly clock: Clock;
  /** Writes all in one transaction; the results in the order of what was given. */
  readonly write: (items: readonly In[]) => Promise<readonly Out[]>;
  /** Nothing against the rows: the database is away, and trying them singly would not help. */
  readonly isOutage: (error: unknown) => boolean;
}

/** People do not notice it, and at hundreds of calls a second a dozen of them share one commit. */
const GATHER_MS = 30;
const MOST = 200;

interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (out: Out) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers rows that come within some milliseconds into one transaction. One batch is under way at a time, so rows are
 * written in the order in which they came. A row that the database refuses fails alone: its batch is tried again singly.
 */
export class RowBatches<In, Out> {
  readonly #deps: RowBatchesDeps<In, Out>;
  #waiting: Waiting<In, Out>[] = [];
  #timer: Disposable | undefined;
  #busy = false;

  constructor(deps: RowBatchesDeps<In, Out>) {
    this.#deps = deps;
  }

  /** Resolves when the row is durable. */
  add(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#timer ??= this.#busy ? undefined : this.#deps.clock.after(GATHER_MS, () => void this.#flush());
    });
  }

  async #flush(): Promise<void> {
    this.#timer = undefined;
    this.#busy = true;
    const batch = this.#waiting.splice(0, MOST);
    await this.#store(batch);
    this.#busy = false;
    if (this.#waiting.length > 0) this.#timer = this.#deps.clock.after(GATHER_MS, () => void this.#flush());
  }

  async #store(batch: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const results = await this.#deps.write(batch.map(({ item }) => item));
      for (const [i, { resolve }] of batch.entries()) resolve(results[i] as Out);
    } catch (error) {
      if (batch.length > 1 && !this.#deps.isOutage(error)) {
        for (const one of batch) await this.#store([one]);
        return;
      }
      for (const { reject } of batch) reject(error);
    }
  }
}
