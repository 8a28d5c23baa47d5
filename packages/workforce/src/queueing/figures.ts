/** The ways to state a service level; the numbers are those of the KPI catalogue. Tools and contracts differ in exactly this. */
export type ServiceLevelBasis =
  /** Served within / all (SL3): who abandons is a miss. */
  | "all"
  /** Served within / served (SL2). */
  | "served"
  /** Served within / (all - abandoned within) (SL4): early abandons are left out. */
  | "abandonsOut"
  /** (Served within + abandoned within) / all (SL1): early abandons count as hits. */
  | "abandonsIn";

/** What is true of the waits at one threshold; shares of all who entered, except where the basis says otherwise. */
export interface ThresholdFigures {
  readonly thresholdS: number;
  readonly serviceLevel: Readonly<Record<ServiceLevelBasis, number>>;
  /** The share of all who are still waiting at the threshold. */
  readonly pWaitGt: number;
}

/** The stationary figures of one queue. Waits are in seconds; "all" are all who entered (who was blocked never did). */
export interface QueueFigures {
  readonly agents: number;
  readonly offeredErlang: number;
  /** Share of the arrivals that find no line free; 0 without a limit of lines. */
  readonly pBlock: number;
  /** Share of those who entered that find all agents busy. */
  readonly pWait: number;
  readonly pAbandon: number;
  readonly meanWaitAllS: number;
  readonly meanWaitServedS: number;
  /** Absent where nobody ever abandons. */
  readonly meanWaitAbandonedS: number | null;
  readonly meanWaitGivenWaitS: number;
  readonly meanQueue: number;
  /** Share of the agents' time that is handling. */
  readonly occupancy: number;
  /** In the order of the thresholds asked for. */
  readonly within: readonly ThresholdFigures[];
}

/** The four service levels from the three shares of all that they are made of. */
export function serviceLevels(shares: {
  readonly servedWithin: number;
  readonly abandonedWithin: number;
  readonly served: number;
}): Readonly<Record<ServiceLevelBasis, number>> {
  const { servedWithin, abandonedWithin, served } = shares;
  const rest = 1 - abandonedWithin;
  return {
    all: servedWithin,
    served: served > 0 ? Math.min(1, servedWithin / served) : 0,
    abandonsOut: rest > 0 ? Math.min(1, servedWithin / rest) : 0,
    abandonsIn: Math.min(1, servedWithin + abandonedWithin),
  };
}
