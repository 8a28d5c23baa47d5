import { performance } from "node:perf_hooks";
import type { Clock, Disposable, Instant } from "@svara/kernel";
import type { SipLimits } from "../limits.ts";

const PROBE_MS = 250;
/** How long new calls are refused once too much was seen; then it is looked at anew. */
const RELIEF_MS = 2_000;
const RETRY_AFTER_S = 5;
/** A loop that never waits, and is late for its timers, has messages queueing in the kernel. */
const FULL_LOAD = 0.98;
const FULL_LATENESS_MS = 20;
const FULL_PROBES = 8; // two seconds on end

/**
 * Sees when the machine has more work than it can do: its timers come late, it never waits, or too many transactions
 * are alive. Then new calls get 503, so that calls which are up keep their answers. It looks only while calls come in.
 */
export class Overload {
  readonly #clock: Clock;
  readonly #limits: SipLimits;
  readonly #transactions: () => number;
  readonly #load: () => number;
  #probe: Disposable | undefined;
  #full = 0;
  #until: Instant = 0;

  /** `load` gives the share of time since it was last asked in which the event loop was at work. */
  constructor(options: {
    clock: Clock;
    limits: SipLimits;
    transactions: () => number;
    load?: (() => number) | undefined;
  }) {
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#transactions = options.transactions;
    this.#load = options.load ?? loopLoad();
  }

  /** Seconds after which a new call is to be tried again; undefined when it is welcome. */
  refuses(): number | undefined {
    const now = this.#clock.now();
    this.#probe ??= this.#clock.after(PROBE_MS, () => this.#look(now));
    if (now < this.#until) return RETRY_AFTER_S;
    return this.#transactions() >= this.#limits.busyTransactions ? RETRY_AFTER_S : undefined;
  }

  close(): void {
    this.#probe?.dispose();
  }

  #look(armedAt: Instant): void {
    this.#probe = undefined;
    const now = this.#clock.now();
    const latenessMs = now - armedAt - PROBE_MS;
    const full = this.#load() >= FULL_LOAD && latenessMs >= FULL_LATENESS_MS;
    this.#full = full ? this.#full + 1 : 0;
    if (latenessMs <= this.#limits.maxLatenessMs && this.#full < FULL_PROBES) return;
    this.#until = now + RELIEF_MS;
    this.#full = 0;
  }
}

function loopLoad(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
