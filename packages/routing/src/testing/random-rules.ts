import type { OpeningHours } from "@svara/calendar";
import type {
  AgentConfig,
  AgentStrategyName,
  CriteriaStep,
  Facts,
  Medium,
  OverflowRule,
  OverflowTarget,
  Presence,
  QueueConfig,
  RouterRules,
  RoutingCriterion,
  SkillNeed,
  Tier,
  WorkStrategyName,
  WrapUpRule,
} from "../model.ts";
import type { FloorKind } from "./random-floor.ts";

/** A choice among `n` things: an integer in [0, n). */
export type Pick = (n: number) => number;

export function oneOf<T>(pick: Pick, values: readonly T[]): T {
  return values[pick(values.length)] as T;
}

const SKILLS = ["en", "sv", "uk", "tax"];
const AGENT_STRATEGIES: readonly AgentStrategyName[] = [
  "longest_idle",
  "least_occupied",
  "highest_proficiency",
  "round_robin",
  "balanced",
  "none",
];
const WORK_STRATEGIES: readonly WorkStrategyName[] = [
  "priority_then_oldest",
  "gcmu",
  "fqr",
  "service_level_race",
  "none",
];
const EXPRESSIONS = [
  'customer.type == "gold"',
  'customer.value >= 2 && customer.type != "silver"',
  "contacts.last30 > 1",
  'item.language in ["en", "sv"]',
  "has(customer.value)",
  "customer.value + contacts.last30 > 3 || item.urgent",
  "this does not parse (",
  "customer.type",
];
const OFFICE_HOURS: OpeningHours = {
  timeZone: "Europe/Stockholm",
  weekly: { mon: [{ from: "08:00", to: "09:30" }], tue: [{ from: "08:00", to: "17:00" }] },
};

/** Whole seconds on round floors, else a few milliseconds more, other ones for each purpose: nothing is due by chance at once. */
const seconds = (kind: FloorKind, n: number, more: number): number => 1000 * n + (kind.round ? 0 : more);

export function randomQueue(pick: Pick, kind: FloorKind, id: string): QueueConfig {
  const rich = (atLeast: number, oneIn: number): boolean => kind.richness >= atLeast && pick(oneIn) === 0;
  const number = Number(id.slice(1)) || 0;
  const outbound = rich(2, 4);
  return {
    id,
    clientId: "client",
    media: pick(3) ? kind.media : [oneOf(pick, kind.media)],
    requiredSkills: pick(2) ? [] : randomNeeds(pick),
    priority: pick(3),
    ringTimeoutMs: pick(30) ? seconds(kind, 3 + pick(20), number) : 0,
    wrapUp: randomWrapUp(pick),
    ...(outbound ? { work: oneOf(pick, ["outbound", "back_office"] as const) } : {}),
    ...(pick(3) ? { agentStrategy: oneOf(pick, AGENT_STRATEGIES) } : {}),
    ...(pick(3) === 0 ? { qualityWeight: oneOf(pick, [0, 0.25, 0.5, 0.8, 1]) } : {}),
    ...(rich(1, 3) ? { preferredSkills: [oneOf(pick, SKILLS)] } : {}),
    ...(rich(3, 4) ? { groups: oneOf(pick, [[], ["g1"], ["g2"], ["g1", "g2"]]) } : {}),
    ...(rich(3, 4) ? { sites: [oneOf(pick, ["s1", "s2"])] } : {}),
    ...(rich(2, 4) ? { tiers: randomTiers(pick) } : {}),
    ...(rich(1, 2) ? { steps: some(pick, 3, () => randomStep(pick, kind)) } : {}),
    ...(rich(1, 2) ? { criteria: some(pick, 3, (i) => randomCriterion(pick, i)) } : {}),
    ...(rich(1, 3)
      ? { ageing: { everyMs: seconds(kind, 2 + pick(30), 41), by: 1 + pick(2), most: 1 + pick(5) } }
      : {}),
    ...(rich(1, 3) ? { preferredWaitMs: seconds(kind, pick(40), 37) } : {}),
    ...(rich(2, 2) ? { overflow: some(pick, 3, (i) => randomOverflow(pick, kind, `o${i}`)) } : {}),
    ...(rich(2, 3) ? { hours: OFFICE_HOURS } : {}),
    ...(rich(1, 2)
      ? {
          callback: {
            maxAttempts: 1 + pick(3),
            retryMs: seconds(kind, pick(60), 43),
            attemptLeaseMs: seconds(kind, 5 + pick(40), 47),
          },
        }
      : {}),
    ...(outbound && pick(2) ? { blend: randomBlend(pick) } : {}),
    ...(rich(1, 2) ? { crossSell: randomCrossSell(pick) } : {}),
    ...(pick(2)
      ? { cost: { weight: 1 + pick(5), grows: oneOf(pick, ["constant", "with_wait", "with_length"]) } }
      : {}),
    ...(pick(2) ? { share: oneOf(pick, [0, 0.1, 0.2, 0.3, 1, 2, 3]) } : {}),
    ...(pick(2) ? { targetMs: 1000 * (1 + pick(40)) } : {}),
    ...(pick(2) ? { expectedHandleMs: 1000 * (1 + pick(200)) } : {}),
  };
}

