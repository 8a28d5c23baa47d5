import type { ContactDetail } from "@svara/contracts";
import type { AgentId, LegId } from "@svara/kernel";
import type { LedgerEvent } from "@svara/ledger";

type ContactLeg = ContactDetail["legs"][number];
type Named = ContactLeg["agent"];

/** The telephone paths of a contact in the order of their beginning, with how each sounded. */
export function contactLegsOf(
  events: readonly LedgerEvent[],
  agentNamed: (id: AgentId | null) => Named,
): ContactLeg[] {
  const legs = new Map<LegId, ContactLeg>();
  const change = (legId: LegId | undefined, part: Partial<ContactLeg>): void => {
    const leg = legId && legs.get(legId);
    if (leg) legs.set(leg.id, { ...leg, ...part });
  };
  for (const event of events) {
    switch (event.type) {
      case "leg.started":
      case "leg.moved":
        if (event.type === "leg.moved" && event.payload.way === "to") {
          change(event.legId, { endedAt: event.at });
          break;
        }
        legs.set(event.legId, {
          id: event.legId,
          party: event.payload.party,
          agent: agentNamed(event.agentId ?? null),
          startedAt: event.at,
          answeredAt: null,
          endedAt: null,
          quality: null,
        });
        break;
      case "leg.answered":
        change(event.legId, { answeredAt: event.at });
        break;
      case "leg.ended": {
        const { quality } = event.payload;
        change(event.legId, {
          endedAt: event.at,
          quality: quality
            ? { ...quality, remoteMos: quality.remoteMos ?? null, roundTripMs: quality.roundTripMs ?? null }
            : null,
        });
        break;
      }
    }
  }
  return [...legs.values()];
}
