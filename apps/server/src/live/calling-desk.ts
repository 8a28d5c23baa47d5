import type { Calling, CallingChange, DiversionCase, DiversionTarget } from "@svara/contracts";
import { type AgentId, SvaraError } from "@svara/kernel";
import type { AgentCallings } from "./agent-callings.ts";
import type { CentreModel, Rights } from "./centre-model.ts";
import { type DirectWorld, leadsBack } from "./direct-calls.ts";
import type { LiveAgents } from "./live-agents.ts";

export interface CallingDeskDeps {
  readonly callings: AgentCallings;
  readonly agents: LiveAgents;
  readonly world: DirectWorld;
  readonly model: () => CentreModel;
  /** Whether a number outside could be called at all. */
  readonly mayPlace: (number: string, agentId: AgentId) => boolean;
}

interface Self {
  readonly agentId: AgentId;
  readonly rights: Rights;
}

/** The presence of somebody who does not want to be disturbed: no queue offers them anything. */
const UNDISTURBED = { state: "not_ready", reason: "do_not_disturb", paid: true, productive: false } as const;

/** What agents choose about their own calls, at the desk or by a code on the phone. Faults are thrown as SvaraErrors. */
export class CallingDesk {
  readonly #deps: CallingDeskDeps;

  constructor(deps: CallingDeskDeps) {
    this.#deps = deps;
  }

  set(self: Self, change: CallingChange): Calling {
    const { callings, agents } = this.#deps;
    const before = callings.of(self.agentId);
    const diversions = { ...before.diversions, ...change.diversions };
    for (const [when, target] of Object.entries(diversions) as [DiversionCase, DiversionTarget | null][])
      if (target && JSON.stringify(target) !== JSON.stringify(before.diversions[when]))
        this.#check(self, when, target);
    const doNotDisturb = change.doNotDisturb ?? before.doNotDisturb;
    const after = { doNotDisturb, diversions };
    callings.set(self.agentId, after);
    if (doNotDisturb !== before.doNotDisturb) this.#disturbance(self.agentId, doNotDisturb);
    agents.changed.emit(self.agentId);
    return after;
  }

  divert(self: Self, when: DiversionCase, target: DiversionTarget): void {
    this.set(self, { diversions: { [when]: target } });
  }

  divertNothing(self: Self): void {
    this.set(self, { diversions: { always: null, busy: null, no_answer: null, unreachable: null } });
  }

  /** Whoever chooses to be available may be disturbed. */
  available(agentId: AgentId): void {
    const { callings } = this.#deps;
    const calling = callings.of(agentId);
    if (calling.doNotDisturb) callings.set(agentId, { ...calling, doNotDisturb: false });
  }

  /** Nothing rings: the router hears it as a presence, which the end of it takes back unless another was chosen meanwhile. */
  #disturbance(agentId: AgentId, on: boolean): void {
    const { agents } = this.#deps;
    const presence = agents.presence(agentId);
    if (on && presence?.state === "available") agents.setPresence(agentId, UNDISTURBED, "agent");
    if (!on && presence?.state === "not_ready" && presence.reason === UNDISTURBED.reason)
      agents.setPresence(agentId, { state: "available" }, "agent");
  }

  #check(self: Self, when: DiversionCase, target: DiversionTarget): void {
    const { model, world, mayPlace } = this.#deps;
    const field = `diversions.${when}`;
    const refuse = (message: string, code: string, httpStatus: number): never => {
      throw new SvaraError(message, { code, httpStatus, field });
    };
    const meant = target.kind === "number" ? world.meaning(target.number) : target;
    switch (meant.kind) {
      case "agent":
        if (!model().agents.has(meant.agentId)) refuse("there is no such colleague", "not_found", 404);
        if (leadsBack(world, self.agentId, target))
          refuse("this would lead back to you", "diversion_loop", 409);
        return;
      case "queue": {
        const queue = model().queues.get(meant.queueId);
        const clients = self.rights.clientsOf("desk.use");
        if (!queue || (clients !== "all" && !clients.includes(queue.clientId)))
          refuse("there is no such queue", "not_found", 404);
        return;
      }
      case "number":
        if (!self.rights.has("desk.divert_outside"))
          refuse("diverting outside is not among your rights", "forbidden", 403);
        if (!mayPlace(meant.number, self.agentId))
          refuse("this number may not be called", "not_allowed", 409);
        return;
    }
  }
}
