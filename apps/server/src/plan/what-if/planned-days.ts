import type { WhatIfDay } from "@svara/contracts";
import type { Assumption, PlannedDay } from "@svara/workforce";
import { conflict } from "../../http/http-error.ts";

/** Days to come as they are planned: contacts of the forecast, agents of the roster or of the requirement. */
export class PlannedDays {
  /** @throws HttpError 409 where a part of the plan is missing */
  async day(
    { date }: Extract<WhatIfDay, { readonly kind: "forecast" }>,
    _timeZone: string,
  ): Promise<{ readonly day: PlannedDay; readonly assumptions: readonly Assumption[] }> {
    throw conflict("no_forecast", `There is no forecast for ${date}; make one first`, "day.date");
  }
}
