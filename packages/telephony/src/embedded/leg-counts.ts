import type { LegId, TrunkId } from "@svara/kernel";
import type { Party } from "../switch.ts";

/** How many legs are alive, and over which trunks; kept as they come and go, since each call asks. */
export class LegCounts {
  readonly #trunkOf = new Map<LegId, TrunkId | undefined>();
  readonly #byTrunk = new Map<TrunkId, number>();

  get legs(): number {
    return this.#trunkOf.size;
  }

  get byTrunk(): ReadonlyMap<TrunkId, number> {
    return this.#byTrunk;
  }

  /** A leg has begun, or goes on over another trunk. */
  at(legId: LegId, party: Party): void {
    this.#count(this.#trunkOf.get(legId), -1);
    const trunkId = party.kind === "trunk" ? party.trunkId : undefined;
    this.#trunkOf.set(legId, trunkId);
    this.#count(trunkId, 1);
  }

  over(legId: LegId): void {
    this.#count(this.#trunkOf.get(legId), -1);
    this.#trunkOf.delete(legId);
  }

  #count(trunkId: TrunkId | undefined, by: 1 | -1): void {
    if (trunkId === undefined) return;
    const count = (this.#byTrunk.get(trunkId) ?? 0) + by;
    if (count > 0) this.#byTrunk.set(trunkId, count);
    else this.#byTrunk.delete(trunkId);
  }
}
