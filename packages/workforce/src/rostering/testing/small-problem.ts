import type { AgentId } from "@svara/kernel";
import type { Roster, RosterShift, ShiftPart } from "../roster.ts";
import type { RosterAgent } from "../roster-agent.ts";
import type { RosterProblem } from "../roster-problem.ts";

const HOUR_MS = 3_600_000;
/** Monday 1 March 2027, midnight in UTC. */
const MONDAY = Date.UTC(2027, 2, 1);

/** An instant of the week, in hours after its Monday's midnight. */
export function hour(day: number, hours: number): number {
  return MONDAY + day * 24 * HOUR_MS + hours * HOUR_MS;
}

/** A week in UTC with one pattern of eight hours and a lunch, and strict rules; agents `a` and `b` unless told otherwise. */
export function smallProblem(
  change: Partial<RosterProblem> = {},
  agents: readonly Partial<RosterAgent>[] = [{}, {}],
): RosterProblem {
  return {
    timeZone: "UTC",
    from: "2027-03-01",
    days: 7,
    patterns: [
      {
        id: "day",
        earliestStart: "06:00",
        latestStart: "15:00",
        paidMinutes: 480,
        breaks: [
          { kind: "lunch", minutes: 30, paid: false, earliestAfterMinutes: 180, latestAfterMinutes: 300 },
        ],
      },
    ],
    contracts: [
      {
        id: "full",
        weeklyMinutes: { min: 0, max: 2400 },
        daysPerWeek: { min: 0, max: 5 },
        patternIds: ["day"],
      },
    ],
    agents: agents.map((agent, index) => ({
      id: String.fromCharCode(97 + index) as AgentId,
      contractId: "full",
      skills: ["voice"],
      ...agent,
    })),
    requirements: [{ group: "voice", skills: ["voice"], required: [] }],
    rules: {
      id: "test",
      name: "test rules",
      minRestMinutes: 660,
      maxDailyMinutes: 600,
      maxWeeklyMinutes: 2880,
      maxConsecutiveDays: 5,
      weeklyRestMinutes: 2160,
      maxMinutesWithoutBreak: 330,
    },
    ...change,
  };
}

/** A shift of the pattern `day`: its lunch four hours after it begins. */
export function dayShift(
  agentId: string,
  day: number,
  from: number,
  change: Partial<RosterShift> = {},
): RosterShift {
  return {
    agentId: agentId as AgentId,
    date: new Date(hour(day, 0)).toISOString().slice(0, 10),
    patternId: "day",
    from: hour(day, from),
    to: hour(day, from + 8.5),
    parts: [lunch(hour(day, from + 4))],
    ...change,
  };
}

/** Half an hour, unpaid. */
function lunch(from: number): ShiftPart {
  return { kind: "lunch", from, to: from + HOUR_MS / 2, paid: false };
}

/** A roster of the small problem's week. */
export function rosterOf(...shifts: RosterShift[]): Roster {
  return { timeZone: "UTC", from: "2027-03-01", days: 7, shifts };
}
