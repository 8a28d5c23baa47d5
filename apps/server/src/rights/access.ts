import type { Permission, Scope } from "@svara/contracts";
import type { AgentId, ClientId, QueueId, SiteId, TeamId } from "@svara/kernel";

/** One role in one scope, as held by somebody. `clientId` is the queue's client where the scope is a queue. */
export interface HeldGrant {
  readonly permissions: ReadonlySet<Permission>;
  readonly scope: Scope;
  readonly clientId?: ClientId;
}

/** Where a thing stands, as far as scopes ask. What is not given does not match any narrower scope. */
export interface Place {
  readonly clientId?: ClientId | null;
  readonly queueId?: QueueId | null;
  readonly teamId?: TeamId | null;
  readonly siteId?: SiteId | null;
}

/** The clients whose rows may be seen; `all` where a grant reaches over every client. */
export type ClientReach = "all" | readonly ClientId[];

/**
 * What somebody may do and where. Denies by default: a permission that no grant names is not held.
 * A grant for a site or a team reaches people; it shows business of any client that those people handle.
 */
export class Access {
  readonly #grants: readonly HeldGrant[];

  constructor(grants: readonly HeldGrant[]) {
    this.#grants = grants;
  }

  static readonly none = new Access([]);

  get grants(): readonly HeldGrant[] {
    return this.#grants;
  }

  /** Held anywhere at all. */
  has(permission: Permission): boolean {
    return this.#grants.some((grant) => grant.permissions.has(permission));
  }

  /** Held over the whole centre. */
  hasEverywhere(permission: Permission): boolean {
    return this.#held(permission).some((grant) => grant.scope.kind === "centre");
  }

  /** Held for a thing that stands at `place`. */
  covers(permission: Permission, place: Place): boolean {
    return this.#held(permission).some((grant) => scopeCovers(grant, place));
  }

  /** Some grant of whatever kind reaches the client's business. */
  reachesClient(clientId: ClientId): boolean {
    return this.#grants.some(
      ({ scope, clientId: ofQueue }) =>
        (scope.kind !== "client" && scope.kind !== "queue") ||
        (scope.kind === "client" ? scope.id : ofQueue) === clientId,
    );
  }

  /** The clients whose business the permission opens, to bound a query. Rows are narrowed by `narrowingOf`. */
  clientsOf(permission: Permission): ClientReach {
    const clients = new Set<ClientId>();
    for (const grant of this.#held(permission)) {
      if (grant.scope.kind === "centre" || grant.scope.kind === "site" || grant.scope.kind === "team")
        return "all";
      if (grant.scope.kind === "client") clients.add(grant.scope.id);
      else if (grant.clientId) clients.add(grant.clientId);
    }
    return [...clients];
  }

  /** Clients that are covered whole, queues, teams and sites that are covered beside them; undefined: everything. */
  narrowingOf(permission: Permission): Narrowing | undefined {
    const narrowing = {
      clients: [] as ClientId[],
      queues: [] as QueueId[],
      teams: [] as TeamId[],
      sites: [] as SiteId[],
    };
    for (const { scope } of this.#held(permission)) {
      switch (scope.kind) {
        case "centre":
          return undefined;
        case "client":
          narrowing.clients.push(scope.id);
          break;
        case "queue":
          narrowing.queues.push(scope.id);
          break;
        case "team":
          narrowing.teams.push(scope.id);
          break;
        case "site":
          narrowing.sites.push(scope.id);
          break;
      }
    }
    return narrowing;
  }

  /** No permission, in no scope, that `other` has not. Nobody hands out more than they hold. */
  isWithin(other: Access): boolean {
    return this.#grants.every((grant) =>
      [...grant.permissions].every((permission) =>
        other.#held(permission).some((held) => scopeWithin(grant, held)),
      ),
    );
  }

  /** The part of this access that `permissions` names, inside `scope`: what an API token may do. */
  cutTo(permissions: ReadonlySet<Permission>, scope: HeldGrant): Access {
    const wanted = new Access([{ ...scope, permissions }]);
    if (wanted.isWithin(this)) return wanted;
    const kept = new Set([...permissions].filter((permission) => this.#coversScope(permission, scope)));
    return new Access([{ ...scope, permissions: kept }]);
  }

  #coversScope(permission: Permission, scope: HeldGrant): boolean {
    return this.#held(permission).some((held) => scopeWithin(scope, held));
  }

  #held(permission: Permission): readonly HeldGrant[] {
    return this.#grants.filter((grant) => grant.permissions.has(permission));
  }
}

export interface Narrowing {
  readonly clients: readonly ClientId[];
  readonly queues: readonly QueueId[];
  readonly teams: readonly TeamId[];
  readonly sites: readonly SiteId[];
}

function scopeCovers(grant: HeldGrant, place: Place): boolean {
  const { scope } = grant;
  switch (scope.kind) {
    case "centre":
      return true;
    case "client":
      return place.clientId === scope.id;
    case "queue":
      return place.queueId === scope.id;
    case "team":
      return place.teamId === scope.id;
    case "site":
      return place.siteId === scope.id;
  }
}

function scopeWithin(inner: HeldGrant, outer: HeldGrant): boolean {
  if (outer.scope.kind === "centre") return true;
  if (inner.scope.kind === "centre") return false;
  if (inner.scope.kind === outer.scope.kind) return inner.scope.id === outer.scope.id;
  return inner.scope.kind === "queue" && outer.scope.kind === "client" && inner.clientId === outer.scope.id;
}

/** Who calls: a person in a session, or a program with a token. */
export interface Caller {
  readonly kind: "user" | "token";
  /** For a token its maker. */
  readonly userId: string;
  readonly displayName: string;
  /** The ledger's word for who did it. */
  readonly actor: `user:${string}` | `token:${string}`;
  readonly access: Access;
  /** Set when the user takes contacts. */
  readonly agentId?: AgentId;
  readonly sessionId?: string;
  /** Where the call came from. */
  readonly address: string;
}
