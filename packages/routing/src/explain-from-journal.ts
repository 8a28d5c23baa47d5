import { type AgentId, type Instant, SvaraError } from "@svara/kernel";
import type { AgentReason } from "./agent-reasons.ts";
import type { WaitExplanation } from "./explain.ts";
import { type JournalEntry, Replayer } from "./journal.ts";
import type { ItemId } from "./model.ts";
import type { Router } from "./router.ts";
import type { RouterSnapshot } from "./snapshot.ts";

/** A part of a journal that reaches an instant. */
export interface PastFloor {
  /** In order; from the snapshot on, or from the beginning of an epoch. Those after the instant are not looked at. */
  readonly journal: Iterable<JournalEntry>;
  /** Taken before the instant. */
  readonly snapshot?: RouterSnapshot;
}

/**
 * The router as it stood at an instant, after every input of that instant; undefined when the journal begins later. It may be
 * asked anything, and told nothing that anybody should believe.
 * @throws SvaraError as `Replayer`; `routing.other_engine` also when this engine decides otherwise than the one that wrote the
 * journal, since it would tell reasons that did not count then.
 */
export function routerAt({ journal, snapshot }: PastFloor, at: Instant): Router | undefined {
  const replayer = new Replayer(snapshot ? { snapshot } : {});
  for (const entry of journal) {
    if (entry.at > at) break;
    replayer.feed(entry);
  }
  const { router } = replayer;
  const { firstDifference: difference } = replayer.result();
  if (difference) {
    throw new SvaraError(
      `entry ${difference.seq} of epoch ${difference.epoch} was decided by engine version ${difference.engineVersion}, and this one decides otherwise: it cannot tell why`,
      { code: "routing.other_engine" },
    );
  }
  if (router === undefined || router.now > at) return undefined;
  router.advance(at);
  return router;
}

/** Why a contact waited at an instant; undefined: it did not wait then. Errors as `routerAt`. */
export function explainFromJournal(
  floor: PastFloor,
  itemId: ItemId,
  at: Instant,
): WaitExplanation | undefined {
  return routerAt(floor, at)?.explainWait(itemId);
}

/** Every reason why an agent did not have the item at an instant; see `Router.whyNot`. Errors as `routerAt`. */
export function whyNotFromJournal(
  floor: PastFloor,
  itemId: ItemId,
  agentId: AgentId,
  at: Instant,
): AgentReason[] | undefined {
  return routerAt(floor, at)?.whyNot(itemId, agentId);
}
