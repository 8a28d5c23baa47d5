import { dayOf, INTERVAL_MS, localDate } from "@svara/calendar";
import { runWorkerJob } from "@svara/jobs";
import { type Disposable, type Instant, SvaraError } from "@svara/kernel";
import type { Logger } from "pino";
import { WHOLE_CENTRE } from "../../database/index.ts";
import type { Catalogue } from "../../office/catalogue.ts";
import type { PlanHistory } from "../history/plan-history.ts";
import type { PlanQueue } from "../plan-queues.ts";
import { specialDayKind, specialDaysOf } from "../special-days/special-day-kind.ts";
import type { ReforecastRequest } from "./reforecast-thread.ts";
import type { MethodInterval } from "./rest-of-day.ts";

interface Parts {
  readonly history: PlanHistory;
  readonly catalogue: Catalogue;
  readonly log: Pick<Logger, "warn">;
}

interface Known {
  /** What came before was known. */
  readonly at: Instant;
  /** Null: the history says too little. */
  readonly intervals: readonly MethodInterval[] | null;
}

const THREAD = new URL("./reforecast-thread.ts", import.meta.url);
const LEARNT_MS = 182 * 86_400_000; // half a year: what a day's course teaches about its rest needs no more
const LEAST_DAYS = 14;

/**
 * What queues may expect of the rest of the day, found anew each quarter of an hour for the queues that somebody looks at: one
 * after another in a thread of low priority, so that nobody waits for it. Until it is there the last one stands.
 */
export class Reforecasts implements Disposable {
  readonly #parts: Parts;
  readonly #known = new Map<string, Known>();
  readonly #wanted = new Map<string, { readonly queue: PlanQueue; readonly at: Instant }>();
  readonly #end = new AbortController();
  #isRunning = false;
  /** The queue and interval that is being worked on. */
  #current = "";

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The newest of today; null where there is none yet. `at` is the beginning of the interval that goes on. */
  of(queue: PlanQueue, at: Instant): readonly MethodInterval[] | null {
    const known = this.#known.get(queue.id);
    if (known?.at !== at && this.#current !== `${queue.id} ${at}` && !this.#end.signal.aborted) {
      this.#wanted.set(queue.id, { queue, at });
      void this.#work();
    }
    const isOfToday = known && localDate(known.at, queue.timeZone) === localDate(at, queue.timeZone);
    return isOfToday ? known.intervals : null;
  }

  dispose(): void {
    this.#end.abort();
    this.#wanted.clear();
  }

  async #work(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) {
        const { queue, at } = next;
        this.#current = `${queue.id} ${at}`;
        this.#known.set(queue.id, { at, intervals: await this.#found(queue, at) });
      }
    } catch (error) {
      if (!this.#end.signal.aborted)
        this.#parts.log.warn({ err: error }, "the rest of the day could not be foretold");
    } finally {
      this.#isRunning = false;
      this.#current = "";
    }
  }

  #next(): { readonly queue: PlanQueue; readonly at: Instant } | undefined {
    const [first] = this.#wanted.values();
    if (first) this.#wanted.delete(first.queue.id);
    return first;
  }

  async #found(queue: PlanQueue, at: Instant): Promise<readonly MethodInterval[] | null> {
    const { history, catalogue } = this.#parts;
    const { from } = dayOf(localDate(at, queue.timeZone), queue.timeZone);
    const past = await history.past(WHOLE_CENTRE, { queueIds: [queue.id], from: from - LEARNT_MS, to: from });
    const days = new Set(
      past.filter(({ offered }) => offered > 0).map((one) => localDate(one.at, queue.timeZone)),
    );
    if (days.size < LEAST_DAYS) return null;
    const seen = await history.past(WHOLE_CENTRE, { queueIds: [queue.id], from, to: at });
    const specials = catalogue.inUse(specialDayKind).map(({ value }) => value);
    const request: ReforecastRequest = {
      history: {
        series: { queueId: queue.id, medium: queue.value.medium },
        timeZone: queue.timeZone,
        intervalMs: INTERVAL_MS,
        counts: past.map(({ at: start, offered }) => ({ at: start, count: offered })),
        gaps: "zero",
      },
      specialDays: specialDaysOf(specials, queue),
      seen: seen.map(({ at: start, offered }) => ({ at: start, count: offered })),
      at,
    };
    return runWorkerJob<ReforecastRequest, never, MethodInterval[]>(THREAD, request, {
      signal: this.#end.signal,
    }).catch((error) => {
      // a history that no method takes is no fault of ours: the plan stands
      if (error instanceof SvaraError && (error.httpStatus ?? 500) < 500) return null;
      throw error;
    });
  }
}
