import type { Feature } from "@svara/contracts";
import type { AgentId, LegId } from "@svara/kernel";
import type { Announcer } from "./announcer.ts";
import type { CallingDesk } from "./calling-desk.ts";
import type { CentreModel } from "./centre-model.ts";
import type { LiveContacts } from "./live-contacts.ts";
import type { Monitoring } from "./monitoring.ts";
import type { Parking } from "./parking.ts";
import type { DialledFeature } from "./phone-features.ts";
import type { PickUps } from "./pick-ups.ts";

export interface AgentPhoneDeps {
  readonly announcer: Announcer;
  readonly contacts: LiveContacts;
  readonly parking: Parking;
  readonly pickUps: PickUps;
  readonly monitoring: Monitoring;
  readonly callingDesk: CallingDesk;
  readonly model: () => CentreModel;
  /** The agent whose extension or own number it is. */
  readonly colleagueAt: (number: string) => AgentId | undefined;
  readonly warn: (message: string, detail: object) => void;
}

/**
 * What an agent asks by dialling a code on their phone. Whoever fetches or listens has the phone's call connected; for the rest
 * the phone hears whether it was done. The rights are the agent's own.
 */
export class AgentPhone {
  readonly #deps: AgentPhoneDeps;

  constructor(deps: AgentPhoneDeps) {
    this.#deps = deps;
  }

  dialled(agentId: AgentId, legId: LegId, { feature, argument }: DialledFeature): void {
    const { announcer, warn } = this.#deps;
    try {
      this.#do(agentId, legId, feature, argument);
    } catch (error) {
      warn("a phone asked for what it cannot have", { agentId, feature, error: String(error) });
      announcer.deny(legId);
    }
  }

  #do(agentId: AgentId, legId: LegId, feature: Feature, argument: string): void {
    const { announcer, callingDesk, pickUps, model } = this.#deps;
    const rights = model().agents.get(agentId)?.rights;
    if (!rights) return announcer.deny(legId);
    const self = { agentId, rights };
    const done = (work: () => void): void => {
      work();
      announcer.confirm(legId);
    };
    const divert = (when: "always" | "busy" | "no_answer"): void =>
      done(() => callingDesk.divert(self, when, { kind: "number", number: argument }));
    switch (feature) {
      case "listen":
      case "whisper":
      case "barge":
        this.#monitor(self, legId, argument, feature);
        return;
      case "take_over":
        return this.#takeOver(self, legId, argument);
      case "pick_up": {
        const of = argument === "" ? undefined : this.#colleague(argument);
        pickUps.pickUp(self, of === undefined ? {} : { of }, legId);
        return;
      }
      case "park":
        return announcer.tell(legId, this.#park(agentId, legId));
      case "fetch_parked":
        pickUps.fetch(self, Number(argument), legId);
        return;
      case "do_not_disturb_on":
      case "do_not_disturb_off":
        return done(() => callingDesk.set(self, { doNotDisturb: feature === "do_not_disturb_on" }));
      case "divert_always":
        return divert("always");
      case "divert_busy":
        return divert("busy");
      case "divert_no_answer":
        return divert("no_answer");
      case "divert_off":
        return done(() => callingDesk.divertNothing(self));
    }
  }

  /** Parks the call that the agent has beside the one by which the phone asks. */
  #park(agentId: AgentId, legId: LegId): number {
    const { contacts, parking, model } = this.#deps;
    const contact = contacts
      .ofAgent(agentId)
      .find(
        (one) => !one.legIds.has(legId) && ["talking", "held"].includes(one.handlerOf(agentId)?.state ?? ""),
      );
    if (!contact) throw new Error("no call to park");
    return parking.park(contact, undefined, () => {
      contact.input({ type: "park", agentId, timeoutMs: model().calling.parkLimitMs });
    });
  }

  #monitor(
    self: Parameters<Monitoring["start"]>[0],
    legId: LegId,
    extension: string,
    mode: "listen" | "whisper" | "barge",
  ): string {
    const { monitoring } = this.#deps;
    const agentId = this.#colleague(extension);
    return monitoring.start(self, { contactId: this.#callOf(agentId), agentId, mode }, legId).id;
  }

  /** From one's own monitoring of this agent, or out of nothing. */
  #takeOver(self: Parameters<Monitoring["start"]>[0], legId: LegId, extension: string): void {
    const { monitoring, announcer } = this.#deps;
    const agentId = this.#colleague(extension);
    const running = monitoring
      .all()
      .find((monitor) => monitor.supervisorId === self.agentId && monitor.agentId === agentId);
    if (running) {
      monitoring.takeOver(self, running.id);
      return announcer.confirm(legId);
    }
    const id = this.#monitor(self, legId, extension, "listen");
    monitoring.takeOver(self, id);
  }

  #colleague(extension: string): AgentId {
    const agentId = this.#deps.colleagueAt(extension);
    if (agentId) return agentId;
    throw new Error("no such extension");
  }

  #callOf(agentId: AgentId): string {
    const contact = this.#deps.contacts
      .ofAgent(agentId)
      .find(
        (one) => one.handlerOf(agentId)?.legId !== undefined && one.handlerOf(agentId)?.state !== "ringing",
      );
    if (!contact) throw new Error("this colleague is in no call");
    return contact.id;
  }
}
