import type { ForecastMethod, MethodChoice } from "./forecast-result.ts";
import { DISTANCES, type Trial } from "./rolling-origin.ts";
import { between, type Spread, UNSEEN } from "./spread.ts";

/** Where the history is too short to compare. */
export const WHEN_SHORT: ForecastMethod = "weekday_smoothing";

const WORTH_IT = 0.995; // a more involved method must have at least half a hundredth less deviance
const SPREAD_DOUBLES_IN = 250; // open days beyond the last distance tried: a year away twice as unsure as a month

/** The least deviance at each distance; a simpler method where the gain is nothing to speak of. */
export function chooseMethods(asked: ForecastMethod | "auto", trials: readonly Trial[]): MethodChoice[] {
  if (asked !== "auto") return [{ upToDaysAhead: DISTANCES.at(-1) ?? 1, method: asked, by: "given" }];
  const choices: MethodChoice[] = [];
  for (const [i, distance] of DISTANCES.entries()) {
    const there = trials.filter(({ score }) => score.daysAhead === distance && score.days > 0);
    let best: Trial | undefined;
    for (const tried of there) {
      if (best === undefined || tried.deviance < WORTH_IT * best.deviance) best = tried;
    }
    if (best === undefined) continue;
    const next = DISTANCES[i + 1];
    // halfway to the next distance
    const upToDaysAhead = next === undefined ? distance : Math.floor((distance + next) / 2);
    choices.push({ upToDaysAhead, method: best.score.method, by: "evaluation" });
  }
  return choices.length > 0
    ? choices
    : [{ upToDaysAhead: DISTANCES.at(-1) ?? 1, method: WHEN_SHORT, by: "short_history" }];
}

/** The spread between the distances that were tried, and beyond them. */
export function spreadAhead(
  trials: readonly Trial[],
  method: ForecastMethod,
  ahead: number,
  part: "daySpread" | "intervalSpread",
): Spread {
  const own = trials.filter(({ score }) => score.method === method);
  const nearer = own.findLast(({ score }) => score.daysAhead <= ahead) ?? own[0];
  if (nearer === undefined) return UNSEEN;
  const farther = own.find(({ score }) => score.daysAhead > ahead);
  if (farther === undefined || farther === nearer) {
    const beyond = Math.max(0, ahead - nearer.score.daysAhead) / SPREAD_DOUBLES_IN;
    return { ...nearer[part], relativeVariance: nearer[part].relativeVariance * (1 + beyond) };
  }
  const share = (ahead - nearer.score.daysAhead) / (farther.score.daysAhead - nearer.score.daysAhead);
  return between(nearer[part], farther[part], share);
}
