import {
  paidMinutes,
  type Roster,
  type RosterCoverage,
  type RosterProblem,
  type RosterShift,
  type RosterSolution,
  type Violation,
} from "@svara/workforce/rostering";
import { table } from "./text-columns.ts";

const QUARTER_MS = 900_000;
const DAYS_A_TABLE = 7;

/** A roster as weeks of agents and days, with what it is worth, and whether the gap that was asked for (a share) is reached. */
export function rosterTable(problem: RosterProblem, solution: RosterSolution, wantedGap: number): string {
  const { roster, violations, coverage } = solution;
  const weeks: string[] = [];
  for (let first = 0; first < roster.days; first += DAYS_A_TABLE) {
    const dates = datesOf(roster).slice(first, first + DAYS_A_TABLE);
    weeks.push(
      "",
      ...table(weekRows(problem, roster, dates)),
      "",
      ...table(dayRows(roster, coverage, dates)),
    );
  }
  return [...summary(solution, wantedGap), ...weeks, "", ...violations.flatMap(lineOf), ""].join("\n");
}

function summary(solution: RosterSolution, wantedGap: number): string[] {
  const { objective, coverage, roster, unmetWishes, violations } = solution;
  const agents = new Set(roster.shifts.map(({ agentId }) => agentId)).size;
  const { requiredHours, scheduledHours, shortHours, overHours } = coverage;
  return [
    `${roster.shifts.length} shifts of ${agents} agents from ${roster.from}, ${roster.days} days (${roster.timeZone}).`,
    `Required ${number(requiredHours)} h on contacts, scheduled ${number(scheduledHours)} h: ${number(shortHours)} h short, ${number(overHours)} h too many.`,
    `Cost ${number(objective.total)}: short ${number(objective.understaffing)}, too many ${number(objective.overstaffing)}, pay ${number(objective.paid)}, wishes ${number(objective.wishes)}, fairness ${number(objective.fairness)}.`,
    nearness(solution, wantedGap),
    `Wishes not met: ${unmetWishes.length}. Broken rules: ${violations.length}.`,
  ];
}

/** How far the roster is from the best there could be. */
function nearness({ objective, bound, gap, stopped, elapsedMs }: RosterSolution, wantedGap: number): string {
  const why = `(${STOPPED[stopped]}, ${number(elapsedMs / 1000)} s)`;
  if (bound <= 0 && objective.total > 0)
    return `How far it is from the best is not known: no bound was found ${why}. Try a longer --time-limit.`;
  const within = `No roster costs less than ${number(bound)}: this one is within ${(100 * gap).toFixed(2)} % ${why}.`;
  return gap > wantedGap && stopped !== "asked"
    ? `${within} The ${number(100 * wantedGap)} % asked for were not reached: try a longer --time-limit.`
    : within;
}

const STOPPED: Readonly<Record<RosterSolution["stopped"], string>> = {
  gap: "good enough",
  time: "the time is over",
  asked: "stopped on request",
  settled: "no single change makes it better",
};

function datesOf({ from, days }: Roster): string[] {
  const first = Date.parse(`${from}T00:00:00Z`);
  return Array.from({ length: days }, (_, day) =>
    new Date(first + day * 86_400_000).toISOString().slice(0, 10),
  );
}

function weekRows(problem: RosterProblem, roster: Roster, dates: readonly string[]): string[][] {
  const byAgent = Map.groupBy(roster.shifts, ({ agentId }) => agentId);
  const head = ["", ...dates.map(dayName), "hours"];
  const rows = problem.agents.map(({ id, name }) => {
    const own = byAgent.get(id) ?? [];
    const inWeek = own.filter(({ date }) => dates.includes(date));
    const minutes = inWeek.reduce((sum, shift) => sum + paidMinutes(shift), 0);
    const cells = dates.map((date) =>
      own
        .filter((shift) => shift.date === date)
        .map((shift) => span(shift, roster.timeZone))
        .join(" "),
    );
    return [name ?? id, ...cells.map((cell) => cell || "·"), number(minutes / 60)];
  });
  return [head, ...rows];
}

function dayRows(roster: Roster, coverage: RosterCoverage, dates: readonly string[]): string[][] {
  const dateOf = dateReader(roster.timeZone);
  const rows = coverage.groups.map(({ group, required, scheduled }) => {
    const short = new Map<string, number>();
    for (const [quarter, need] of required.entries()) {
      const date = dateOf(coverage.from + quarter * QUARTER_MS);
      const missing = Math.max(0, need - (scheduled[quarter] ?? 0)) / 4;
      short.set(date, (short.get(date) ?? 0) + missing);
    }
    return [`${group}: h short`, ...dates.map((date) => number(short.get(date) ?? 0)), ""];
  });
  return [["", ...dates.map(dayName), ""], ...rows];
}

function dateReader(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }); // 2027-03-01
  return (at) => format.format(at);
}

function span({ from, to, overtime }: RosterShift, timeZone: string): string {
  return `${clock(from, timeZone)}-${clock(to, timeZone)}${overtime ? "+" : ""}`;
}

function clock(at: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timeZone)
    .toPlainTime()
    .toString({ smallestUnit: "minute" });
}

function dayName(date: string): string {
  const day = new Date(`${date}T00:00:00Z`).toLocaleDateString("en", { weekday: "short", timeZone: "UTC" });
  return `${day} ${date.slice(5)}`;
}

/** Each broken rule with its remedy, and the cover in one line. */
export function violationLines(violations: readonly Violation[], coverage: RosterCoverage): string {
  const { shortHours, overHours, requiredHours } = coverage;
  return [
    violations.length === 0
      ? "No rule is broken."
      : `${violations.length} broken rule${violations.length === 1 ? "" : "s"}:`,
    ...violations.flatMap(lineOf),
    `Required ${number(requiredHours)} h on contacts: ${number(shortHours)} h short, ${number(overHours)} h too many.`,
    "",
  ].join("\n");
}

function lineOf({ rule, message, remedy }: Violation): string[] {
  return [`${rule}: ${message}`, `    ${remedy}`];
}

/** One line for each shift: agent, date, pattern, begin, end, paid minutes and the parts. */
export function rosterCsv({ shifts, timeZone }: Roster): string {
  const rows = shifts.map((shift) => [
    shift.agentId,
    shift.date,
    shift.patternId ?? "",
    iso(shift.from, timeZone),
    iso(shift.to, timeZone),
    String(paidMinutes(shift)),
    shift.parts
      .map(({ kind, from, to }) => `${kind} ${clock(from, timeZone)}-${clock(to, timeZone)}`)
      .join("; "),
  ]);
  return csv([["agent", "date", "pattern", "from", "to", "paid_minutes", "parts"], ...rows]);
}

/** One line for each quarter of an hour and group: required and scheduled agents. */
export function coverageCsv({ from, groups }: RosterCoverage): string {
  const rows = groups.flatMap(({ group, required, scheduled }) =>
    required.map((need, quarter) => [
      new Date(from + quarter * QUARTER_MS).toISOString(),
      group,
      String(need),
      String(scheduled[quarter] ?? 0),
    ]),
  );
  return csv([["interval", "group", "required", "scheduled"], ...rows]);
}

function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(",")}\n`).join("");
}

/** Quoted where it must be (RFC 4180); a leading sign that a spreadsheet would reckon with is quoted out. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function iso(at: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timeZone)
    .toString({ smallestUnit: "minute", timeZoneName: "never" });
}

function number(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 1 });
}
