import { compileSchema, type Instant, type JsonSchema, SvaraError } from "@svara/kernel";
import rosterSchema from "../../schemas/roster.schema.json" with { type: "json" };
import problemSchema from "../../schemas/roster-problem.schema.json" with { type: "json" };
import { checkProblem, type ProblemFault } from "./check-problem.ts";
import type { Roster, RosterShift } from "./roster.ts";
import type { RosterProblem } from "./roster-problem.ts";

const checkProblemShape = compileSchema(problemSchema as JsonSchema);
const checkRosterShape = compileSchema(rosterSchema as JsonSchema);

type InFile<T> = T extends { readonly from: Instant; readonly to: Instant }
  ? { readonly [K in keyof T]: K extends "from" | "to" ? string | number : InFile<T[K]> }
  : T extends readonly (infer Item)[]
    ? readonly InFile<Item>[]
    : T;

/**
 * Takes a parsed JSON value as a problem: instants may stand in ISO 8601 with an offset. Throws `roster.bad_problem`, which
 * names the field and the remedy, for what has the wrong shape and for what contradicts itself.
 */
export function parseRosterProblem(value: unknown): RosterProblem {
  const fault = checkProblemShape(value);
  if (fault) throw refused("roster.bad_problem", "roster problem", fault);
  const { $schema: _schema, ...problem } = value as RosterProblem & { readonly $schema?: string };
  const read = reader("roster.bad_problem", "roster problem");
  const plain: RosterProblem = {
    ...problem,
    agents: problem.agents.map((agent, index) => ({
      ...agent,
      ...(agent.leave
        ? { leave: agent.leave.map((leave, at) => read.span(leave, `agents.${index}.leave.${at}`)) }
        : {}),
      ...(agent.activities
        ? {
            activities: agent.activities.map((activity, at) =>
              read.span(activity, `agents.${index}.activities.${at}`),
            ),
          }
        : {}),
    })),
    ...(problem.shifts
      ? { shifts: problem.shifts.map((shift, index) => read.shift(shift, `shifts.${index}`)) }
      : {}),
  };
  const contradiction = checkProblem(plain);
  if (contradiction) throw refused("roster.bad_problem", "roster problem", contradiction);
  return plain;
}

/**
 * Takes a parsed JSON value as a roster, of a problem's zone and days where one is given. Throws `roster.bad_roster`, which
 * names the field and the remedy.
 */
export function parseRoster(
  value: unknown,
  problem?: Pick<RosterProblem, "timeZone" | "from" | "days">,
): Roster {
  const fault = checkRosterShape(value);
  if (fault) throw refused("roster.bad_roster", "roster", fault);
  const { $schema: _schema, ...roster } = value as Roster & { readonly $schema?: string };
  for (const field of ["timeZone", "from", "days"] as const) {
    if (!problem || roster[field] === problem[field]) continue;
    const message = `is ${JSON.stringify(roster[field])}, the problem's is ${JSON.stringify(problem[field])}`;
    throw refused("roster.bad_roster", "roster", { field, message });
  }
  const read = reader("roster.bad_roster", "roster");
  return { ...roster, shifts: roster.shifts.map((shift, index) => read.shift(shift, `shifts.${index}`)) };
}

interface Reader {
  span<T extends { readonly from: Instant; readonly to: Instant }>(span: T, field: string): T;
  shift(shift: RosterShift, field: string): RosterShift;
}

function reader(code: string, what: string): Reader {
  const instant = (value: string | number, field: string): Instant => {
    if (typeof value === "number") return value;
    const at = ISO_WITH_OFFSET.test(value) ? Date.parse(value) : Number.NaN;
    if (Number.isFinite(at)) return at;
    const message = `must be an instant such as 2027-03-01T08:00:00+01:00, not ${JSON.stringify(value)}`;
    throw refused(code, what, { field, message });
  };
  const span: Reader["span"] = (one, field) => {
    const { from, to } = one as InFile<typeof one>;
    const read = { ...one, from: instant(from, `${field}.from`), to: instant(to, `${field}.to`) };
    if (read.to > read.from) return read;
    throw refused(code, what, { field: `${field}.to`, message: "must be later than its begin" });
  };
  return {
    span,
    shift: (shift, field) => ({
      ...span(shift, field),
      parts: shift.parts.map((part, index) => span(part, `${field}.parts.${index}`)),
    }),
  };
}

const ISO_WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

function refused(code: string, what: string, { field, message }: ProblemFault): SvaraError {
  return new SvaraError(`${what}: ${field || "the file"} ${message}`, { code, httpStatus: 422, field });
}
