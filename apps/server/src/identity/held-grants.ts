import type { Permission, Scope } from "@svara/contracts";
import type { Catalogue } from "../office/catalogue.ts";
import { queueKind } from "../queues/queue-kind.ts";
import { Access, type HeldGrant } from "../rights/access.ts";
import { roleKind } from "./role-kind.ts";

export interface Grant {
  readonly roleId: string;
  readonly scope: Scope;
}

/** What a set of grants comes to, by the roles as they are now. Roles that are out of use give nothing. */
export function accessOf(grants: readonly Grant[], catalogue: Catalogue): Access {
  const held: HeldGrant[] = [];
  for (const grant of grants) {
    const role = catalogue.get(roleKind, grant.roleId);
    if (role && !role.archived) held.push(heldGrant(new Set(role.value.permissions), grant.scope, catalogue));
  }
  return new Access(held);
}

/** Permissions in a scope, with the client of a queue's scope looked up. */
export function heldGrant(
  permissions: ReadonlySet<Permission>,
  scope: Scope,
  catalogue: Catalogue,
): HeldGrant {
  const clientId = scope.kind === "queue" ? catalogue.get(queueKind, scope.id)?.value.clientId : undefined;
  return { permissions, scope, ...(clientId !== undefined && { clientId }) };
}