function some<T>(pick: Pick, most: number, make: (i: number) => T): T[] {
  return Array.from({ length: 1 + pick(most) }, (_, i) => make(i));
}

function randomStep(pick: Pick, kind: FloorKind): CriteriaStep {
  return {
    afterMs: pick(5) === 0 ? 0 : seconds(kind, pick(60), 11),
    ...(pick(2) ? { skills: randomNeeds(pick) } : {}),
    ...(pick(4) ? {} : { groups: oneOf(pick, [null, null, ["g1"], []]) }),
    ...(pick(4) ? {} : { sites: pick(2) ? null : ["s2"] }),
    ...(pick(3) ? {} : { tiers: pick(2) ? null : randomTiers(pick) }),
    ...(pick(3) ? {} : { raise: 1 + pick(3) }),
  };
}

function randomCriterion(pick: Pick, i: number): RoutingCriterion {
  return {
    id: `c${i}`,
    when: oneOf(pick, EXPRESSIONS),
    ...(pick(2) ? { raise: 1 + pick(3) } : {}),
    ...(pick(3) ? {} : { requiredSkills: randomNeeds(pick) }),
    ...(pick(3) ? {} : { preferredSkills: [oneOf(pick, SKILLS)] }),
    ...(pick(4) ? {} : { tiers: randomTiers(pick) }),
  };
}

function randomOverflow(pick: Pick, kind: FloorKind, id: string): OverflowRule {
  return {
    id,
    afterMs: pick(4) === 0 ? 0 : seconds(kind, pick(90), 23),
    ...(pick(2) ? { everyMs: seconds(kind, 5 + pick(60), 29) } : {}),
    ...(pick(4) ? {} : { expectedWaitOverMs: 1000 * pick(100) }),
    ...(pick(4) ? {} : { lengthOver: pick(4) }),
    ...(pick(4) ? {} : { perAgentOver: oneOf(pick, [0.5, 1, 2]) }),
    ...(pick(5) ? {} : { noAgents: true as const }),
    ...(pick(4) ? {} : { closed: true as const }),
    ...(pick(4) ? {} : { when: oneOf(pick, EXPRESSIONS) }),
    to: randomTarget(pick),
  };
}

function randomTarget(pick: Pick): OverflowTarget {
  const roll = pick(10);
  if (roll < 5) {
    return { kind: "queue", queueId: `q${pick(5)}`, ...(pick(2) ? {} : { priority: pick(4) }) };
  }
  if (roll < 6) return { kind: "sites", siteIds: [oneOf(pick, ["s1", "s2"])] };
  if (roll < 7) return { kind: "voicemail" };
  if (roll < 8) return { kind: "message", promptId: null, leaves: pick(2) === 0 };
  return { kind: pick(2) ? "callback" : "hang_up" };
}

function randomBlend(pick: Pick) {
  return {
    ...(pick(2) ? {} : { protects: [`q${pick(4)}`] }),
    ...(pick(2) ? { reserve: pick(3) } : {}),
    ...(pick(2) ? {} : { waitingAtMost: pick(3) }),
    ...(pick(2) ? {} : { oldestAtMostMs: 1000 * pick(30) }),
    ...(pick(2) ? {} : { serviceLevelAtLeast: pick(11) / 10 }),
  };
}

function randomCrossSell(pick: Pick) {
  return {
    ...(pick(2) ? { inSystemAtMost: 1 + pick(5) } : {}),
    ...(pick(2) ? {} : { waitingAtMost: pick(3) }),
    ...(pick(3) ? {} : { openAgentsAtLeast: pick(3) }),
    ...(pick(3) ? {} : { when: oneOf(pick, EXPRESSIONS) }),
  };
}

