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
  /** The engine that made the record. */
  readonly engineVersion: string;
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
  /** Runs of the program, each of which began with an empty router or at a snapshot. */
  readonly epochs: number;
  readonly firstDifference?: Difference;
  /** The engine that decided now. */
  readonly engineVersion: string;
  /** The engines that wrote the journal, in order of appearance. */
  readonly engineVersions: readonly string[];
  /** Those of `engineVersions` other than this one: differences are then to be expected. */
  readonly otherVersions: readonly string[];
  /** The instant of the first entry; null when there is none. */
  readonly from: Instant | null;
  /** The instant of the last entry; null when there is none. */
  readonly to: Instant | null;
}

/** Decides a journal again, entry by entry. A new epoch begins with an empty router, as the program did. */
export class Replayer {
  #router: Router | undefined;
  /** Of the last entry: a router that decided otherwise may count ticks otherwise. */
  #seq = 0;
  #entries = 0;
  #decisions = 0;
  #differences = 0;
  #epochs = 0;
  #epoch: string | undefined;
  #first: Difference | undefined;
  #from: Instant | null = null;
  #to: Instant | null = null;
  readonly #versions = new Set<string>();

  /** With a snapshot the journal goes on after it, otherwise at the first entry of an epoch. */
  constructor(options: { readonly snapshot?: RouterSnapshot } = {}) {
    if (options.snapshot) this.restore(options.snapshot);
  }

  /** The router as the last entry left it, to be asked; undefined before the first. */
  get router(): Router | undefined {
    return this.#router;
  }

  /**
   * Goes on after this snapshot.
   * @throws SvaraError `routing.bad_snapshot` when it cannot be restored, `routing.other_engine` when another engine took it
   */
  restore(snapshot: RouterSnapshot): void {
    const { engineVersion, epoch, seq } = snapshot;
    const name = `the router snapshot after entry ${seq} of epoch ${epoch}`;
    if (engineVersion !== ENGINE_VERSION) {
      throw new SvaraError(
        `${name} was taken by engine version ${engineVersion}, and this one is ${ENGINE_VERSION}: only a journal from the beginning of the epoch can be decided again`,
        { code: "routing.other_engine" },
      );
    }
    try {
      this.#router = Router.restore(snapshot);
      this.#seq = this.#router.seq;
    } catch (cause) {
      if (cause instanceof SvaraError) throw cause;
      throw new SvaraError(`${name} is damaged: ${String(cause)}`, { code: "routing.bad_snapshot", cause });
    }
  }

  /**
   * Takes the next entry.
   * @throws SvaraError `routing.journal_gap` when one is missing between this and the one before, `routing.replay_failed`
   * when the engine breaks on the input
   */
  feed(entry: JournalEntry): void {
    const router = this.#routerFor(entry);
    this.#refuseGap(entry);
    this.#seq = entry.seq;
    this.#count(entry);
    const decided = decideAgain(router, entry);
    this.#decisions += decided.length;
    if (sameJson(decided, entry.decisions)) return;
    this.#differences++;
    const { epoch, seq, at, engineVersion, input, decisions: recorded } = entry;
    this.#first ??= { epoch, seq, at, engineVersion, input, recorded, decided };
  }

  result(): ReplayResult {
    const engineVersions = [...this.#versions];
    return {
      entries: this.#entries,
      decisions: this.#decisions,
      differences: this.#differences,
      epochs: this.#epochs,
      ...(this.#first ? { firstDifference: this.#first } : {}),
      engineVersion: ENGINE_VERSION,
      engineVersions,
      otherVersions: engineVersions.filter((version) => version !== ENGINE_VERSION),
      from: this.#from,
      to: this.#to,
    };
  }

  #routerFor({ routerId, epoch }: JournalEntry): Router {
    if (this.#router?.epoch !== epoch || this.#router.routerId !== routerId) {
      this.#router = new Router({ routerId, epoch });
      this.#seq = 0;
    }
    return this.#router;
  }

  #refuseGap({ epoch, seq }: JournalEntry): void {
    const before = this.#seq;
    if (seq === before + 1) return;
    const what =
      before === 0
        ? `begins at entry ${seq}, without a snapshot of the state before it`
        : `goes from entry ${before} to ${seq}`;
    throw new SvaraError(`the journal of epoch ${epoch} ${what}`, { code: "routing.journal_gap" });
  }

  #count({ routerId, epoch, at, engineVersion }: JournalEntry): void {
    const run = `${epoch} ${routerId}`;
    if (run !== this.#epoch) this.#epochs++;
    this.#epoch = run;
    this.#entries++;
    this.#versions.add(engineVersion);
    this.#from ??= at;
    this.#to = at;
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

function decideAgain(router: Router, { epoch, seq, at, input }: JournalEntry): readonly Decision[] {
  try {
    return router.handle(input, at);
  } catch (cause) {
    throw new SvaraError(
      `engine version ${ENGINE_VERSION} breaks on entry ${seq} of epoch ${epoch} (${input.type}): ${String(cause)}`,
      { code: "routing.replay_failed", cause },
    );
  }
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
