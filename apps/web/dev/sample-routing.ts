import { clientId, contacts, floorAgents, MINUTE, queues, skills, started } from "./sample-data.ts";

/** Samples of what the router tells: why contacts wait, why an agent got one, how good the estimates were. */
const ago = (ms: number): number => started - ms;
const named = ({ id, name }: { readonly id: string; readonly name: string }) => ({ id, name });
const [support, billing] = queues.map(named);
const [anna, , maja, irina, erik] = floorAgents.map(named);

export const waiting = [3, 2, 1].map((n, index) => ({
  contactId: contacts[n]?.id,
  shortNumber: 1480 + n,
  enqueuedAt: ago(n * 17_000),
  priority: 0,
  state: "waiting",
  position: index === 2 ? null : index + 1,
  expectedMs: index === 2 ? null : 24_000 + index * 31_000,
  stepsTaken: 2 - index,
  callback: index === 2,
}));

export const waitExplained = {
  contactId: contacts[3]?.id,
  shortNumber: 1483,
  queue: support,
  state: "waiting",
  enteredAt: ago(51_000),
  queuedAt: ago(51_000),
  priority: 2,
  estimate: { position: 1, lowMs: 9_000, expectedMs: 24_000, highMs: 58_000, basis: "queue_length" },
  requirement: {
    skills: [{ skill: skills[0], minLevel: 4 }],
    groups: null,
    sites: null,
    tiers: [1, 2],
  },
  preferredSkills: [skills[5]],
  criteria: ["gold"],
  stepsTaken: 1,
  steps: 2,
  ringsAt: null,
  waitsFor: null,
  heldBackBy: [],
  next: [
    { at: started + 39_000, what: "step", params: { step: 2 } },
    {
      at: started + 69_000,
      what: "overflow_question",
      params: { rule: "late", to: "queue", queue: "Billing" },
    },
    { at: started + 90_000, what: "priority_ages", params: { by: 1 } },
  ],
  agents: [
    { reason: "busy", params: { state: "talking" }, agents: 4 },
    { reason: "not_ready", params: { reason: "rona" }, agents: 1 },
    { reason: "logged_out", params: {}, agents: 2 },
    { reason: "lacks_skill", params: { skill: "Swedish", minLevel: 4 }, agents: 5 },
  ],
};

export const whyNot = {
  contactId: contacts[3]?.id,
  agent: maja,
  reasons: [
    { reason: "lacks_skill", params: { skill: "Swedish", minLevel: 4, has: 3 } },
    { reason: "busy", params: { state: "talking" } },
  ],
};

const entered = ago(4 * MINUTE) + 14_000;
export const queueStays = [
  {
    queue: support,
    initiation: "new",
    enteredAt: entered,
    leftAt: entered + 27_000,
    outcome: "answered",
    waitMs: 27_000,
    predicted: { position: 2, lowMs: 8_000, expectedMs: 22_000, highMs: 48_000, basis: "queue_length" },
    steps: [{ at: entered + 15_000, step: 1 }],
    overflows: [],
    offers: [
      {
        offerId: "018f0000-0000-7000-8000-000000001001",
        agent: anna,
        madeAt: entered + 21_000,
        ringMs: 6_000,
        outcome: "accepted",
        choice: "agent_for_item",
        strategy: "balanced",
        rankedBy: ["lack_less_idle_ms", "idle_since"],
        candidates: [
          { agent: anna, contactId: null, rank: [-41_000, entered - 190_000] },
          { agent: irina, contactId: null, rank: [12_000, entered - 260_000] },
          { agent: erik, contactId: null, rank: [64_000, entered - 30_000] },
        ],
        considered: 5,
        step: 1,
        rules: 41,
        engineVersion: "2",
        trade: { quality: anna, efficiency: irina },
      },
    ],
  },
];

export const waitEstimates = [0, 1, 2].flatMap((day) =>
  [support, billing].map((queue, n) => ({
    queueId: queue?.id,
    queueName: queue?.name,
    date: `2026-11-${22 - day}`,
    predicted: 164 - day * 21 - n * 90,
    unpredicted: n * 3 + day,
    meanErrorMs: [4_200, -11_000, 23_000][(day + n) % 3],
    meanAbsoluteErrorMs: [9_000, 17_000, 31_000][(day + n) % 3],
    insideBand: [0.82, 0.67, 0.44][(day + n) % 3],
  })),
);

export const customers = ["Karin Holm", "Petro Bondarenko", null, "Astrid Wall"].map((name, n) => ({
  id: `018f0000-0000-7000-8000-${String(800 + n).padStart(12, "0")}`,
  clientId,
  shortNumber: 90 + n,
  name,
  company: n === 1 ? "Bondarenko & Sons" : null,
  language: n === 1 ? "uk" : "sv",
  type: n === 1 ? "business" : n === 2 ? null : "consumer",
  segment: n === 2 ? null : "household",
  value: n === 0 ? "gold" : null,
  notes: "",
  identifiers: [{ kind: "phone", value: `+4670${String(1234500 + n * 311)}` }],
  createdAt: ago(9e8),
  updatedAt: ago(9e6),
  lastContactAt: ago((n + 1) * 40 * MINUTE),
  contactCount: 12 - n * 3,
}));
