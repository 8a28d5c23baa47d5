import type { Engine } from "./engine.ts";
import type { Item } from "./line.ts";
import type { CallbackWish } from "./model.ts";
import { withdrawOffer } from "./offers.ts";
import { unstand } from "./standing.ts";
import { backInLine, becomesCallback, holdUntilOf, standAgain } from "./waiting.ts";
import { positionOf } from "./waits.ts";

/**
 * The customer leaves the line and keeps the place (RT88). From then on the item is a call-back: an accepted offer of it is
 * an attempt (`attempts.ts`), and it is dormant until the wish allows it (RT89). A new wish stands instead of the one before.
 */
export function requestCallback(engine: Engine, item: Item, wish: CallbackWish): void {
  const rang = item.offer !== null;
  if (item.offer) withdrawOffer(engine, item.offer, "callback");
  else unstand(engine, item);
  becomesCallback(engine, item);
  item.tell({ ...item.work, callback: wish });
  item.isToldLate = false;
  item.holdUntil = holdUntilOf(item);
  const { from = null, until = null } = wish;
  item.dormantUntil = from !== null && from > engine.now ? from : null;
  if (rang) backInLine(engine, item);
  else standAgain(engine, item);
  engine.emit({
    type: "callback.promised",
    at: engine.now,
    itemId: item.id,
    queueId: item.queue.id,
    position: positionOf(item),
    from,
    until,
  });
}
