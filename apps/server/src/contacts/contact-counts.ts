import type { CustomerId } from "@svara/kernel";
import type { Tx } from "../database/index.ts";
import { contactCounts } from "./contact-reader.repository.ts";

/** How many contacts each customer has had in the transaction's scope, and when the last one began. */
export function contactCountsOf(
  tx: Tx,
  customerIds: readonly CustomerId[],
): Promise<ReadonlyMap<CustomerId, { readonly count: number; readonly lastAt: number }>> {
  return contactCounts(tx, customerIds);
}
