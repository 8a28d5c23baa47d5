import type { WaitExplained, WhyNot } from "@svara/contracts";
import type { AgentId, ContactId, SkillId } from "@svara/kernel";
import type { AgentReason, WaitExplanation } from "@svara/routing";
import { userKind } from "../identity/user-kind.ts";
import type { Catalogue } from "../office/catalogue.ts";
import type { OfficeKind } from "../office/office-kind.ts";
import { siteKind, skillKind, teamKind } from "../organisation/organisation-kinds.ts";
import { queueKind } from "../queues/queue-kind.ts";

type Params = Record<string, string | number>;

/** The router's reasons with the names that people know. */
export class WaitWords {
  readonly #catalogue: Catalogue;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  explained(contactId: ContactId, shortNumber: number, told: WaitExplanation): WaitExplained {
    const { requirement, waitsFor, offer, dormant } = told;
    return {
      contactId,
      shortNumber,
      queue: this.#named(queueKind, told.queueId),
      state: offer !== null ? "ringing" : dormant !== null ? "dormant" : "waiting",
      enteredAt: told.enteredAt,
      queuedAt: told.queuedAt,
      priority: told.priority,
      estimate: told.estimate && {
        ...told.estimate,
        lowMs: Math.round(told.estimate.lowMs),
        expectedMs: Math.round(told.estimate.expectedMs),
        highMs: Math.round(told.estimate.highMs),
      },
      requirement: {
        skills: requirement.skills.map(({ skillId, minProficiency }) => ({
          skill: this.#named(skillKind, skillId),
          minLevel: minProficiency,
        })),
        groups: requirement.groups?.map((id) => this.#named(teamKind, id)) ?? null,
        sites: requirement.sites?.map((id) => this.#named(siteKind, id)) ?? null,
        tiers: requirement.tiers ? [...requirement.tiers] : null,
      },
      preferredSkills: told.preferredSkills.map((id: SkillId) => this.#named(skillKind, id)),
      criteria: [...told.criteria],
      stepsTaken: told.step,
      steps: told.steps,
      ringsAt: offer && this.#named(userKind, offer.agentId),
      waitsFor: waitsFor && { agent: this.#named(userKind, waitsFor.agentId), until: waitsFor.until },
      heldBackBy: told.heldBackBy.map(({ threshold }) => threshold),
      next: told.next.map(({ at, kind, ...rest }) => ({
        at,
        what: kind,
        params: this.#eventParams(rest as Partial<WaitExplanation["next"][number]>),
      })),
      agents: told.agents.map(({ reason, agents }) => ({
        reason: reason?.code ?? null,
        params: reason ? this.#reasonParams(reason) : {},
        agents,
      })),
    };
  }

  whyNot(contactId: ContactId, agentId: AgentId, reasons: readonly AgentReason[]): WhyNot {
    return {
      contactId,
      agent: this.#named(userKind, agentId),
      reasons: reasons.map((reason) => ({ reason: reason.code, params: this.#reasonParams(reason) })),
    };
  }

  #eventParams(event: object): Params {
    const params: Params = {};
    for (const [key, value] of Object.entries(event)) {
      if (key === "to") {
        const { kind, queueId } = value as { kind: string; queueId?: string };
        params.to = kind;
        if (queueId !== undefined) params.queue = this.#named(queueKind, queueId).name;
      } else if (typeof value === "string" || typeof value === "number") params[key] = value;
    }
    return params;
  }

  #reasonParams(reason: AgentReason): Params {
    switch (reason.code) {
      case "for_another_only":
      case "waits_for_another":
      case "rings_elsewhere":
        return { agent: this.#named(userKind, reason.agentId).name };
      case "other_queues":
        return { queue: this.#named(queueKind, reason.queueId).name };
      case "other_groups":
        return { teams: this.#names(teamKind, reason.groups) };
      case "other_site":
        return { sites: this.#names(siteKind, reason.sites) };
      case "other_tier":
        return { tiers: reason.tiers.join(", ") };
      case "lacks_skill": {
        const { skillId, minProficiency, has } = reason;
        const skill = this.#named(skillKind, skillId).name;
        return { skill, minLevel: minProficiency, ...(has !== undefined && { has }) };
      }
      case "not_ready":
        return { reason: reason.reason }; // its id, or a word of the system: the screen has the words
      case "resting":
        return reason.until === undefined ? {} : { until: reason.until };
      case "dormant":
        return { until: reason.until };
      case "no_slot":
      case "unreachable":
        return { medium: reason.medium };
      case "busy":
      case "no_room":
        return { state: reason.state };
      case "logged_out":
      case "leaving":
      case "disconnected":
      case "offered":
      case "ringing":
      case "held_back":
        return {};
    }
  }

  #names<Value>(kind: OfficeKind<Value, Record<never, never>>, ids: readonly string[]): string {
    return ids.map((id) => this.#named(kind, id).name).join(", ");
  }

  #named<Value>(kind: OfficeKind<Value, Record<never, never>>, id: string): { id: string; name: string } {
    const value = this.#catalogue.get(kind, id)?.value;
    return { id, name: (value !== undefined && kind.nameOf(value)) || "" };
  }
}
