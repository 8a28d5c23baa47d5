import type { ContactId } from "@svara/kernel";
import type { Kysely } from "kysely";
import type { DB } from "../../database/index.ts";
import { HttpError, invalid } from "../../http/http-error.ts";
import type { Office } from "../../office/office.ts";
import type { Caller } from "../../rights/access.ts";
import { PlanQueues, planScope } from "../plan-queues.ts";
import { PlanHistory } from "./plan-history.ts";
import type { StayCount } from "./queue-stay.repository.ts";

export interface PlanCount {
  readonly queueId: string;
  readonly count: StayCount;
  readonly from: number;
  readonly to: number;
}

/** Of one list; a day of a very large queue. */
const MOST = 50_000;

/** The contacts behind a count of planning: what the list of contacts asks. */
export function countedContacts({ db, office }: { readonly db: Kysely<DB>; readonly office: Office }) {
  const queues = new PlanQueues(office);
  const history = new PlanHistory(db);
  /** @throws HttpError 400, 403, 404 */
  return async (caller: Caller, { queueId, count, from, to }: PlanCount): Promise<readonly ContactId[]> => {
    const queue = queues.one(caller, queueId);
    if (to <= from)
      throw invalid([
        { field: "query.countedTo", code: "before_from", message: "the span ends before it begins" },
      ]);
    const scope = planScope(caller, "plan.view");
    const ids = await history.contactsBehind({ queueIds: [queue.id], from, to }, count, MOST + 1, scope);
    if (ids.length > MOST)
      throw new HttpError(`more than ${MOST} contacts: ask for a shorter span`, {
        status: 422,
        code: "too_many",
        field: "query.countedTo",
      });
    return ids;
  };
}
