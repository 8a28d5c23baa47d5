import { isOpen } from "@svara/calendar";
import type { FlowWorld } from "@svara/flows";
import type { ContactId } from "@svara/kernel";
import type { Router } from "@svara/routing";
import type { CentreModel } from "./centre-model.ts";
import { itemOf } from "./item-id.ts";

/** What a flow may ask; each contact sees its own place in the queue. */
export function flowWorld(of: {
  readonly model: () => CentreModel;
  readonly router: Router;
  readonly contactId: ContactId;
}): FlowWorld {
  const { model, router } = of;
  const itemId = itemOf(of.contactId);
  return {
    isOpen: (hoursId, at) => {
      const hours = model().hours.get(hoursId);
      return hours === undefined || isOpen(hours, at);
    },
    queue: (queueId) => {
      const limit = model().queues.get(queueId)?.maxWaiting ?? null;
      const full = limit !== null && (router.queueStats(queueId)?.waiting ?? 0) >= limit;
      return { staffed: router.staffed(queueId) > 0, full };
    },
    waiting: () => {
      const position = router.position(itemId);
      const estimatedWaitMs = router.estimatedWaitMs(itemId);
      return {
        ...(position === undefined ? {} : { position }),
        ...(estimatedWaitMs === undefined ? {} : { estimatedWaitMs }),
      };
    },
  };
}
