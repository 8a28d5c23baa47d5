import type { PlanJob, PlanJobKind } from "@svara/contracts";
import { type Clock, type Disposable, type Ids, SvaraError } from "@svara/kernel";
import type { Logger } from "pino";
import { HttpError, notFound } from "../http/http-error.ts";
import type { Caller, Place } from "../rights/access.ts";

/** What running work may tell of itself. */
export interface PlanJobReport {
  /** 0 to 1. */
  readonly progress?: number;
  /** A word, translated as `plan.jobs.step.<word>`. */
  readonly step?: string;
  /** In the place of those told before. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** What work is given: when to stop, and where to tell how far it is. */
export interface PlanJobContext {
  readonly signal: AbortSignal;
  readonly report: (report: PlanJobReport) => void;
}

export interface PlanJobRequest {
  readonly kind: PlanJobKind;
  readonly caller: Caller;
  /** Where the work stands: who holds plan.edit over all of them may follow and stop it beside its owner. */
  readonly places: readonly Place[];
  /** The id of what the work is on, for `runningOn`. */
  readonly about?: string;
  /**
   * Does the work and gives its result as plain JSON. When the signal is aborted it hands out the best that is there, or
   * throws.
   */
  readonly run: (context: PlanJobContext) => Promise<unknown>;
}

interface Job {
  readonly request: PlanJobRequest;
  readonly abort: AbortController;
  view: PlanJob;
}

interface Parts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Pick<Logger, "error">;
}

const AT_ONCE = 2; // two threads of heavy work leave the telephony its processor
const MOST_UNFINISHED = 20;
const MOST_UNFINISHED_OF_ONE = 5;
const KEPT_MS = 3_600_000;
const MOST_KEPT = 200;

/** Heavy planning work of the centre: two at once, the others wait their turn; results are kept for an hour. */
export class PlanJobs implements Disposable {
  readonly #parts: Parts;
  readonly #jobs = new Map<string, Job>();
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Takes work on. @throws HttpError 429 `too_much_planning` */
  start(request: PlanJobRequest): PlanJob {
    this.#sweep();
    this.#refuseTooMuch(request.caller);
    const { ids, clock } = this.#parts;
    const id = ids.next();
    const view: PlanJob = {
      id,
      kind: request.kind,
      state: "queued",
      progress: null,
      step: null,
      figures: {},
      createdAt: clock.now(),
      startedAt: null,
      endedAt: null,
      result: null,
      problem: null,
    };
    this.#jobs.set(id, { request, abort: new AbortController(), view });
    this.#next();
    return this.#found(id).view;
  }

  /** One that the caller may follow. @throws HttpError 404 */
  get(caller: Caller, id: string): PlanJob {
    this.#sweep();
    return this.#seen(caller, id).view;
  }

  /** The newest unfinished work on something, for those who may follow it. */
  runningOn(caller: Caller, about: string): string | undefined {
    return [...this.#jobs.values()].findLast(
      ({ request, view }) => request.about === about && view.endedAt === null && mayFollow(caller, request),
    )?.view.id;
  }

  /** Stops it; twice is harmless. Running work ends when it notices. @throws HttpError 404 */
  cancel(caller: Caller, id: string): PlanJob {
    const job = this.#seen(caller, id);
    job.abort.abort();
    if (job.view.state === "queued") this.#end(job, { state: "cancelled" });
    return job.view;
  }

  /** Stops everything. */
  dispose(): void {
    this.#closed = true;
    for (const job of this.#jobs.values()) job.abort.abort();
  }

  #seen(caller: Caller, id: string): Job {
    const job = this.#jobs.get(id);
    if (!job || !mayFollow(caller, job.request)) throw notFound("planning work");
    return job;
  }

  #found(id: string): Job {
    const job = this.#jobs.get(id);
    if (!job) throw notFound("planning work");
    return job;
  }

  #refuseTooMuch(caller: Caller): void {
    const unfinished = [...this.#jobs.values()].filter(({ view }) => view.endedAt === null);
    const own = unfinished.filter(({ request }) => request.caller.userId === caller.userId);
    if (unfinished.length < MOST_UNFINISHED && own.length < MOST_UNFINISHED_OF_ONE) return;
    throw new HttpError("There is too much planning work waiting; stop some of it or wait", {
      status: 429,
      code: "too_much_planning",
      retryAfterMs: 10_000,
    });
  }

  #next(): void {
    if (this.#closed) return;
    const jobs = [...this.#jobs.values()];
    let running = jobs.filter(({ view }) => view.state === "running").length;
    for (const job of jobs) {
      if (running >= AT_ONCE) return;
      if (job.view.state !== "queued") continue;
      running += 1;
      job.view = { ...job.view, state: "running", startedAt: this.#parts.clock.now() };
      void this.#run(job);
    }
  }

  async #run(job: Job): Promise<void> {
    const { signal } = job.abort;
    try {
      const result = await job.request.run({ signal, report: (report) => told(job, report) });
      this.#end(job, { state: signal.aborted ? "cancelled" : "done", result: result ?? null });
    } catch (error) {
      if (signal.aborted) this.#end(job, { state: "cancelled" });
      else this.#end(job, { state: "failed", problem: this.#problemOf(error, job) });
    }
  }

  #end(job: Job, how: Partial<PlanJob>): void {
    const done = how.state === "done" ? { progress: 1 } : {};
    job.view = { ...job.view, ...done, ...how, endedAt: this.#parts.clock.now() };
    this.#next();
  }

  /** What a person may be told; a fault of ours goes to the log. */
  #problemOf(error: unknown, job: Job): PlanJob["problem"] {
    if (error instanceof SvaraError && (error.httpStatus ?? 500) < 500)
      return { code: error.code, message: error.message };
    this.#parts.log.error({ err: error, job: job.view.id, kind: job.view.kind }, "planning work failed");
    return { code: "internal", message: "Something went wrong on our side" };
  }

  #sweep(): void {
    const oldest = this.#parts.clock.now() - KEPT_MS;
    const ended = [...this.#jobs].filter(([, { view }]) => view.endedAt !== null);
    const tooMany = ended.length - MOST_KEPT;
    for (const [index, [id, { view }]] of ended.entries())
      if (index < tooMany || (view.endedAt ?? 0) < oldest) this.#jobs.delete(id);
  }
}

function told(job: Job, { progress, step, figures }: PlanJobReport): void {
  if (job.view.state !== "running") return;
  const before = job.view.progress;
  job.view = {
    ...job.view,
    ...(progress !== undefined && { progress: Math.min(1, Math.max(before ?? 0, progress)) }),
    ...(step !== undefined && { step }),
    ...(figures && { figures: finite(figures) }),
  };
}

/** Solvers tell infinite bounds; JSON knows none. */
function finite(figures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value)));
}

function mayFollow(caller: Caller, { caller: owner, places }: PlanJobRequest): boolean {
  if (caller.userId === owner.userId) return true;
  return places.length > 0 && places.every((place) => caller.access.covers("plan.edit", place));
}
