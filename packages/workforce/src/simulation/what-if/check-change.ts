import { SvaraError } from "@svara/kernel";
import type { FloorRecord } from "./floor-record.ts";
import type { WhatIfChange } from "./recorded-scenario.ts";
import type { RulesFile } from "./rules-file.ts";
import type { StaffFile } from "./staff-file.ts";

const NEW_QUEUE = ["clientId", "media", "requiredSkills", "priority", "ringTimeoutMs", "wrapUp"] as const;
const NEW_AGENT = ["skills", "slots"] as const;
const TOLD_IDS = 8; // enough to see a slip of the pen

/** What a change may name. */
type Known = Pick<FloorRecord, "queues" | "agents">;

/**
 * Refuses a change that names what the record does not know, since a misspelt id would change nothing without a word. A new
 * queue or agent is known by having all that one needs. Throws `workforce.rules_file` and `workforce.staff_file`.
 */
export function checkChange(record: Known, { rules, staff }: WhatIfChange): void {
  if (rules) checkNumbers(rules, "", refusal("rules"));
  if (staff) checkNumbers(staff, "", refusal("staff"));
  if (rules) checkRules(record, rules);
  if (staff) checkStaff(record, staff, new Set(rules?.agents?.map(({ id }) => id)));
}

/** JSON's 1e999 is no number that anything can be reckoned with. */
function checkNumbers(value: object, path: string, refuse: (field: string, message: string) => never): void {
  for (const [name, field] of Object.entries(value)) {
    if (typeof field === "number" && !Number.isFinite(field)) {
      refuse(`${path}${name}`, `must be a finite number, not ${field}`);
    }
    if (typeof field === "object" && field !== null) checkNumbers(field, `${path}${name}.`, refuse);
  }
}

function checkRules(record: Known, rules: RulesFile): void {
  const refuse = refusal("rules");
  checkIds(rules.queues, { path: "queues", known: record.queues, needed: NEW_QUEUE, refuse });
  checkIds(rules.agents, { path: "agents", known: record.agents, needed: NEW_AGENT, refuse });
  const queues = new Set<string>([...record.queues.keys(), ...(rules.queues ?? []).map(({ id }) => id)]);
  for (const [from, to] of Object.entries(rules.redirect ?? {})) {
    for (const id of [from, to]) {
      if (!queues.has(id)) refuse(`redirect.${from}`, `names queue ${id}, ${notKnown(queues)}`);
    }
  }
}

function checkStaff(record: Known, staff: StaffFile, added: ReadonlySet<string>): void {
  const refuse = refusal("staff");
  checkIds(staff.agents, { path: "agents", known: record.agents, needed: NEW_AGENT, refuse });
  const recorded = new Set<string>(record.agents.keys());
  const agents = new Set<string>([...recorded, ...added, ...(staff.agents ?? []).map(({ id }) => id)]);
  for (const [i, { agentId }] of (staff.shifts ?? []).entries()) {
    if (!agents.has(agentId)) refuse(`shifts.${i}.agentId`, `names agent ${agentId}, ${notKnown(agents)}`);
  }
  for (const [i, { like }] of (staff.more ?? []).entries()) {
    if (!recorded.has(like)) refuse(`more.${i}.like`, `names agent ${like}, ${notKnown(recorded)}`);
  }
  for (const [i, id] of (staff.without ?? []).entries()) {
    if (!recorded.has(id)) refuse(`without.${i}`, `names agent ${id}, ${notKnown(recorded)}`);
  }
}

function checkIds(
  patches: readonly { readonly id: string }[] | undefined,
  of: {
    readonly path: string;
    readonly known: ReadonlyMap<string, unknown>;
    readonly needed: readonly string[];
    readonly refuse: (field: string, message: string) => never;
  },
): void {
  for (const [i, patch] of (patches ?? []).entries()) {
    if (of.known.has(patch.id)) continue;
    const missing = of.needed.filter((name) => !Object.hasOwn(patch, name));
    if (missing.length === 0) continue;
    of.refuse(
      `${of.path}.${i}.id`,
      `is ${patch.id}, ${notKnown(of.known.keys())}; for a new one give ${missing.join(", ")} as well`,
    );
  }
}

function notKnown(ids: Iterable<string>): string {
  const all = [...ids];
  if (all.length === 0) return "and the record knows none";
  const more = all.length > TOLD_IDS ? `, ... (${all.length} in all)` : "";
  return `which is not among ${all.slice(0, TOLD_IDS).join(", ")}${more}`;
}

function refusal(file: "rules" | "staff"): (field: string, message: string) => never {
  return (field, message) => {
    throw new SvaraError(`${file} file: ${field} ${message}`, {
      code: `workforce.${file}_file`,
      httpStatus: 422,
      field,
    });
  };
}
