import * as sample from "./sample-data.ts";

const entity = { revision: 4, archived: false };

export const capacityProfiles = [
  {
    id: "018f0000-0000-7000-8000-000000000950",
    ...entity,
    name: "Blended",
    slots: { voice: 1, chat: 3, email: 5 },
    apart: [["voice", "chat"]],
    interrupts: { voice: ["email"] },
  },
];

export const routingRules = {
  id: "018f0000-0000-7000-8000-000000000960",
  revision: 4,
  workStrategy: "priority_then_oldest",
  missesAllowed: 1,
  restAfterMissMs: 0,
  connectionGraceMs: 30_000,
  assignmentLeaseMs: 180_000,
};

const [first] = sample.queues;
const finding = {
  subject: { kind: "queue", id: first?.id, name: first?.name },
  message: "told by its code",
};

export const findings = [
  {
    ...finding,
    severity: "warning",
    code: "step_changes_nothing",
    field: "routing.steps.0",
    params: { step: 1 },
  },
  { ...finding, severity: "error", code: "nobody_in_tiers", field: "routing.tiers", params: { tiers: "3" } },
];

/** What is asked of `/routing`; everything else there is about live contacts. */
export function routingAnswer(part: string): object {
  return part === "rules" ? routingRules : { findings };
}
