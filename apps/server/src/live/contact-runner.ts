import type { Effect } from "@svara/conversation";
import type { FlowEffect } from "@svara/flows";
import type { AgentId, Clock, EntryPointId } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import type { ContactRows } from "./contact-rows.ts";
import type { ContactPort, LiveContact } from "./live-contact.ts";
import type { LiveContacts } from "./live-contacts.ts";
import type { Parking } from "./parking.ts";
import type { TransferSettled } from "./phone-transfers.ts";
import type { RouterWork } from "./router-work.ts";
import type { Sounds } from "./sounds.ts";
import type { SwitchWork } from "./switch-work.ts";
import type { WorkLoop } from "./work-loop.ts";

export interface ContactRunnerDeps {
  readonly clock: Clock;
  readonly loop: WorkLoop;
  readonly contacts: LiveContacts;
  readonly switchWork: SwitchWork;
  readonly routerWork: RouterWork;
  readonly rows: ContactRows;
  readonly sounds: Sounds;
  readonly append: (draft: LedgerDraft) => void;
  readonly changed: (contact: LiveContact) => void;
  readonly agentFree: (agentId: AgentId) => void;
  readonly parking: Parking;
  /** What became of a transfer between colleagues. */
  readonly transferSettled: (effect: TransferSettled) => void;
  /** An agent sent the customer to this entry point. */
  readonly runFlow: (contact: LiveContact, entryPointId: EntryPointId) => void;
  /** Whom the customer was to reach directly did not answer. */
  readonly notReached: (contact: LiveContact, cause: string) => void;
  /** The waiting customer would rather be called. */
  readonly callbackAccepted: (contact: LiveContact) => void;
  readonly warn: (message: string, detail: object) => void;
}

/**
 * Carries out what conversations and flows decide. The switch, the ledger and the end of a flow at once and in order; the
 * router, the flow and the conversation itself in their turn, so that none of them is called in the middle of another.
 */
export class ContactRunner implements ContactPort {
  readonly #deps: ContactRunnerDeps;

  constructor(deps: ContactRunnerDeps) {
    this.#deps = deps;
  }

  perform(contact: LiveContact, effect: Effect): void {
    const { loop, switchWork, routerWork, rows, append } = this.#deps;
    switch (effect.to) {
      case "switch":
        return switchWork.perform(contact, effect);
      case "router":
        return loop.run(() => routerWork.perform(contact, effect));
      case "flow":
        if (effect.type === "flow.stop") return contact.stopFlow();
        if (effect.type === "flow.wait") return loop.run(() => contact.waitInQueue(effect.queueId));
        if (effect.type === "flow.run")
          return loop.run(() => this.#deps.runFlow(contact, effect.entryPointId));
        if (effect.type === "flow.not_reached")
          return loop.run(() => this.#deps.notReached(contact, effect.cause));
        return loop.run(() => contact.flowInput({ type: "dtmf", digit: effect.digit }));
      case "house":
        if (effect.type === "transfer.settled") return this.#deps.transferSettled(effect);
        return this.#deps.parking.follow(contact, effect);
      case "ledger":
        append(effect.event);
        return rows.follow(contact, effect.event);
    }
  }

  performFlow(contact: LiveContact, effect: FlowEffect): void {
    const { clock, append, loop, sounds, switchWork } = this.#deps;
    const about = { at: clock.now(), clientId: contact.clientId, contactId: contact.id };
    switch (effect.type) {
      case "play.start":
        return switchWork.play(contact, effect.playbackId, sounds.prompts(effect.prompts), false);
      case "music.start":
        return switchWork.play(contact, effect.playbackId, sounds.music(effect.music), true);
      case "play.stop":
        return switchWork.stop(contact, effect.playbackId);
      case "queue.enter":
        return loop.run(() => {
          contact.input({ type: "queue.entered", queueId: effect.queueId, initiation: effect.initiation });
        });
      case "queue.leave":
        return loop.run(() => {
          contact.input({ type: "queue.left", outcome: effect.outcome });
        });
      case "callback.accepted":
        return loop.run(() => this.#deps.callbackAccepted(contact));
      case "hangup":
        return loop.run(() => {
          contact.input({ type: "flow.ended", outcome: effect.outcome });
        });
      case "flow.step": {
        const { type, ...payload } = effect;
        return append({ ...about, type, payload });
      }
      case "notice.played": {
        const { type, ...payload } = effect;
        return append({ ...about, type, payload });
      }
    }
  }

  changed(contact: LiveContact): void {
    this.#deps.changed(contact);
  }

  failed(contact: LiveContact, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#deps.warn("work on a contact failed", { contactId: contact.id, error: text });
  }

  abandon(contact: LiveContact): void {
    for (const legId of contact.legIds) this.#deps.switchWork.hangUp(legId);
  }

  closed(contact: LiveContact): void {
    for (const agentId of this.#deps.contacts.remove(contact)) this.#deps.agentFree(agentId);
    this.#deps.changed(contact);
  }
}
