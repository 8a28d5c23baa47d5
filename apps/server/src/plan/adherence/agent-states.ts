import { setImmediate as breath } from "node:timers/promises";
import type { Instant } from "@svara/kernel";
import type { LedgerEvent } from "@svara/ledger";
import type { Tx } from "../../database/index.ts";
import { agentEvents } from "./agent-events.repository.ts";
import { AgentLine, type AgentStateSpan, type ReasonKinds } from "./agent-line.ts";

/** Agents read at once: two thousand events of a busy day, of which calls notice nothing. */
export const AGENTS_AT_ONCE = 5;

/**
 * What each agent did in a span of time, in order and without overlap; agents who did nothing are missing. Read a few agents at
 * a time: calls go on in between.
 */
export async function statesOf(
  tx: Tx,
  filter: {
    readonly agentIds: readonly string[];
    readonly from: Instant;
    readonly to: Instant;
    readonly now: Instant;
  },
  reasons: ReasonKinds,
): Promise<ReadonlyMap<string, AgentStateSpan[]>> {
  const { agentIds, from, to, now } = filter;
  const states = new Map<string, AgentStateSpan[]>();
  if (from >= now) return states;
  for (let first = 0; first < agentIds.length; first += AGENTS_AT_ONCE) {
    const some = agentIds.slice(first, first + AGENTS_AT_ONCE);
    const events = await agentEvents(tx, { agentIds: some, from, to });
    for (const [agentId, theirs] of Map.groupBy(events, (event) => event.agentId ?? ""))
      states.set(agentId, spansOf(theirs, { from, to: Math.min(to, now) }, reasons));
    await breath();
  }
  return states;
}

/** An agent's slots in one line: busy in any of them is on queue. */
export function spansOf(
  events: readonly LedgerEvent[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
  reasons: ReasonKinds,
): AgentStateSpan[] {
  const spans: AgentStateSpan[] = [];
  const line = new AgentLine({ from, reasons, ended: (span) => spans.push(span) });
  for (const event of events) if (event.at < to) line.apply(event);
  return [...spans, ...line.tail(to)];
}
