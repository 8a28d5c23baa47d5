import type { HouseEffect } from "@svara/conversation";
import { type AgentId, type Clock, type Instant, SvaraError } from "@svara/kernel";
import type { LiveContact } from "./live-contact.ts";

/** Slots are dialled: two digits at most. */
const SLOTS = 99;

/** A customer who waits in a slot until somebody fetches them. */
export interface ParkedCall {
  readonly slot: number;
  readonly parkId: string;
  readonly contact: LiveContact;
  /** Who parked them. */
  readonly agentId: AgentId;
  readonly parkedAt: Instant;
  /** When they come back to who parked them. */
  readonly until: Instant;
}

/** The slots in which customers are parked; one line of slots for the whole centre, so that a number means one call. */
export class Parking {
  readonly #clock: Pick<Clock, "now">;
  readonly #slots = new Map<number, ParkedCall>();
  #wanted: number | undefined;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** Parks by `park`, in `slot` or else in the first that is free. Returns the slot. @throws SvaraError 409 when there is none */
  park(contact: LiveContact, slot: number | undefined, park: () => void): number {
    if (slot !== undefined && this.#slots.has(slot)) throw taken(`slot ${slot} is taken`, "slot_taken");
    if (this.#slots.size >= SLOTS) throw taken("every slot is taken", "no_slot");
    this.#wanted = slot;
    try {
      park();
    } finally {
      this.#wanted = undefined;
    }
    const parked = this.ofContact(contact);
    if (!parked) throw taken("the call could not be parked", "wrong_state");
    return parked.slot;
  }

  /** The conversation says when a slot is taken and when it is free again. */
  follow(contact: LiveContact, effect: Extract<HouseEffect, { readonly parkId: string }>): void {
    switch (effect.type) {
      case "park.started": {
        const { parkId, agentId, until } = effect;
        const slot = this.#wanted ?? this.#firstFree();
        this.#slots.set(slot, { slot, parkId, contact, agentId, parkedAt: this.#clock.now(), until });
        return;
      }
      case "park.ended":
        for (const [slot, { parkId }] of this.#slots) if (parkId === effect.parkId) this.#slots.delete(slot);
        return;
    }
  }

  at(slot: number): ParkedCall | undefined {
    return this.#slots.get(slot);
  }

  ofContact(contact: LiveContact): ParkedCall | undefined {
    return this.list().find((parked) => parked.contact === contact);
  }

  /** In the order of their slots. */
  list(): readonly ParkedCall[] {
    return [...this.#slots.values()].sort((a, b) => a.slot - b.slot);
  }

  #firstFree(): number {
    let slot = 1;
    while (this.#slots.has(slot)) slot++;
    return slot;
  }
}

function taken(message: string, code: string): SvaraError {
  return new SvaraError(message, { code, httpStatus: 409 });
}
