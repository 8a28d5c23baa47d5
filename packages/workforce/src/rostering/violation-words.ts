import { unreachable } from "@svara/kernel";
import type { RosterRule } from "./violation.ts";

interface Facts {
  readonly agentId: string;
  readonly date: string;
  readonly actual: number | undefined;
  readonly limit: number | undefined;
  readonly detail: string | undefined;
}

/** What is wrong, as a sentence with its numbers. */
export function messageOf(rule: RosterRule, { agentId, date, actual, limit, detail }: Facts): string {
  const whose = `${agentId}, ${date}:`;
  const short = (actual ?? 0) < (limit ?? 0);
  switch (rule) {
    case "unknown_agent":
      return `${whose} the problem has no agent of this id`;
    case "unknown_pattern":
      return `${whose} there is no pattern ${detail}`;
    case "shift_shape":
      return `${whose} the shift ends before it begins, its parts overlap or leave it, or it begins on another date`;
    case "shift_overlap":
      return `${whose} the shift begins before the one before it has ended`;
    case "outside_days":
      return `${whose} the shift lies outside of the days planned`;
    case "pattern_not_in_contract":
      return `${whose} the contract does not allow the pattern ${detail}`;
    case "pattern_weekday":
      return `${whose} the pattern is not for a ${detail}`;
    case "pattern_start":
      return `${whose} the pattern does not begin at ${detail}`;
    case "pattern_length":
      return `${whose} the shift lasts ${hours(actual)}, its pattern ${hours(limit)}`;
    case "pattern_breaks":
      return `${whose} the breaks are not those of the pattern, or lie outside of their windows`;
    case "contract_weekly_hours":
      return `${whose} ${hours(actual)} in the week, the contract ${short ? "asks for" : "allows"} ${hours(limit)}`;
    case "contract_days":
      return `${whose} ${actual} days in the week, the contract ${short ? "asks for" : "allows"} ${limit}`;
    case "contract_weekends":
      return actual === undefined
        ? `${whose} the contract has no work at weekends`
        : `${whose} a second weekend in a row`;
    case "availability":
      return `${whose} ${detail}`;
    case "leave":
      return `${whose} the agent is on leave`;
    case "activity":
      return `${whose} ${detail ?? "an appointment"} is not covered by the shift`;
    case "rest_between_shifts":
      return `${whose} ${hours(actual)} of rest before the shift, ${hours(limit)} are needed`;
    case "daily_hours":
      return `${whose} ${hours(actual)} of work on the day, ${hours(limit)} are allowed`;
    case "weekly_hours":
      return `${whose} ${hours(actual)} of work in the week, ${hours(limit)} are allowed`;
    case "consecutive_days":
      return `${whose} the ${actual}th day in a row, ${limit} are allowed`;
    case "weekly_rest":
      return `${whose} the longest rest of the week lasts ${hours(actual)}, ${hours(limit)} are needed`;
    case "break_needed":
      return `${whose} ${hours(actual)} without a break, ${hours(limit)} are allowed`;
    default:
      return unreachable(rule);
  }
}

/** What mends it. */
export function remedyOf(rule: RosterRule, { actual, limit }: Pick<Facts, "actual" | "limit">): string {
  const short = (actual ?? 0) < (limit ?? 0);
  switch (rule) {
    case "unknown_agent":
      return "add the agent to the problem, or take the shift away";
    case "unknown_pattern":
      return "name a pattern that is there, or none for a free shift";
    case "shift_shape":
      return "give a begin on the shift's date, a later end, and parts inside it one after another";
    case "shift_overlap":
      return "move or remove one of the two shifts";
    case "outside_days":
      return "move the shift into the days planned";
    case "pattern_not_in_contract":
      return "choose a pattern of the contract, or allow this one in it";
    case "pattern_weekday":
      return "choose a pattern for that weekday";
    case "pattern_start":
      return "choose one of the pattern's begins, or make it a shift without pattern";
    case "pattern_length":
      return "keep the pattern's length, or make it a shift without pattern";
    case "pattern_breaks":
      return "put each break into its window, or make it a shift without pattern";
    case "contract_weekly_hours":
      return short ? "give more hours in that week" : "take hours away in that week, or agree on overtime";
    case "contract_days":
      return short ? "give another day in that week" : "give a day off in that week";
    case "contract_weekends":
      return "give the weekend off";
    case "availability":
      return "choose another time or day, or ask the agent";
    case "leave":
      return "give the shift to somebody else, or withdraw the leave";
    case "activity":
      return "give a shift that holds it whole, or move the appointment";
    case "rest_between_shifts":
      return `begin ${hours((limit ?? 0) - (actual ?? 0))} later, or end the shift before earlier`;
    case "daily_hours":
    case "weekly_hours":
      return `take ${hours((actual ?? 0) - (limit ?? 0))} away`;
    case "consecutive_days":
      return "give a day off before it";
    case "weekly_rest":
      return "give two days off together, or begin later after the day off";
    case "break_needed":
      return "add a break, or move one towards the middle";
    default:
      return unreachable(rule);
  }
}

function hours(minutes: number | undefined): string {
  const whole = Math.round(minutes ?? 0);
  const sign = whole < 0 ? "-" : "";
  const rest = Math.abs(whole) % 60;
  const full = Math.floor(Math.abs(whole) / 60);
  return rest === 0 ? `${sign}${full} h` : full === 0 ? `${sign}${rest} min` : `${sign}${full} h ${rest} min`;
}
