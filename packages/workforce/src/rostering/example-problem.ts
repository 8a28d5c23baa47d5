import type { LocalDate } from "@svara/calendar";
import { type AgentId, SeededRandom } from "@svara/kernel";
import { eachQuarter, gridOf, isWeekendDay, wallInstant } from "./grid.ts";
import { LABOUR_PRESETS } from "./labour-presets.ts";
import type { RosterAgent, Wish } from "./roster-agent.ts";
import type { GroupRequirement, RosterProblem } from "./roster-problem.ts";

/** How large an example is to be. */
export interface ExampleSize {
  readonly agents: number;
  /** 7 if absent. */
  readonly days?: number;
  /** A Monday; the first of March 2027 if absent. */
  readonly from?: LocalDate;
  /** One skill if absent; with three languages some agents speak two or all. */
  readonly languages?: readonly string[];
  readonly seed?: number;
}

const TIME_ZONE = "Europe/Stockholm";
const OPEN_FROM = 7;
const OPEN_TO = 22;

/**
 * A centre that might be: open from 7 to 22, busy before noon and in the afternoon, a third quieter at weekends; full time, thirty
 * hours and twenty hours; wishes, some leave and trainings. The same size and seed give the same problem.
 */
export function exampleProblem(size: ExampleSize): RosterProblem {
  const { agents, days = 7, from = "2027-03-01", languages = ["voice"], seed = 1 } = size;
  const random = new SeededRandom(seed);
  const base = { timeZone: TIME_ZONE, from, days };
  return {
    ...base,
    patterns: [
      {
        id: "full",
        name: "eight hours",
        earliestStart: "07:00",
        latestStart: "13:30",
        paidMinutes: 480,
        breaks: [
          { kind: "break", minutes: 15, paid: true, earliestAfterMinutes: 90, latestAfterMinutes: 150 },
          { kind: "lunch", minutes: 30, paid: false, earliestAfterMinutes: 210, latestAfterMinutes: 285 },
          { kind: "break", minutes: 15, paid: true, earliestAfterMinutes: 360, latestAfterMinutes: 435 },
        ],
      },
      {
        id: "six",
        name: "six hours",
        earliestStart: "07:00",
        latestStart: "15:30",
        startEveryMinutes: 30,
        paidMinutes: 360,
        breaks: [
          { kind: "lunch", minutes: 30, paid: false, earliestAfterMinutes: 150, latestAfterMinutes: 225 },
          { kind: "break", minutes: 15, paid: true, earliestAfterMinutes: 300, latestAfterMinutes: 330 },
        ],
      },
      {
        id: "four",
        name: "four hours",
        earliestStart: "07:00",
        latestStart: "18:00",
        startEveryMinutes: 30,
        paidMinutes: 240,
        breaks: [
          { kind: "break", minutes: 15, paid: true, earliestAfterMinutes: 90, latestAfterMinutes: 150 },
        ],
      },
    ],
    contracts: [
      {
        id: "full-time",
        weeklyMinutes: { min: 2400, max: 2400 },
        daysPerWeek: { min: 5, max: 5 },
        patternIds: ["full"],
        costPerHour: 1,
      },
      {
        id: "thirty-hours",
        weeklyMinutes: { min: 1800, max: 1800 },
        daysPerWeek: { min: 5, max: 5 },
        patternIds: ["six"],
        costPerHour: 1,
      },
      {
        id: "twenty-hours",
        weeklyMinutes: { min: 960, max: 1200 },
        daysPerWeek: { min: 4, max: 5 },
        patternIds: ["four"],
        costPerHour: 1,
      },
    ],
    agents: Array.from({ length: agents }, (_, index) => exampleAgent(index, languages, base, random)),
    requirements: exampleRequirements(agents, languages, base),
    rules: LABOUR_PRESETS.sweden,
  };
}

type Base = Pick<RosterProblem, "timeZone" | "from" | "days">;

function exampleAgent(
  index: number,
  languages: readonly string[],
  base: Base,
  random: SeededRandom,
): RosterAgent {
  const { days } = gridOf(base);
  const chance = (probability: number): boolean => random.next() < probability;
  const someDay = (): (typeof days)[number] | undefined => days[Math.floor(random.next() * days.length)];
  const kind = index % 10;
  const wished = someDay();
  const wishes: Wish[] =
    wished && chance(0.4)
      ? [{ date: wished.date, kind: chance(0.6) ? "day_off" : chance(0.5) ? "early" : "late" }]
      : [];
  const away = chance(0.04) ? someDay() : undefined;
  const trained = !away && chance(0.05) ? days[index % Math.min(5, days.length)] : undefined;
  const training = trained && wallInstant(trained.date, 13 * 60, base.timeZone);
  return {
    id: `agent-${String(index + 1).padStart(3, "0")}` as AgentId,
    contractId: kind < 6 ? "full-time" : kind < 8 ? "thirty-hours" : "twenty-hours",
    skills: skillsOf(index, languages),
    ...(wishes.length > 0 ? { wishes } : {}),
    ...(away ? { leave: [{ from: away.from, to: away.to }] } : {}),
    ...(training !== undefined && kind < 6
      ? {
          activities: [
            { id: `training-${index + 1}`, kind: "training", from: training, to: training + 3_600_000 },
          ],
        }
      : {}),
    ...(chance(0.05)
      ? { availability: [{ weekday: "wed", kind: "between", from: "07:00", to: "18:00" }] }
      : {}),
  };
}

/** Half speak one language, most of the others two, one in ten all. */
function skillsOf(index: number, languages: readonly string[]): string[] {
  const count = languages.length;
  if (count === 1) return [...languages];
  if (index % 10 === 9) return [...languages];
  const own = languages[index % count] ?? "";
  return index % 2 === 0 ? [own] : [own, languages[(index + 1) % count] ?? ""];
}

/** So much that the agents can just do it: each is on contacts some 30 hours a week. */
function exampleRequirements(agents: number, languages: readonly string[], base: Base): GroupRequirement[] {
  const grid = gridOf(base);
  const shape = new Float64Array(grid.quarters);
  for (const { date, number } of grid.days) {
    const open = wallInstant(date, OPEN_FROM * 60, base.timeZone);
    const close = wallInstant(date, OPEN_TO * 60, base.timeZone);
    eachQuarter(grid, open, close, (quarter) => {
      const hour = OPEN_FROM + ((grid.from + quarter * 900_000 - open) / 3_600_000 + 0.125);
      const peaks =
        Math.exp(-(((hour - 11) / 2.6) ** 2)) + 0.8 * Math.exp(-(((hour - 16) / 2.8) ** 2)) + 0.12;
      shape[quarter] = peaks * (isWeekendDay(number) ? 0.65 : 1);
    });
  }
  const hours = shape.reduce((sum, value) => sum + value, 0) / 4;
  const wanted = (agents * 30 * grid.days.length) / 7;
  return languages.map((language, index) => {
    const share = languages.length === 1 ? 1 : index === 0 ? 0.4 : 0.6 / (languages.length - 1);
    return {
      group: language,
      skills: [language],
      required: Array.from(shape, (value) => Math.round((value * share * wanted) / hours)),
    };
  });
}
