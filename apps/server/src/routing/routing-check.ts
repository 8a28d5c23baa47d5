import type { QueueDraft, RoutingFinding } from "@svara/contracts";
import type { Catalogue } from "../office/catalogue.ts";

/** A queue as it would be, beside all others as they are. */
export interface QueueChange {
  readonly id: string;
  readonly queue: QueueDraft;
}

/** What is wrong or doubtful in the routing of the whole centre; with `change`, as it would be then. */
export function routingFindings(_catalogue: Catalogue, _change?: QueueChange): readonly RoutingFinding[] {
  return [];
}
