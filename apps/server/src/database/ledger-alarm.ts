import { unreachable } from "@svara/kernel";
import type { LedgerItem } from "./ledger-writer.ts";
import type { Log } from "./log.ts";

/** Trouble of the ledger's writer, and its end. */
export type LedgerAlarm =
  /** The database does not take the batch; it is kept and tried again. */
  | { readonly kind: "lost"; readonly pending: number; readonly error: unknown }
  | { readonly kind: "recovered"; readonly outageMs: number }
  /** More is waiting than `highWater`: whoever starts new work should slow down. */
  | { readonly kind: "high_water"; readonly pending: number }
  | { readonly kind: "low_water" }
  /** The database refused one item for its content; the others are stored. */
  | { readonly kind: "rejected"; readonly item: LedgerItem; readonly error: unknown }
  /** Free text in the payload of an event of this type was withheld. */
  | { readonly kind: "withheld"; readonly type: string }
  /** Another server took over the ledger: this one must stop. */
  | { readonly kind: "fenced" };

/** Writes an alarm to the log; never the content of an event. */
export function logAlarm(log: Log, alarm: LedgerAlarm): void {
  switch (alarm.kind) {
    case "lost":
      log.error(
        { err: alarm.error, pending: alarm.pending },
        "the ledger's database is lost; events are kept",
      );
      break;
    case "recovered":
      log.info({ outageMs: alarm.outageMs }, "the ledger's database is back");
      break;
    case "high_water":
      log.warn({ pending: alarm.pending }, "the ledger falls behind");
      break;
    case "low_water":
      log.info({}, "the ledger has caught up");
      break;
    case "rejected":
      log.error({ err: alarm.error, kind: alarm.item.kind }, "the database refused an item of the ledger");
      break;
    case "withheld":
      log.error({ type: alarm.type }, "free text was withheld from an event's payload");
      break;
    case "fenced":
      log.error({}, "another server has taken over the ledger; this one must stop");
      break;
    default:
      unreachable(alarm);
  }
}
