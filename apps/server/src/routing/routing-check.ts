import { type QueueDraft, ROUTING_FACT_TYPES, type RoutingFinding } from "@svara/contracts";
import { checkRouting, type RoutingFinding as RouterFinding } from "@svara/routing";
import { agentsOf, routerRulesOf, storedQueueConfig } from "../centre/centre-model-of.ts";
import { routingRulesKind } from "../clients/routing-rules-kind.ts";
import { userKind } from "../identity/user-kind.ts";
import { agentConfig } from "../live/router-config.ts";
import type { Catalogue } from "../office/catalogue.ts";
import { siteKind, skillKind, teamKind } from "../organisation/organisation-kinds.ts";
import { queueKind } from "../queues/queue-kind.ts";
import { findingText } from "./finding-text.ts";

/** A queue as it would be, beside all others as they are. */
export interface QueueChange {
  readonly id: string;
  readonly queue: QueueDraft;
}

interface Held {
  readonly version: number;
  readonly findings: readonly RoutingFinding[];
}

/** The check of a configuration that has not changed since is not made again. */
const held = new WeakMap<Catalogue, Held>();

/** What is wrong or doubtful in the routing of the whole centre. */
export function routingFindings(catalogue: Catalogue): readonly RoutingFinding[] {
  const known = held.get(catalogue);
  if (known?.version === catalogue.version) return known.findings;
  const findings = findingsWith(catalogue, undefined);
  held.set(catalogue, { version: catalogue.version, findings });
  return findings;
}

/** What of it concerns one queue; with `change` as it would be then. A loop of overflows concerns every queue in it. */
export function queueFindings(catalogue: Catalogue, id: string, change?: QueueChange): RoutingFinding[] {
  const findings = change ? findingsWith(catalogue, change) : routingFindings(catalogue);
  const name = change?.queue.name ?? catalogue.get(queueKind, id)?.value.name;
  return findings.filter(
    ({ subject, code, params }) =>
      (subject.kind === "queue" && subject.id === id) ||
      (code === "overflow_loop" && name !== undefined && String(params.queues).split(", ").includes(name)),
  );
}

function findingsWith(catalogue: Catalogue, change: QueueChange | undefined): RoutingFinding[] {
  const others = catalogue.inUse(queueKind).filter(({ id }) => id !== change?.id);
  const queues = [...others, ...(change ? [{ id: change.id, value: change.queue }] : [])];
  const found = checkRouting({
    queues: queues.map((queue) => storedQueueConfig(queue, catalogue)),
    agents: [...agentsOf(catalogue, queues).values()].map(agentConfig),
    rules: routerRulesOf(catalogue),
    facts: ROUTING_FACT_TYPES,
  });
  const nameOfQueue = (id: string) => queues.find((queue) => queue.id === id)?.value.name;
  return found.map((finding) => toldOf(finding, catalogue, nameOfQueue));
}

function toldOf(
  { code, severity, subject, path, params }: RouterFinding,
  catalogue: Catalogue,
  nameOfQueue: (id: string) => string | undefined,
): RoutingFinding {
  const named = namedParams(params as Readonly<Record<string, unknown>>, catalogue, nameOfQueue);
  const id = subject.kind === "rules" ? (catalogue.inUse(routingRulesKind)[0]?.id ?? "") : subject.id;
  const name =
    subject.kind === "queue"
      ? nameOfQueue(id)
      : subject.kind === "agent"
        ? catalogue.get(userKind, id)?.value.displayName
        : undefined;
  return {
    severity,
    code,
    subject: { kind: subject.kind, id, name: name ?? null },
    field: path === "" ? null : fieldOf(subject.kind, path),
    params: named,
    message: findingText(code, named),
  };
}

const NAMED: Readonly<Record<string, string>> = {
  skillId: "skill",
  queueId: "queue",
  queueIds: "queues",
  groups: "teams",
  sites: "sites",
};

/** With names where the router says ids. */
function namedParams(
  params: Readonly<Record<string, unknown>>,
  catalogue: Catalogue,
  nameOfQueue: (id: string) => string | undefined,
): Record<string, string | number> {
  const nameOf = (key: string, id: string): string => {
    switch (key) {
      case "skillId":
        return catalogue.get(skillKind, id)?.value.name ?? id;
      case "queueId":
      case "queueIds":
        return nameOfQueue(id) ?? id;
      case "groups":
        return catalogue.get(teamKind, id)?.value.name ?? id;
      case "sites":
        return catalogue.get(siteKind, id)?.value.name ?? id;
      default:
        return id;
    }
  };
  return Object.fromEntries(
    Object.entries(params).flatMap(([key, value]): [string, string | number][] => {
      if (value === null || value === undefined) return [];
      const told = NAMED[key] ?? key;
      if (Array.isArray(value)) return [[told, value.map((id) => nameOf(key, String(id))).join(", ")]];
      return [[told, typeof value === "number" ? value : nameOf(key, String(value))]];
    }),
  );
}

/** Fields of a queue that stand outside `routing` in its body. */
const OUTSIDE: ReadonlySet<string> = new Set(["requiredSkills", "priority", "ringTimeoutMs", "wrapUp"]);

const RENAMED: Readonly<Record<string, string>> = {
  media: "medium",
  preferredSkills: "preferredSkillIds",
  groups: "groupIds",
  sites: "siteIds",
  hours: "hoursId",
  targetMs: "serviceLevel.thresholdMs",
  minProficiency: "minLevel",
};

/** The router's path in the words of the API. */
function fieldOf(kind: RouterFinding["subject"]["kind"], path: string): string {
  const words = path.split(".");
  const told = words.map((word) => RENAMED[word] ?? word).join(".");
  if (kind === "rules") return told;
  if (kind === "agent")
    return `agent.${words[0] === "slots" || words[0] === "capacity" ? "capacityProfileId" : told}`;
  const [first = ""] = words;
  return OUTSIDE.has(first) || first === "media" || first === "targetMs" ? told : `routing.${told}`;
}
