import type { ClientId } from "@svara/kernel";
import type { Place } from "../rights/access.ts";
import type { Reference } from "./office-kind.ts";

/** The place of a thing that a client owns. */
export function clientPlace(value: { readonly clientId: ClientId }): Place {
  return { clientId: value.clientId };
}

/** The owner as a reference: it must exist and be in use. */
export function clientReference(value: { readonly clientId: ClientId }): Reference {
  return { kind: "client", id: value.clientId, field: "clientId" };
}

/** References of a list of ids. */
export function listReferences(
  kind: Reference["kind"],
  field: string,
  ids: readonly string[],
): readonly Reference[] {
  return ids.map((id, index) => ({ kind, id, field: `${field}.${index}` }));
}

/** A reference that may be absent. */
export function optionalReference(
  kind: Reference["kind"],
  field: string,
  id: string | null | undefined,
): readonly Reference[] {
  return id ? [{ kind, id, field }] : [];
}
