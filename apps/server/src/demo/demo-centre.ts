import { api } from "@svara/contracts";
import type { HttpSession } from "./http-session.ts";
import { makeKnownCustomers } from "./known-customers.ts";
import type { PastQueue } from "./plan-history.ts";
import type { DialledNumber } from "./synthetic-customers.ts";

export interface DemoAgent {
  readonly agentId: string;
  readonly displayName: string;
  readonly phoneId: string;
  readonly user: string;
  readonly password: string;
}

/** What the demonstration's customers and agents need to know of the centre they live in. */
export interface DemoCentre {
  readonly numbers: readonly DialledNumber[];
  readonly agents: readonly DemoAgent[];
  readonly breakReasonId: string;
  readonly dispositionIds: readonly string[];
  /** The user who signs in by hand. */
  readonly humanAgentId: string;
}

/** Four ways in, each in a language of its own. */
const LINES = [
  {
    number: "100",
    language: "en",
    queue: "Customer service",
    skill: "Customer service",
    share: 40,
    handleS: 24,
  },
  { number: "101", language: "sv", queue: "Billing", skill: "Billing", share: 25, handleS: 21 },
  {
    number: "102",
    language: "uk",
    queue: "Technical support",
    skill: "Technical support",
    share: 20,
    handleS: 28,
  },
  { number: "103", language: "ru", queue: "New customers", skill: "Sales", share: 15, handleS: 20 },
] as const;

/** The queues as their past looked before this system. */
export const PAST_QUEUES: readonly PastQueue[] = LINES.map(({ queue, share, handleS }) => ({
  name: queue,
  share: share / 100,
  handleS,
}));

const AGENT_NAMES = [
  "Astrid Holm",
  "Björn Ek",
  "Clara Nyström",
  "Dmytro Savchuk",
  "Elin Forsberg",
  "Filip Åberg",
  "Galina Orlova",
  "Henrik Dahl",
  "Iryna Melnyk",
  "Johan Sjöberg",
  "Katja Lindqvist",
  "Lars Wikström",
] as const;

/** Wrap-up short enough that a newcomer sees agents come and go. */
const WRAP_UP_MS = 15_000;

/** Builds the fictional centre through the public API, as an administrator would in the office. */
export async function buildDemoCentre(admin: HttpSession, options: { agents: number }): Promise<DemoCentre> {
  const clientId = await renameClient(admin);
  const breakReasonId = await reasonId(admin, "break");
  const dispositions = await admin.call(api.dispositions.list, { query: { clientId } });
  const roles = await presetRoles(admin);
  const site = await admin.call(api.sites.create, {
    body: { name: "Stockholm", timeZone: "Europe/Stockholm" },
  });
  const team = (name: string) =>
    admin.call(api.teams.create, { body: { name, siteId: site.id, leaderIds: [] } });
  const teams = [await team("North"), await team("South")];
  const skills = new Map<string, string>();
  for (const { skill } of LINES) {
    const made = await admin.call(api.skills.create, { body: { name: skill, description: "" } });
    skills.set(skill, made.id);
  }
  await admin.call(api.trunks.create, {
    body: {
      name: "Demonstration line",
      inbound: { kind: "address", addresses: ["127.0.0.1"] },
      outbound: null,
      maxCalls: 500,
    },
  });
  for (const line of LINES) await makeLine(admin, clientId, line, skills.get(line.skill) ?? "");

  const everySkill = LINES.map(({ skill }) => ({ skillId: skills.get(skill) ?? "", level: 3 }));
  const agents: DemoAgent[] = [];
  for (let i = 0; i < options.agents; i++) {
    const displayName = AGENT_NAMES[i % AGENT_NAMES.length] ?? "Agent";
    // Everybody knows two of the four lines, so that queues share agents as they do in life.
    const own = [everySkill[i % 4], everySkill[(i + 1 + (i >> 2)) % 4]].filter((s) => s !== undefined);
    const user = await admin.call(api.users.create, {
      body: {
        username: `agent${i + 1}`,
        displayName:
          i < AGENT_NAMES.length ? displayName : `${displayName} ${Math.floor(i / AGENT_NAMES.length) + 1}`,
        email: null,
        language: "en",
        active: true,
        grants: [{ roleId: roles.agent, scope: { kind: "centre" } }],
        agent: {
          teamId: teams[i % 2]?.id ?? null,
          siteId: site.id,
          extension: String(201 + i),
          skills: own.filter((s, k) => own.findIndex((o) => o.skillId === s.skillId) === k),
        },
      },
    });
    const phone = await admin.call(api.phones.create, {
      body: {
        name: `Phone of ${displayName}`,
        username: `desk${201 + i}`,
        agentId: user.id,
        siteId: site.id,
      },
    });
    agents.push({
      agentId: user.id,
      displayName: user.displayName,
      phoneId: phone.id,
      user: phone.username,
      password: phone.password,
    });
  }
  const human = await admin.call(api.users.create, {
    body: {
      username: "agent",
      displayName: "You, the agent",
      email: null,
      language: "en",
      active: true,
      mustChangePassword: false,
      grants: [{ roleId: roles.agent, scope: { kind: "centre" } }],
      agent: {
        teamId: teams[0]?.id ?? null,
        siteId: site.id,
        extension: "200",
        skills: everySkill.map((s) => ({ ...s, level: 5 })),
      },
    },
  });
  const supervisor = await admin.call(api.users.create, {
    body: {
      username: "supervisor",
      displayName: "You, the supervisor",
      email: null,
      language: "en",
      active: true,
      mustChangePassword: false,
      grants: [{ roleId: roles.supervisor, scope: { kind: "centre" } }],
      agent: null,
    },
  });
  await makeKnownCustomers(admin, clientId);
  await setPassword(admin, human.id, "demo-agent");
  await setPassword(admin, supervisor.id, "demo-supervisor");
  return {
    numbers: LINES.map(({ number, language, share }) => ({ number, language, share })),
    agents,
    breakReasonId,
    dispositionIds: dispositions.items.map((d) => d.id),
    humanAgentId: human.id,
  };
}

