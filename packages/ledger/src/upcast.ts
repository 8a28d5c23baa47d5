import { isEventType } from "./check.ts";
import type { Envelope } from "./envelope.ts";
import { EVENT_VERSIONS, type EventType, type LedgerEvent } from "./events.ts";
import { LedgerError } from "./ledger-error.ts";

/** An event as it stands in storage: any version, payload not yet trusted to have the newest shape. */
export interface StoredEvent extends Envelope {
  readonly type: string;
  readonly payload: unknown;
}

/** Lifts a payload from one version to the next. */
export type Upcaster = (payload: unknown, event: StoredEvent) => unknown;

/** For each type, its upcasters by the version that they lift from. Once released, never changed. */
export type Upcasters = { readonly [T in EventType]?: Readonly<Record<number, Upcaster>> };

/** What lifts the versions that were released. */
const UPCASTERS: Upcasters = {
  "offer.made": { 1: explainOfferInWords },
  // what version 2 may tell in addition, version 1 did not know
  "leg.started": { 1: asItWas },
  "leg.ended": { 1: asItWas },
  "transfer.started": { 1: asItWas },
  "transfer.completed": { 1: asItWas },
  "transfer.cancelled": { 1: asItWas },
  "monitor.started": { 1: asItWas },
  "monitor.ended": { 1: asItWas },
  "call.blocked": { 1: asItWas },
};

/**
 * The stored event at its type's newest version.
 * @throws LedgerError `event_unknown`; `event_too_new` when a newer program wrote it
 */
export function decodeEvent(
  stored: StoredEvent,
  upcasters: Upcasters = UPCASTERS,
  versions: Readonly<Record<string, number>> = EVENT_VERSIONS,
): LedgerEvent {
  const { type } = stored;
  if (!isEventType(type)) throw new LedgerError("event_unknown", `unknown event type: ${type}`);
  const newest = versions[type] ?? 1;
  if (stored.v > newest) {
    throw new LedgerError(
      "event_too_new",
      `${type} version ${stored.v} was written by a newer version of the program`,
    );
  }
  let payload = stored.payload;
  for (let v = stored.v; v < newest; v++) {
    const lift = upcasters[type]?.[v];
    if (!lift) throw new LedgerError("event_unknown", `no way from ${type} version ${v} to ${v + 1}`);
    payload = lift(payload, stored);
  }
  return { ...stored, type, v: newest, payload } as LedgerEvent;
}

function asItWas(payload: unknown): unknown {
  return payload;
}

/**
 * `offer.made` 1 had `rule: "choice.strategy"`, and named the candidates of a choice among contacts as if they were agents.
 * What the places of the ranks meant was not told.
 */
function explainOfferInWords(payload: unknown): unknown {
  const { explain, ...offer } = payload as {
    explain?: { rule: string; candidates: readonly FirstCandidate[] };
  };
  if (explain === undefined) return offer;
  const { rule, candidates, ...rest } = explain;
  const [first = "", ...others] = rule.split(".");
  const told = CHOICES.has(first);
  return {
    ...offer,
    explain: {
      ...rest,
      choice: told ? first : "unknown",
      strategy: told ? others.join(".") || "none" : rule,
      rankedBy: [],
      candidates:
        first === "item_for_agent"
          ? candidates.map(({ agentId, rank, ...known }) => ({ contactId: agentId, ...known, rank }))
          : candidates,
    },
  };
}

interface FirstCandidate {
  readonly agentId?: string;
  readonly contactId?: string;
  readonly rank: readonly number[];
}

const CHOICES: ReadonlySet<string> = new Set(["agent_for_item", "item_for_agent", "preferred_agent"]);
