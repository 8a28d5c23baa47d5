import type { WhatIfChange, WhatIfCosts } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import type { Assumption, DayComparison, PlannedDay, RulesFile } from "@svara/workforce";
import type pg from "pg";

/** A simulation as its thread is asked for it. Plain data. */
export interface WhatIfRequest {
  readonly source:
    | {
        readonly kind: "journal";
        readonly connection: pg.ClientConfig;
        readonly routerId: string;
        readonly from: Instant;
        readonly to: Instant;
      }
    | {
        readonly kind: "planned";
        readonly day: PlannedDay;
        readonly assumptions: readonly Assumption[];
      };
  readonly date: string;
  readonly timeZone: string;
  readonly change: WhatIfChange;
  readonly costs: WhatIfCosts;
  readonly replications: number;
  readonly seed: number;
  /** After so long no further run is begun. */
  readonly timeLimitMs: number;
}

/** How far it is. */
export type WhatIfProgress =
  | { readonly step: "reading"; readonly entries: number }
  | { readonly step: "simulating"; readonly done: number; readonly all: number };

/** What it found. */
export interface WhatIfOutcome {
  readonly comparison: DayComparison;
  readonly assumptions: readonly Assumption[];
  readonly rulesFile: RulesFile | null;
  readonly absent: readonly string[];
}
