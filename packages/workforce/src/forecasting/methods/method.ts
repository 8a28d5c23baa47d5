import type { ForecastMethod } from "../forecast-result.ts";
import type { ModelDays } from "../model-days.ts";

/** A method with what it learnt. */
export interface FittedMethod {
  /**
   * Expected contacts per slot of day `target` when the days up to `origin` are known, both counted from the first of the
   * history; 0 outside of the weekday's hours. Undefined where the method has nothing to go by. Nothing after `origin` is
   * looked at.
   */
  expect(origin: number, target: number): Float64Array | undefined;
}

/** One way to forecast. What has to be fitted is fitted to the days before `until`. */
export interface MethodOf {
  readonly name: ForecastMethod;
  fit(days: ModelDays, until: number): FittedMethod;
}
