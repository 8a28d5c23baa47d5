import { checkAgent } from "./checks/check-agent.ts";
import { checkBlend } from "./checks/check-blend.ts";
import { checkCriteria } from "./checks/check-criteria.ts";
import { checkFigures, checkRules } from "./checks/check-figures.ts";
import { checkOverflow } from "./checks/check-overflow.ts";
import { checkServing } from "./checks/check-serving.ts";
import { checkSteps } from "./checks/check-steps.ts";
import { type AddFinding, type FindingSubject, type RoutingFinding, severityOf } from "./checks/finding.ts";
import { overflowLoops } from "./checks/overflow-loops.ts";
import { PlanView, type RoutingPlan } from "./checks/plan.ts";

/**
 * What is wrong or odd in a configuration, before it takes effect: queues that nobody can serve and why, steps and overflow
 * rules that are never reached or lead nowhere, expressions, blending, agents, figures. Queues first, then agents, then the
 * rules of the centre, each in the order given. An empty list says nothing about the load, only that everything can happen.
 */
export function checkRouting(plan: RoutingPlan): RoutingFinding[] {
  const findings: RoutingFinding[] = [];
  const view = new PlanView(plan);
  const loops = new Map(overflowLoops(view.queues).map((loop) => [loop.queueIds[0], loop]));
  const reachable = view.someOf([]);
  for (const queue of plan.queues) {
    const add = adder(findings, { kind: "queue", id: queue.id });
    if (view.queues.get(queue.id) !== queue) add("duplicate_id", "id", { id: queue.id });
    checkServing(view, queue, add);
    checkSteps(view, queue, add);
    checkCriteria(view, queue, add);
    checkOverflow(view, queue, add);
    const loop = loops.get(queue.id);
    if (loop) add("overflow_loop", `overflow.${loop.rule}.to.queueId`, { queueIds: loop.queueIds });
    checkBlend(view, queue, add);
    checkFigures(view, queue, add);
    reachable.unite(view.reachable(queue));
  }
  const known = new Set<string>();
  for (const [place, agent] of plan.agents.entries()) {
    const add = adder(findings, { kind: "agent", id: agent.id });
    if (known.has(agent.id)) add("duplicate_id", "id", { id: agent.id });
    known.add(agent.id);
    checkAgent(view, agent, reachable.has(place), add);
  }
  checkRules(plan.rules ?? {}, adder(findings, { kind: "rules", id: "" }));
  return findings;
}

function adder(findings: RoutingFinding[], subject: FindingSubject): AddFinding {
  return (code, path, params) => {
    findings.push({ code, severity: severityOf(code), subject, path, params } as RoutingFinding);
  };
}
