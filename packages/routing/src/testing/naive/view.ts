import { expectedWait } from "./figures.ts";
import { type NaiveFloor, offerTo } from "./floor.ts";
import { inOrder } from "./requirement.ts";

/** The floor as it stands now, in the words of the questions that the router answers; what is compared besides decisions. */
export interface FloorView {
  readonly lines: readonly { readonly expectedMs: number | null }[];
  readonly agents: readonly object[];
}

export function viewOf(floor: NaiveFloor): FloorView {
  const queues = [...floor.queues].sort((a, b) => (a.id < b.id ? -1 : 1));
  const people = [...floor.people].sort((a, b) => (a.config.id < b.config.id ? -1 : 1));
  return {
    lines: queues.flatMap(({ id: queueId }) => {
      const line = inOrder(
        floor,
        floor.line.filter((waiting) => waiting.item.queueId === queueId),
      );
      return line.map((waiting) => ({
        queueId,
        id: waiting.item.id,
        queuedAt: waiting.item.queuedAt,
        initiation: waiting.item.initiation,
        handledBy: waiting.item.handledBy ?? [],
        facts: Object.entries(waiting.item.facts ?? {}).sort(),
        expectedMs: waiting.dormant ? null : expectedWait(floor, waiting),
      }));
    }),
    agents: people.map((person) => ({
      agentId: person.config.id,
      loggedIn: person.loggedIn,
      state: person.told.state,
      since: person.told.since,
      reason: person.told.reason,
      presence: person.presence,
      idleSince: person.loggedIn ? person.idleSince : 0,
      rings: offerTo(floor, person) !== undefined,
      handlings: person.inHand.map((h) => ({
        itemId: h.itemId,
        medium: h.medium,
        queueId: h.queueId,
        phase: h.phase,
        since: h.since,
        startedAt: h.takenAt,
        until: h.phase === "wrap_up" ? h.until : null,
      })),
    })),
  };
}
