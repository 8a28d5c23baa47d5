import type { Calling, DiversionCase, DiversionTarget } from "@svara/contracts";
import type { AgentId, QueueId } from "@svara/kernel";

/** How an agent can be reached by a direct call now. */
export type Reach = "free" | "busy" | "unreachable";

/** What direct calls ask of the house. */
export interface DirectWorld {
  calling(agentId: AgentId): Calling;
  reach(agentId: AgentId): Reach;
  /** Whether their rights let this agent's calls go to the number now. */
  mayDivertOutside(agentId: AgentId, number: string): boolean;
  /** What dialled digits mean: a colleague, a queue by its entry point, or a number outside. */
  meaning(number: string): DirectTarget;
}

export type DirectTarget =
  | { readonly kind: "agent"; readonly agentId: AgentId }
  | { readonly kind: "queue"; readonly queueId: QueueId }
  | { readonly kind: "number"; readonly number: string };

/** Who sent a call on, and why. */
export interface Hop {
  readonly agentId: AgentId;
  readonly when: DiversionCase;
}

/** Where a direct call goes. `via`: who sent it on, the first called first. */
export type DirectGoal =
  | { readonly kind: "ring"; readonly agentId: AgentId; readonly via: readonly Hop[] }
  | { readonly kind: "away"; readonly to: DirectTarget; readonly via: readonly Hop[] }
  | { readonly kind: "refused"; readonly why: "busy" | "unreachable" | "loop"; readonly via: readonly Hop[] };

/** RFC 5806's words. */
export const DIVERSION_REASON: Readonly<Record<DiversionCase, string>> = {
  always: "unconditional",
  busy: "user-busy",
  no_answer: "no-answer",
  unreachable: "unavailable",
};

/** Whom a call to this agent rings, or where their diversions send it. A ring of diversions leads nowhere: refused. */
export function directGoal(world: DirectWorld, called: AgentId, via: readonly Hop[] = []): DirectGoal {
  const { doNotDisturb, diversions } = world.calling(called);
  if (diversions.always) return sentOn(world, called, "always", diversions.always, via);
  const reach = doNotDisturb ? "busy" : world.reach(called);
  if (reach === "free") return { kind: "ring", agentId: called, via };
  const target = diversions[reach];
  if (target) return sentOn(world, called, reach, target, via);
  return { kind: "refused", why: reach, via };
}

/** Where a transfer to this colleague goes, by their diversions; undefined: they take none now. */
export function colleagueGoal(world: DirectWorld, agentId: AgentId): DirectTarget | undefined {
  const goal = directGoal(world, agentId);
  switch (goal.kind) {
    case "ring":
      return { kind: "agent", agentId: goal.agentId };
    case "away":
      return goal.to;
    case "refused":
      return undefined;
  }
}

/** Where a call goes that rang at this agent and was not answered; undefined: nobody said. */
export function goalAfter(
  world: DirectWorld,
  rung: AgentId,
  cause: "no_answer" | "busy" | "unreachable",
  via: readonly Hop[],
): DirectGoal | undefined {
  const target = world.calling(rung).diversions[cause];
  return target ? sentOn(world, rung, cause, target, via) : undefined;
}

function sentOn(
  world: DirectWorld,
  by: AgentId,
  when: DiversionCase,
  wish: DiversionTarget,
  before: readonly Hop[],
): DirectGoal {
  const via = [...before, { agentId: by, when }];
  const target = meant(world, wish);
  switch (target.kind) {
    case "agent":
      if (via.some((hop) => hop.agentId === target.agentId)) return { kind: "refused", why: "loop", via };
      return directGoal(world, target.agentId, via);
    case "queue":
      return { kind: "away", to: target, via };
    case "number":
      // rights may have been taken away since
      if (!world.mayDivertOutside(by, target.number)) return { kind: "refused", why: "busy", via };
      return { kind: "away", to: target, via };
  }
}

function meant(world: DirectWorld, target: DiversionTarget): DirectTarget {
  switch (target.kind) {
    case "agent":
      return { kind: "agent", agentId: target.agentId as AgentId };
    case "queue":
      return { kind: "queue", queueId: target.queueId as QueueId };
    case "number":
      return world.meaning(target.number);
  }
}

/** Whether a diversion of this agent would lead back to them, as everybody else has chosen now: always comes before all. */
export function leadsBack(world: DirectWorld, agentId: AgentId, wish: DiversionTarget): boolean {
  const seen = new Set<AgentId>();
  for (let target = meant(world, wish); target.kind === "agent"; ) {
    if (target.agentId === agentId) return true;
    if (seen.has(target.agentId)) return false; // a ring of others
    seen.add(target.agentId);
    const { always } = world.calling(target.agentId).diversions;
    if (!always) return false;
    target = meant(world, always);
  }
  return false;
}