export function randomWrapUp(pick: Pick): WrapUpRule {
  const limitMs = 1000 * pick(30);
  switch (pick(6)) {
    case 0:
      return { mode: "off" };
    case 1:
      return { mode: "manual" };
    case 2:
      return { mode: "manual", limitMs };
    case 3:
      return { mode: "timed_forced", limitMs };
    case 4:
      return pick(2) ? { mode: "requested" } : { mode: "requested", limitMs };
    default:
      return { mode: "timed", limitMs };
  }
}

const CAPACITIES: readonly NonNullable<AgentConfig["capacity"]>[] = [
  { apart: [["voice", "chat"]] },
  {
    apart: [
      ["voice", "video"],
      ["voice", "chat", "message"],
    ],
    interrupts: { voice: ["email", "task"] },
  },
  { interrupts: { voice: ["email", "letter", "fax", "task"], chat: ["email"], video: ["email", "chat"] } },
  { apart: [["voice", "email"]], interrupts: { voice: ["email"] } },
  { interrupts: { voice: ["video", "email", "chat"], video: ["voice"], chat: ["email", "message"] } },
  { interrupts: { voice: ["voice", "email", "chat"], chat: ["voice", "email"] } },
];

export function randomAgent(pick: Pick, kind: FloorKind, id: string): AgentConfig {
  const skills = Object.fromEntries(SKILLS.filter(() => pick(6) > 0).map((skill) => [skill, 1 + pick(5)]));
  const slots: Partial<Record<Medium, number>> = {};
  for (const medium of kind.media) {
    const n = medium === "voice" || medium === "video" ? Number(pick(6) > 0) : pick(4);
    if (n > 0 || pick(2)) slots[medium] = n;
  }
  const rich = (oneIn: number): boolean => kind.richness > 0 && pick(oneIn) === 0;
  return {
    id,
    skills,
    slots,
    ...(pick(5) ? {} : { queueIds: ["q0", "q1", "q2", "q3"].filter(() => pick(3) > 0) }),
    ...(pick(3) ? {} : { pickQueueIds: ["q0", "q1", "q2", "q3"].filter(() => pick(3) > 0) }),
    ...(rich(2) ? { groups: oneOf(pick, [["g1"], ["g2"], ["g1", "g2"]]) } : {}),
    ...(rich(2) ? { siteId: oneOf(pick, ["s1", "s2"]) } : {}),
    ...(rich(2) ? { tiers: randomTiers(pick) } : {}),
    ...(kind.richness > 0 && pick(4) ? { capacity: oneOf(pick, CAPACITIES) } : {}),
  };
}

export function randomTiers(pick: Pick): readonly Tier[] {
  return oneOf<readonly Tier[]>(pick, [[1], [2], [1, 2], [2, 3], [1, 2, 3], [1, 2, 3, 4], [1, 4]]);
}

export function randomRules(pick: Pick): Partial<RouterRules> {
  return {
    ...(pick(2) ? { workStrategy: oneOf(pick, WORK_STRATEGIES) } : {}),
    ...(pick(2) ? { missesAllowed: 1 + pick(3) } : {}),
    ...(pick(3) ? {} : { restAfterMissMs: 1000 * pick(12) }),
    ...(pick(3) ? {} : { connectionGraceMs: 1000 * pick(60) }),
    ...(pick(3) ? {} : { assignmentLeaseMs: 1000 * (1 + pick(120)) }),
  };
}

export function randomPresence(pick: Pick): Presence {
  if (pick(4)) return { state: "available" };
  const reason = oneOf(pick, ["break", "lunch", "meeting"]);
  return { state: "not_ready", reason, paid: reason !== "lunch", productive: reason === "meeting" };
}

export function randomNeeds(pick: Pick): SkillNeed[] {
  return SKILLS.filter(() => pick(6) === 0).map((skillId) => ({ skillId, minProficiency: 1 + pick(3) }));
}

export function randomFacts(pick: Pick): Facts {
  return {
    ...(pick(2) ? { "customer.type": oneOf(pick, ["gold", "silver"]) } : {}),
    ...(pick(2) ? { "customer.value": pick(4) } : {}),
    ...(pick(2) ? { "contacts.last30": pick(4) } : {}),
    ...(pick(3) ? {} : { "item.language": oneOf(pick, ["en", "sv", "uk"]) }),
    ...(pick(3) ? {} : { "item.urgent": pick(2) === 0 }),
  };
}
