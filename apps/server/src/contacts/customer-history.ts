import type { CustomerId, Instant } from "@svara/kernel";
import type { CustomerCodes } from "../customers/customers.ts";
import type { Tx } from "../database/index.ts";
import type { CustomerHistory } from "../live/live-store.ts";

const DAYS_30_MS = 30 * 86_400_000;

/** What routing may ask of a customer: codes (null: there was no record before), and what became of earlier contacts; before the present one is written. */
export async function customerHistory(
  tx: Tx,
  customer: { readonly id: CustomerId; readonly codes: CustomerCodes | null },
  now: Instant,
): Promise<CustomerHistory> {
  const { id, codes } = customer;
  const nothing = { contactsLast30: 0, last: null, lastAgent: null };
  if (codes === null)
    return { known: false, type: null, segment: null, value: null, language: null, ...nothing };
  const [last] = await tx
    .selectFrom("contact")
    .select(["startedAt", "outcome"])
    .where("customerId", "=", id)
    .orderBy("startedAt", "desc")
    .limit(1)
    .execute();
  if (!last) return { known: true, ...codes, ...nothing };
  const { count } = await tx
    .selectFrom("contact")
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("customerId", "=", id)
    .where("startedAt", ">", now - DAYS_30_MS)
    .executeTakeFirstOrThrow();
  const [talked] = await tx
    .selectFrom("contact")
    .select(["agentId", "startedAt"])
    .where("customerId", "=", id)
    .where("agentId", "is not", null)
    .where("answeredAt", "is not", null)
    .orderBy("startedAt", "desc")
    .limit(1)
    .execute();
  return {
    known: true,
    ...codes,
    contactsLast30: Number(count),
    last: { at: last.startedAt, abandoned: last.outcome === "abandoned_queue" },
    lastAgent: talked?.agentId ? { agentId: talked.agentId, at: talked.startedAt } : null,
  };
}
