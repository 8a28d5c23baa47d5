import type { Instant } from "@svara/kernel";
import { agentTime, type LedgerEvent, type StateSpan as LedgerSpan } from "@svara/ledger";
import type { ActualKind, StateSpan } from "@svara/workforce/rostering";
import type { Tx } from "../../database/index.ts";
import { agentEvents } from "./agent-events.repository.ts";

/** A state as the ledger has it, with the kind that shifts are compared with. */
export interface AgentStateSpan extends StateSpan {
  readonly state: string;
  readonly reason: string | null;
}

/** The reason codes that are planned work; those of rest; the others are neither. */
export interface ReasonKinds {
  kindOf(reasonId: string | undefined): ActualKind;
}

/** What each agent did in a span of time, in order and without overlap; agents who did nothing are missing. */
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
  if (agentIds.length === 0 || from >= now) return new Map();
  const events = await agentEvents(tx, { agentIds, from, to });
  const byAgent = Map.groupBy(events, ({ agentId }) => agentId ?? "");
  return new Map(
    [...byAgent].map(([agentId, theirs]) => [
      agentId,
      spansOf(theirs, { from, to: Math.min(to, now) }, reasons),
    ]),
  );
}

/** An agent's slots in one line: busy in any of them is on queue. */
export function spansOf(
  events: readonly LedgerEvent[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
  reasons: ReasonKinds,
): AgentStateSpan[] {
  const spans = agentTime(events)
    .sessions.flatMap((session) =>
      session.spans.map((span) => ({ ...span, to: span.to ?? session.to ?? to })),
    )
    .filter((span) => span.to > from && span.from < to)
    .map((span) => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) }));
  const borders = [...new Set(spans.flatMap((span) => [span.from, span.to]))].sort((a, b) => a - b);
  const line: AgentStateSpan[] = [];
  let open: (LedgerSpan & { readonly to: Instant })[] = [];
  const pending = spans.toSorted((a, b) => a.from - b.from);
  let next = 0;
  for (const [index, at] of borders.entries()) {
    const until = borders[index + 1];
    if (until === undefined) break;
    for (; next < pending.length; next++) {
      const span = pending[next];
      if (!span || span.from > at) break;
      open.push(span);
    }
    open = open.filter((span) => span.to > at);
    const leading = open.toSorted((a, b) => rank(a) - rank(b))[0];
    if (leading) append(line, at, until, leading, reasons);
  }
  return line;
}

function append(
  line: AgentStateSpan[],
  from: Instant,
  to: Instant,
  { state, reason }: LedgerSpan,
  reasons: ReasonKinds,
): void {
  const kind: ActualKind = state === "not_ready" ? reasons.kindOf(reason) : kindOfState(state);
  const last = line.at(-1);
  const known = reason ?? null;
  if (last && last.to === from && last.state === state && last.reason === known && last.kind === kind)
    line[line.length - 1] = { ...last, to };
  else line.push({ from, to, state, reason: known, kind });
}

const OFF_QUEUE: ReadonlySet<LedgerSpan["state"]> = new Set([
  "not_ready",
  "not_responding",
  "monitoring",
  "unknown",
]);

function kindOfState(state: LedgerSpan["state"]): ActualKind {
  return OFF_QUEUE.has(state) ? "off_queue" : "on_queue";
}

/** Of several slots at once the busiest tells what the agent does. */
function rank({ state }: LedgerSpan): number {
  if (state === "unknown") return 3;
  if (OFF_QUEUE.has(state)) return 2;
  return state === "available" ? 1 : 0;
}
