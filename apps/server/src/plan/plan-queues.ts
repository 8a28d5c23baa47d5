import type { Permission, QueueDraft } from "@svara/contracts";
import type { ClientId, QueueId } from "@svara/kernel";
import { clientKind } from "../clients/client-kind.ts";
import type { Scope } from "../database/index.ts";
import { forbidden, invalid, notFound } from "../http/http-error.ts";
import { userKind } from "../identity/user-kind.ts";
import type { Office } from "../office/office.ts";
import type { Stored } from "../office/office-kind.ts";
import { queueKind } from "../queues/queue-kind.ts";
import type { Caller } from "../rights/access.ts";

/** A queue as planning sees it. */
export interface PlanQueue {
  readonly id: QueueId;
  readonly name: string;
  readonly clientId: ClientId;
  readonly timeZone: string;
  readonly value: QueueDraft;
  readonly archived: boolean;
}

/**
 * The queues that a caller may plan for: those that a grant over the centre, the client or the queue covers. A grant over a
 * site or a team reaches people, not the business of clients.
 */
export class PlanQueues {
  readonly #office: Office;

  constructor(office: Office) {
    this.#office = office;
  }

  /** All that are in use and may be seen. */
  seen(caller: Caller, permission: Permission = "plan.view"): PlanQueue[] {
    return this.#office.catalogue
      .inUse(queueKind)
      .map((stored) => this.#view(stored))
      .filter((queue) => this.may(caller, permission, queue));
  }

  /** One, also an archived one. @throws HttpError 404, or 403 where it may be seen but not planned */
  one(caller: Caller, id: string, permission: Permission = "plan.view"): PlanQueue {
    const stored = this.#office.catalogue.get(queueKind, id);
    const queue = stored && this.#view(stored);
    if (!queue || !this.may(caller, "plan.view", queue)) throw notFound("queue");
    if (!this.may(caller, permission, queue)) throw forbidden(permission);
    return queue;
  }

  /** Several of one client. @throws HttpError 400, 403, 404 */
  ofOneClient(caller: Caller, ids: readonly string[], permission: Permission): PlanQueue[] {
    const queues = [...new Set(ids)].map((id) => this.one(caller, id, permission));
    const clientId = queues[0]?.clientId;
    const foreign = queues.findIndex((queue) => queue.clientId !== clientId);
    if (foreign >= 0)
      throw invalid([
        { field: `queueIds.${foreign}`, code: "other_client", message: "the queues are of several clients" },
      ]);
    return queues;
  }

  may(caller: Caller, permission: Permission, queue: Pick<PlanQueue, "id" | "clientId">): boolean {
    return caller.access.covers(permission, { clientId: queue.clientId, queueId: queue.id });
  }

  /** Its name, also of one that went out of use. */
  nameOf(id: string): string {
    return this.#office.catalogue.get(queueKind, id)?.value.name ?? id;
  }

  mediumOf(id: string): string {
    return this.#office.catalogue.get(queueKind, id)?.value.medium ?? "voice";
  }

  userName(id: string): string {
    return this.#office.catalogue.get(userKind, id)?.value.displayName ?? "–";
  }

  timeZoneOf(clientId: string): string {
    return this.#office.catalogue.get(clientKind, clientId)?.value.timeZone ?? "UTC";
  }

  #view({ id, value, archived }: Stored<QueueDraft>): PlanQueue {
    const { name, clientId } = value;
    return { id, name, clientId, timeZone: this.timeZoneOf(clientId), value, archived };
  }
}

/** The rows that a question of planning may touch. */
export function planScope(caller: Caller, permission: Permission): Scope {
  const clients = caller.access.clientsOf(permission);
  return { clients: clients === "all" ? "all-of-centre" : clients };
}
