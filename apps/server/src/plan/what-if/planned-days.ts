import type { WhatIfDay } from "@svara/contracts";
import type { Assumption, PlannedDay } from "@svara/workforce";
import { conflict } from "../../http/http-error.ts";
import type { Caller } from "../../rights/access.ts";

/** A day that can be simulated. */
export interface PlannedDayChoice {
  readonly date: string;
  readonly queues: { readonly id: string; readonly name: string }[];
  readonly hasRoster: boolean;
  readonly hasRequirement: boolean;
}

/** Days to come as they are planned: contacts of the forecast, agents of the roster or of the requirement. */
export class PlannedDays {
  /** Days from today on that have a forecast of a queue that the caller may see. */
  async list(_caller: Caller, _timeZone: string): Promise<PlannedDayChoice[]> {
    return [];
  }

  /** @throws HttpError 409 where a part of the plan is missing */
  async day(
    { date }: Extract<WhatIfDay, { readonly kind: "forecast" }>,
    _timeZone: string,
  ): Promise<{ readonly day: PlannedDay; readonly assumptions: readonly Assumption[] }> {
    throw conflict("no_forecast", `There is no forecast for ${date}; make one first`, "day.date");
  }
}
