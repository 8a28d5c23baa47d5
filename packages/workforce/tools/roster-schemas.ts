/** The published JSON Schemas of the files of `svara roster`. */

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

type Schema = { readonly [keyword: string]: unknown };

const text: Schema = { type: "string" };
const id = (description: string): Schema => ({ type: "string", description });
const minutes = (description: string): Schema => ({
  type: "number",
  minimum: 0,
  maximum: 10_080,
  description,
});
const amount = (description: string): Schema => ({
  type: "number",
  minimum: 0,
  maximum: 1_000_000,
  description,
});
const time: Schema = { type: "string", description: "Wall time: HH:MM." };
const date: Schema = { type: "string", description: "YYYY-MM-DD." };
const instant: Schema = {
  type: ["string", "integer"],
  description: "An instant: ISO 8601 with an offset, or milliseconds since 1970-01-01T00:00:00Z.",
};
const weekday: Schema = { enum: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] };

function object(
  properties: Record<string, Schema>,
  required: readonly string[],
  description?: string,
): Schema {
  return {
    type: "object",
    ...(description === undefined ? {} : { description }),
    properties,
    required,
    additionalProperties: false,
  };
}

function list(items: Schema, description?: string): Schema {
  return { type: "array", items, ...(description === undefined ? {} : { description }) };
}

function span(whole: boolean): Schema {
  const number: Schema = whole
    ? { type: "integer", minimum: 0, maximum: 7 }
    : { type: "number", minimum: 0, maximum: 10_080 };
  return object({ min: number, max: number }, ["min", "max"]);
}

const $defs: Record<string, Schema> = {
  ShiftPattern: object(
    {
      id: id("what contracts and shifts call it"),
      name: text,
      weekdays: list(weekday, "The weekdays on which it may begin; all if absent."),
      earliestStart: time,
      latestStart: time,
      startEveryMinutes: {
        type: "integer",
        minimum: 15,
        maximum: 1440,
        description: "A multiple of 15; 15 if absent.",
      },
      paidMinutes: minutes("Presence less unpaid breaks."),
      breaks: list({ $ref: "#/$defs/BreakRule" }, "In the order of the day; their windows do not overlap."),
    },
    ["id", "earliestStart", "latestStart", "paidMinutes", "breaks"],
    "A kind of shift.",
  ),
  BreakRule: object(
    {
      kind: { enum: ["break", "lunch"] },
      minutes: { type: "integer", minimum: 5, maximum: 240, description: "A multiple of 5." },
      paid: { type: "boolean" },
      earliestAfterMinutes: minutes("It begins at the earliest so long after the shift; a multiple of 15."),
      latestAfterMinutes: minutes("It begins at the latest so long after the shift; a multiple of 15."),
    },
    ["kind", "minutes", "paid", "earliestAfterMinutes", "latestAfterMinutes"],
  ),
  Contract: object(
    {
      id: id("what agents refer to"),
      name: text,
      weeklyMinutes: { ...span(false), description: "Paid minutes a calendar week, Monday to Sunday." },
      daysPerWeek: { ...span(true), description: "Days with a shift a week." },
      patternIds: list(text, "The patterns that may be given."),
      weekends: { enum: ["any", "none", "alternate"], description: "`any` if absent." },
      costPerHour: amount("What a paid hour costs; 1 if absent."),
    },
    ["id", "weeklyMinutes", "daysPerWeek", "patternIds"],
  ),
  LabourRules: object(
    {
      id: text,
      name: text,
      source: id("The law or agreement that the numbers are taken from."),
      minRestMinutes: minutes("Between the end of a shift and the begin of the next."),
      minRestTimesShift: amount("Rest after a shift, as a multiple of its presence."),
      maxDailyMinutes: minutes("Paid time a day."),
      maxWeeklyMinutes: minutes("Paid time a calendar week, overtime included."),
      maxConsecutiveDays: { type: "integer", minimum: 1, maximum: 42 },
      weeklyRestMinutes: minutes("The longest stretch without work in each calendar week."),
      maxMinutesWithoutBreak: minutes("Work without a break."),
    },
    ["id", "name"],
    "What is absent demands nothing.",
  ),
  Availability: object(
    {
      date,
      weekday,
      kind: { enum: ["unavailable", "between"] },
      from: time,
      to: time,
    },
    ["kind"],
    "Of a date or a weekday: not at all, or between two wall times.",
  ),
  Wish: object(
    { date, kind: { enum: ["day_off", "work", "early", "late"] }, weight: amount("1 if absent.") },
    ["date", "kind"],
  ),
  Leave: object({ id: text, from: instant, to: instant }, ["from", "to"]),
  FixedActivity: object(
    {
      id: text,
      kind: { enum: ["training", "meeting", "coaching", "other"] },
      name: text,
      from: instant,
      to: instant,
    },
    ["id", "kind", "from", "to"],
  ),
  RosterAgent: object(
    {
      id: text,
      name: text,
      contractId: text,
      skills: list(text),
      rules: { $ref: "#/$defs/LabourRules", description: "Instead of the problem's rules." },
      availability: list({ $ref: "#/$defs/Availability" }),
      wishes: list({ $ref: "#/$defs/Wish" }),
      leave: list({ $ref: "#/$defs/Leave" }),
      activities: list({ $ref: "#/$defs/FixedActivity" }),
      history: object(
        {
          weekendDays: amount("Weekend days worked."),
          earlyShifts: amount("Early shifts worked."),
          lateShifts: amount("Late shifts worked."),
          paidMinutes: { type: "number", minimum: 0, description: "Minutes paid." },
        },
        ["weekendDays", "earlyShifts", "lateShifts", "paidMinutes"],
        "What the agent has carried, over the same weeks for everybody.",
      ),
    },
    ["id", "contractId", "skills"],
  ),
  GroupRequirement: object(
    {
      group: text,
      name: text,
      skills: list(text, "An agent counts who has all of them; none: everybody."),
      required: list(
        { type: "number", minimum: 0, maximum: 100_000 },
        "Agents taking contacts in each quarter of an hour from the first instant of the first day.",
      ),
    },
    ["group", "skills", "required"],
  ),
  ShiftPart: object(
    {
      kind: { enum: ["break", "lunch", "training", "meeting", "coaching", "other"] },
      from: instant,
      to: instant,
      paid: { type: "boolean" },
      activityId: text,
    },
    ["kind", "from", "to", "paid"],
  ),
  RosterShift: object(
    {
      agentId: text,
      date,
      patternId: { type: ["string", "null"] },
      from: instant,
      to: instant,
      parts: list({ $ref: "#/$defs/ShiftPart" }),
      locked: { type: "boolean" },
      overtime: { type: "boolean" },
    },
    ["agentId", "date", "patternId", "from", "to", "parts"],
  ),
};

