import { api } from "@svara/contracts";
import type { HttpCore } from "../../http/http-core.ts";
import type { PlanDay } from "./plan-today.ts";

/** The day that goes on. */
export function mountTodayRoutes(http: HttpCore, day: PlanDay): void {
  http.mount(api.planToday.get, async ({ caller }) => day.get(caller));
}