/** Finds the centre that an earlier start of the demonstration built; its phones get new passwords, since only hashes are kept. */
export async function reopenDemoCentre(admin: HttpSession): Promise<DemoCentre> {
  const users = await everything((query) => admin.call(api.users.list, { query }));
  const phones = await everything((query) => admin.call(api.phones.list, { query }));
  const dispositions = await admin.call(api.dispositions.list, { query: {} });
  const agents: DemoAgent[] = [];
  for (const user of users.filter((u) => /^agent\d+$/.test(u.username))) {
    const phone = phones.find((p) => p.agentId === user.id);
    if (!phone) continue;
    const renewed = await admin.call(api.phones.renewPassword, { params: { id: phone.id }, body: {} });
    agents.push({
      agentId: user.id,
      displayName: user.displayName,
      phoneId: phone.id,
      user: phone.username,
      password: renewed.password,
    });
  }
  return {
    numbers: LINES.map(({ number, language, share }) => ({ number, language, share })),
    agents,
    breakReasonId: await reasonId(admin, "break"),
    dispositionIds: dispositions.items.map((d) => d.id),
    humanAgentId: users.find((u) => u.username === "agent")?.id ?? "",
  };
}

/** All pages of a list. */
async function everything<T>(
  list: (query: { cursor?: string }) => Promise<{ items: T[]; nextCursor: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: T[]; nextCursor: string | null } = await list(cursor === null ? {} : { cursor });
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

/** A password that a newcomer reads on the screen and need not change. */
async function setPassword(admin: HttpSession, id: string, password: string): Promise<void> {
  await admin.call(api.users.setPassword, { params: { id }, body: { password, mustChange: false } });
}

async function renameClient(admin: HttpSession): Promise<string> {
  const { items } = await admin.call(api.clients.list, { query: {} });
  const client = items[0];
  if (!client) throw new Error("a new centre has a client");
  const { id, revision, archived: _, ...draft } = client;
  const changed = await admin.call(api.clients.replace, {
    params: { id },
    ifMatch: revision,
    body: { ...draft, name: "Northlight Energy", timeZone: "Europe/Stockholm" },
  });
  return changed.id;
}

async function reasonId(admin: HttpSession, code: string): Promise<string> {
  const { items } = await admin.call(api.reasons.list, { query: {} });
  return items.find((r) => r.code === code)?.id ?? "";
}

async function presetRoles(admin: HttpSession): Promise<{ agent: string; supervisor: string }> {
  const { items } = await admin.call(api.roles.list, { query: {} });
  const of = (preset: string): string => items.find((r) => r.preset === preset)?.id ?? "";
  return { agent: of("agent"), supervisor: of("supervisor") };
}

async function makeLine(
  admin: HttpSession,
  clientId: string,
  line: (typeof LINES)[number],
  skillId: string,
): Promise<void> {
  const queue = await admin.call(api.queues.create, {
    body: {
      clientId,
      name: line.queue,
      medium: "voice",
      priority: 0,
      requiredSkills: [{ skillId, minLevel: 1 }],
      teamIds: [],
      agentIds: [],
      ringTimeoutMs: 18_000, // three ring cycles
      wrapUp: { mode: "timed", limitMs: WRAP_UP_MS },
      serviceLevel: { thresholdMs: 20_000, target: 0.8 },
      shortAbandonMs: 5_000,
      musicPromptId: null,
      announce: { position: true, estimatedWait: true, everyMs: 30_000 },
      maxWaiting: null,
      dispositionRequired: false,
    },
  });
  const entryPoint = await admin.call(api.entryPoints.create, {
    body: {
      clientId,
      name: `${line.queue} (${line.number})`,
      form: {
        language: line.language,
        greeting: "default",
        recordingNotice: true,
        queueId: queue.id,
        music: "default",
        announcePosition: true,
        announceEstimatedWait: true,
        announceEverySec: 30,
        closedThen: { kind: "hangup" },
      },
    },
  });
  await admin.call(api.numbers.create, {
    body: {
      clientId,
      number: line.number,
      label: line.queue,
      target: { kind: "entry_point", entryPointId: entryPoint.id },
    },
  });
}
