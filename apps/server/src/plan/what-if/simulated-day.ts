import { instantAt, minutesOf } from "@svara/calendar";
import type { WhatIfDay } from "@svara/contracts";
import type { ClientId, Instant, QueueId } from "@svara/kernel";
import type { Catalogue } from "../../office/catalogue.ts";
import { queueKind } from "../../queues/queue-kind.ts";
import type { Place } from "../../rights/access.ts";

/** An instant of a time of day such as `08:30` on a date; `24:00` is the end of the day. */
export function instantOf(date: string, time: string, timeZone: string): Instant {
  return instantAt(date, minutesOf(time) ?? 0, timeZone, "opening");
}

/**
 * Where a simulated day stands for rights. A recorded day is the whole centre's: agents serve the queues of all clients, so
 * the figures of one tell of the others. A planned day is about its queues; one that is gone belongs to nobody but the centre.
 */
export function placesOf(day: WhatIfDay, catalogue: Catalogue): Place[] {
  if (day.kind === "recorded") return [{}];
  return day.queueIds.map((queueId) => {
    const queue = catalogue.get(queueKind, queueId);
    return queue ? { clientId: queue.value.clientId as ClientId, queueId: queueId as QueueId } : {};
  });
}
