import { addDays, WEEKDAYS, zoned } from "@svara/calendar";
import { api, type RosterShiftView } from "@svara/contracts";
import type { HttpSession } from "./http-session.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const OPENS_AT = "07:00";
const CLOSES_AT = "20:00";
/** Begins of the shifts, agent by agent. */
const BEGINS = [7, 8, 9, 10, 11, 7.5, 8.5, 9.5, 10.5, 11] as const;
const OPEN_DAYS = WEEKDAYS.slice(0, 6);

/** Gives the demonstration shift patterns, contracts, rules, this week published and the next one to be made. */
export async function buildDemoRoster(
  admin: HttpSession,
  options: { readonly now: number; readonly timeZone: string },
): Promise<void> {
  const patternIds = await makePatterns(admin);
  const contract = await admin.call(api.planContracts.create, {
    body: {
      name: "Full time",
      weeklyMinutes: { min: 1920, max: 2400 },
      daysPerWeek: { min: 4, max: 5 },
      patternIds,
      weekends: "alternate",
      costPerHour: 32,
    },
  });
  const { items: agents } = await admin.call(api.planAgentTerms.list, { query: { limit: 500 } });
  for (const { id, revision } of agents)
    await admin.call(api.planAgentTerms.replace, {
      params: { id },
      body: { contractId: contract.id, availability: [] },
      ifMatch: revision,
    });
  await makeRules(admin);
  const monday = mondayOf(options.now, options.timeZone);
  await publishWeek(
    admin,
    monday,
    agents.map(({ id }) => id),
  );
  await beginWeek(admin, addDays(monday, 7), agents.length);
}

async function makePatterns(admin: HttpSession): Promise<string[]> {
  const full = await admin.call(api.planPatterns.create, {
    body: {
      name: "Full day",
      earliestStart: OPENS_AT,
      latestStart: "11:30",
      startEveryMinutes: 30,
      paidMinutes: 480,
      breaks: [
        { kind: "break", minutes: 15, paid: true, earliestAfterMinutes: 90, latestAfterMinutes: 150 },
        { kind: "lunch", minutes: 30, paid: false, earliestAfterMinutes: 195, latestAfterMinutes: 285 },
        { kind: "break", minutes: 15, paid: true, earliestAfterMinutes: 345, latestAfterMinutes: 420 },
      ],
    },
  });
  return [full.id];
}

async function makeRules(admin: HttpSession): Promise<void> {
  const { items } = await admin.call(api.planLabourRules.presets, {});
  const swedish = items.find(({ id }) => id === "se");
  if (swedish)
    await admin.call(api.planLabourRules.create, {
      body: { name: swedish.name, source: swedish.source, limits: swedish.limits },
    });
  await admin.call(api.planApprovalRules.create, {
    body: {
      name: "Everybody",
      leave: { byRules: true, noticeDays: 7, minCover: 1 },
      swap: { byRules: true, noticeHours: 24 },
      overtime: { byRules: true },
    },
  });
}

/** So many agents as can be there at once, most of the day. */
function requirement(agents: number) {
  const source = (part: number, from: string, to: string) => ({
    kind: "flat" as const,
    agents: Math.max(1, Math.round(agents * part)),
    from,
    to,
    weekdays: [...OPEN_DAYS],
  });
  const group = { queueId: null, skillIds: [] };
  return [{ ...group, id: "all", name: "All queues", source: source(0.4, OPENS_AT, CLOSES_AT) }];
}

async function publishWeek(admin: HttpSession, monday: string, agents: readonly string[]): Promise<void> {
  let roster = await admin.call(api.planRosters.create, {
    body: { teamId: null, siteId: null, from: monday, days: 7, groups: requirement(agents.length) },
  });
  for (const [index, agentId] of agents.entries())
    for (const day of daysOf(index)) {
      const date = addDays(monday, day);
      const shift = dayShift(agentId, date, BEGINS[index % BEGINS.length] ?? 8, roster.timeZone);
      const changed = await admin.call(api.planRosters.change, {
        params: { id: roster.id },
        body: { draftRevision: roster.draftRevision, change: { type: "put_shift", shift } },
      });
      roster = changed.roster;
    }
  await admin.call(api.planRosters.publish, {
    params: { id: roster.id },
    body: { draftRevision: roster.draftRevision },
  });
}

/** A week that a planner lets the solver make. */
async function beginWeek(admin: HttpSession, monday: string, agents: number): Promise<void> {
  await admin.call(api.planRosters.create, {
    body: { teamId: null, siteId: null, from: monday, days: 7, groups: requirement(agents) },
  });
}

/** Five days for most; every fourth works on Saturday instead of Monday. */
function daysOf(index: number): readonly number[] {
  return index % 4 === 3 ? [1, 2, 3, 4, 5] : [0, 1, 2, 3, 4];
}

function dayShift(agentId: string, date: string, hour: number, timeZone: string): RosterShiftView {
  const midnight = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone });
  const from = midnight.add({ minutes: hour * 60 }).epochMilliseconds;
  const at = (hours: number): number => from + hours * HOUR_MS;
  return {
    agentId,
    date,
    patternId: null,
    from,
    to: at(8.5),
    parts: [
      { kind: "break", from: at(2), to: at(2) + 15 * MINUTE_MS, paid: true },
      { kind: "lunch", from: at(4), to: at(4.5), paid: false },
      { kind: "break", from: at(6.5), to: at(6.5) + 15 * MINUTE_MS, paid: true },
    ],
  };
}

function mondayOf(now: number, timeZone: string): string {
  const today = zoned(now, timeZone).toPlainDate();
  return today.subtract({ days: today.dayOfWeek - 1 }).toString();
}
