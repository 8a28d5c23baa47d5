import { type Instant, SvaraError } from "@svara/kernel";
import type { Decision } from "./decision.ts";
import type { Input } from "./input.ts";
import { ENGINE_VERSION, Router } from "./router.ts";
import type { RouterSnapshot } from "./snapshot.ts";

/** One processed input beside what was decided; timers that fired before it are among its decisions. */
export interface JournalEntry {
  readonly routerId: string;
  readonly epoch: number;
  /** 1, 2, 3, ... within an epoch, without gaps. */
  readonly seq: number;
  /** When it took effect: never less than in the entry before. */
  readonly at: Instant;
  readonly engineVersion: string;
  readonly input: Input;
  readonly decisions: readonly Decision[];
}

/** A router that hands each processed input with its decisions to `write`, before it returns the decisions. */
export class JournalledRouter {
  readonly router: Router;
  readonly #write: (entry: JournalEntry) => void;

  constructor(router: Router, write: (entry: JournalEntry) => void) {
    this.router = router;
    this.#write = write;
  }

  /** As `Router.handle`. */
  handle(input: Input, at: Instant): Decision[] {
    if (input.type === "tick") return this.advance(at);
    const decisions = this.router.handle(input, at);
    this.#journal(input, decisions);
    return decisions;
  }

  /** As `Router.advance`; in the journal a `tick`, or nothing when nothing was due. */
  advance(at: Instant): Decision[] {
    const decisions = this.router.advance(at);
    if (decisions.length > 0) this.#journal({ type: "tick" }, decisions);
    return decisions;
  }

  #journal(input: Input, decisions: readonly Decision[]): void {
    const { routerId, epoch, seq, now } = this.router;
    this.#write({ routerId, epoch, seq, at: now, engineVersion: ENGINE_VERSION, input, decisions });
  }
}

/** The first place where a replay decided otherwise. */
export interface Difference {
  readonly epoch: number;
  readonly seq: number;
  readonly at: Instant;
  readonly input: Input;
  readonly recorded: readonly Decision[];
  readonly decided: readonly Decision[];
}

/** What a replay found. */
export interface ReplayResult {
  readonly entries: number;
  readonly decisions: number;
  /** Entries whose decisions were not the same. */
  readonly differences: number;
  readonly firstDifference?: Difference;
  /** Engine versions in the journal other than this one: differences are then to be expected. */
  readonly otherVersions: readonly string[];
}

/** Decides a journal again, entry by entry. A new epoch begins with an empty router, as the program did. */
export class Replayer {
  #router: Router | undefined;
  #entries = 0;
  #decisions = 0;
  #differences = 0;
  #first: Difference | undefined;
  readonly #otherVersions = new Set<string>();

  /** With a snapshot the journal goes on after it, otherwise at the first entry of an epoch. */
  constructor(options: { readonly snapshot?: RouterSnapshot } = {}) {
    if (options.snapshot) this.#router = Router.restore(options.snapshot);
  }

  /** Takes the next entry. Throws `routing.journal_gap` when one is missing between this and the one before. */
  feed(entry: JournalEntry): void {
    const router = this.#routerFor(entry);
    if (entry.seq !== router.seq + 1) {
      throw new SvaraError(
        `the journal of epoch ${entry.epoch} goes from entry ${router.seq} to ${entry.seq}: start at a snapshot`,
        { code: "routing.journal_gap" },
      );
    }
    if (entry.engineVersion !== ENGINE_VERSION) this.#otherVersions.add(entry.engineVersion);
    const decided = router.handle(entry.input, entry.at);
    this.#entries++;
    this.#decisions += decided.length;
    if (sameJson(decided, entry.decisions)) return;
    this.#differences++;
    const { epoch, seq, at, input, decisions: recorded } = entry;
    this.#first ??= { epoch, seq, at, input, recorded, decided };
  }

  result(): ReplayResult {
    return {
      entries: this.#entries,
      decisions: this.#decisions,
      differences: this.#differences,
      ...(this.#first ? { firstDifference: this.#first } : {}),
      otherVersions: [...this.#otherVersions],
    };
  }

  #routerFor({ routerId, epoch }: JournalEntry): Router {
    if (this.#router?.epoch !== epoch || this.#router.routerId !== routerId) {
      this.#router = new Router({ routerId, epoch });
    }
    return this.#router;
  }
}

/** Decides a whole journal again. */
export function replay(
  journal: Iterable<JournalEntry>,
  options: { readonly snapshot?: RouterSnapshot } = {},
): ReplayResult {
  const replayer = new Replayer(options);
  for (const entry of journal) replayer.feed(entry);
  return replayer.result();
}

/** Equality of plain JSON whatever the order of keys, since databases do not keep it. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => key in b && sameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
