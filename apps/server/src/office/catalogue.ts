import type { ConfigurationKind } from "@svara/contracts";
import type { OfficeKind, Stored } from "./office-kind.ts";

/**
 * The whole configuration in memory, archived things included: names, scopes and references are looked up here.
 * Read anew after each change, before anybody is told of it.
 */
export class Catalogue {
  /** Grows with each change of what is held: who reckons with the whole may keep the result until then. */
  version = 0;
  readonly #kinds = new Map<ConfigurationKind, ReadonlyMap<string, Stored<unknown>>>();

  /** Everything of a kind by id, archived too. */
  all<Value, Extra>(kind: OfficeKind<Value, Extra>): ReadonlyMap<string, Stored<Value, Extra>> {
    return (this.#kinds.get(kind.kind) ?? new Map()) as ReadonlyMap<string, Stored<Value, Extra>>;
  }

  /** Everything of a kind that is in use. */
  inUse<Value, Extra>(kind: OfficeKind<Value, Extra>): Stored<Value, Extra>[] {
    return [...this.all(kind).values()].filter((stored) => !stored.archived);
  }

  get<Value, Extra>(kind: OfficeKind<Value, Extra>, id: string): Stored<Value, Extra> | undefined {
    return this.all(kind).get(id);
  }

  /** Everything of a kind, by its word, that is in use. */
  inUseOf(kind: ConfigurationKind): Stored<unknown>[] {
    return [...(this.#kinds.get(kind)?.values() ?? [])].filter((stored) => !stored.archived);
  }

  /** One by the kind's word, when it is in use. */
  find(kind: ConfigurationKind, id: string): Stored<unknown> | undefined {
    const stored = this.#kinds.get(kind)?.get(id);
    return stored?.archived === false ? stored : undefined;
  }

  /** Takes over what was read of a kind. */
  replace(kind: ConfigurationKind, stored: readonly Stored<unknown>[]): void {
    this.version++;
    this.#kinds.set(kind, new Map(stored.map((one) => [one.id, one])));
  }
}
