import { setTimeout as pause } from "node:timers/promises";
import { addDays, WEEKDAYS, zoned } from "@svara/calendar";
import { api } from "@svara/contracts";
import type { HttpSession } from "./http-session.ts";

const OPENS_AT = "07:00";
const CLOSES_AT = "20:00";
const LOOK_EVERY_MS = 300;
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
  if (agents.length === 0) return;
  for (const { id, revision } of agents)
    await admin.call(api.planAgentTerms.replace, {
      params: { id },
      body: { contractId: contract.id, availability: [] },
      ifMatch: revision,
    });
  await makeRules(admin);
  const monday = mondayOf(options.now, options.timeZone);
  await publishWeek(admin, monday, agents.length);
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

/** The solver makes it as it would for a planner. */
async function publishWeek(admin: HttpSession, monday: string, agents: number): Promise<void> {
  const { id } = await admin.call(api.planRosters.create, {
    body: { teamId: null, siteId: null, from: monday, days: 7, groups: requirement(agents) },
  });
  let job = await admin.call(api.planRosters.solve, {
    params: { id },
    body: { timeLimitSec: 20, gap: 0.05, keep: "none" },
  });
  while (job.endedAt === null) {
    await pause(LOOK_EVERY_MS);
    job = await admin.call(api.planJobs.get, { params: { id: job.id } });
  }
  const { draftRevision, shifts } = await admin.call(api.planRosters.get, { params: { id } });
  if (shifts.length > 0)
    await admin.call(api.planRosters.publish, { params: { id }, body: { draftRevision } });
}

/** A week that a planner lets the solver make. */
async function beginWeek(admin: HttpSession, monday: string, agents: number): Promise<void> {
  await admin.call(api.planRosters.create, {
    body: { teamId: null, siteId: null, from: monday, days: 7, groups: requirement(agents) },
  });
}

function mondayOf(now: number, timeZone: string): string {
  const today = zoned(now, timeZone).toPlainDate();
  return today.subtract({ days: today.dayOfWeek - 1 }).toString();
}
