import { INTERVAL_MS } from "@svara/calendar";
import type { Instant } from "@svara/kernel";
import type { Caller, Place } from "../../rights/access.ts";
import type { ExpectedQuarter } from "./roster-demand.ts";

/** What a requirement says of one quarter of an hour. */
export interface RequiredQuarter extends ExpectedQuarter {
  /** At work. */
  readonly agents: number;
  /** On the payroll. */
  readonly headcount: number;
}

interface Parts {
  /** Where a queue stands, for rights; undefined: there is none. */
  readonly placeOf: (queueId: string) => Place | undefined;
  /** The newest requirement of a queue in a span, whoever asks. */
  readonly inForce: (queueId: string, from: Instant, to: Instant) => Promise<readonly RequiredQuarter[]>;
}

/** What rosters take from the plans of queues: only those that their planner may see (plan.view at the queue). */
export class QueueRequirements {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A grant over a team or a site reaches people, not what clients expect. */
  maySee({ access }: Caller, queueId: string): boolean {
    const place = this.#parts.placeOf(queueId);
    return place !== undefined && access.covers("plan.view", place);
  }

  /** Agents per quarter; those that the requirement does not name need nobody. Null: there is none for the caller. */
  async agents(
    caller: Caller,
    wanted: {
      readonly queueId: string;
      readonly from: Instant;
      readonly quarters: number;
      /** Those on the payroll instead of those at work. */
      readonly shrinkage: boolean;
    },
  ): Promise<readonly number[] | null> {
    const { queueId, from, quarters, shrinkage } = wanted;
    const found = await this.#seen(caller, queueId, from, from + quarters * INTERVAL_MS);
    if (found.length === 0) return null;
    const byQuarter = new Map(found.map((quarter) => [quarter.at, quarter]));
    return Array.from({ length: quarters }, (_, index) => {
      const quarter = byQuarter.get(from + index * INTERVAL_MS);
      return (shrinkage ? quarter?.headcount : quarter?.agents) ?? 0;
    });
  }

  /** Contacts and load of a span; none where there is no requirement for the caller. */
  async expected(
    caller: Caller,
    queueId: string,
    from: Instant,
    to: Instant,
  ): Promise<readonly ExpectedQuarter[]> {
    return this.#seen(caller, queueId, from, to);
  }

  async #seen(caller: Caller, queueId: string, from: Instant, to: Instant) {
    return this.maySee(caller, queueId) ? this.#parts.inForce(queueId, from, to) : [];
  }
}