/** The schema of what a roster is made from. */
export function rosterProblemSchema(): Schema {
  return {
    $schema: DRAFT,
    $id: "roster-problem.schema.json",
    title: "Problem for svara roster",
    ...object(
      {
        $schema: text,
        timeZone: id("IANA name, such as Europe/Kyiv."),
        from: { ...date, description: "The first day; a Monday when whole weeks are planned." },
        days: { type: "integer", minimum: 1, maximum: 42 },
        patterns: list({ $ref: "#/$defs/ShiftPattern" }),
        contracts: list({ $ref: "#/$defs/Contract" }),
        agents: list({ $ref: "#/$defs/RosterAgent" }),
        requirements: list({ $ref: "#/$defs/GroupRequirement" }),
        rules: { $ref: "#/$defs/LabourRules" },
        weights: object(
          {
            understaffingPerHour: amount("For each agent-hour short, in hours of pay; 60 if absent."),
            overstaffingPerHour: amount("For each agent-hour too many, in hours of pay; 2 if absent."),
            paidHour: amount("Times the contract's cost of an hour; 1 if absent."),
            wish: amount("For each wish of weight 1 that is not met, in hours of pay; 2 if absent."),
            fairness: amount("For each shift above the mean, in hours of pay; 0.5 if absent."),
          },
          [],
        ),
        fairness: object(
          {
            earlyBefore: time,
            lateFrom: time,
            share: list({ enum: ["weekends", "early", "late", "hours"] }),
          },
          [],
        ),
        shifts: list(
          { $ref: "#/$defs/RosterShift" },
          "Shifts that stand: of the days before, for rest and weeks; and locked ones inside.",
        ),
      },
      ["timeZone", "from", "days", "patterns", "contracts", "agents", "requirements", "rules"],
    ),
    $defs,
  };
}

/** The schema of a roster. */
export function rosterSchema(): Schema {
  const { RosterShift, ShiftPart } = $defs;
  return {
    $schema: DRAFT,
    $id: "roster.schema.json",
    title: "Roster of svara roster",
    ...object(
      {
        $schema: text,
        timeZone: text,
        from: date,
        days: { type: "integer", minimum: 1, maximum: 42 },
        shifts: list({ $ref: "#/$defs/RosterShift" }),
      },
      ["timeZone", "from", "days", "shifts"],
    ),
    $defs: { RosterShift, ShiftPart },
  };
}
