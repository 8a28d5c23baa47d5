import { HttpError } from "../http/http-error.ts";

/** A check costs 19 MiB and a thread of the pool that files are read with too: the pool has four. */
const AT_ONCE = 2;
/** A whole centre that signs in at eight fits; who floods waits no longer than this many checks. */
const LONGEST_LINE = 500;
const COME_BACK_MS = 5_000;

interface Waiting {
  readonly key: string;
  readonly start: () => void;
}

/**
 * The line in front of the check of passwords: few at once, and those of one account one after another, so that each
 * sees the failures that were counted before it, however many are sent at the same time.
 */
export class SignInLine {
  readonly #busy = new Set<string>();
  #waiting: Waiting[] = [];

  /** Runs `task` when it is its turn. @throws HttpError 503 `busy` when too many wait */
  async run<T>(username: string, task: () => Promise<T>): Promise<T> {
    const key = username.trim().toLowerCase();
    if (!this.#free(key)) await this.#turn(key);
    this.#busy.add(key);
    try {
      return await task();
    } finally {
      this.#busy.delete(key);
      this.#next();
    }
  }

  #free(key: string): boolean {
    return this.#busy.size < AT_ONCE && !this.#busy.has(key);
  }

  #turn(key: string): Promise<void> {
    if (this.#waiting.length >= LONGEST_LINE)
      throw new HttpError("Too many sign in at this moment; try again in some seconds", {
        status: 503,
        code: "busy",
        retryAfterMs: COME_BACK_MS,
      });
    return new Promise((start) => {
      this.#waiting.push({ key, start });
    });
  }

  /** Lets in the first who may; its place is taken before it runs, so that nobody slips in between. */
  #next(): void {
    const at = this.#waiting.findIndex(({ key }) => this.#free(key));
    const first = this.#waiting[at];
    if (!first) return;
    this.#waiting.splice(at, 1);
    this.#busy.add(first.key);
    first.start();
  }
}
