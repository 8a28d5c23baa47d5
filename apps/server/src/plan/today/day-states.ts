import { setImmediate as breath } from "node:timers/promises";
import type { Period } from "@svara/calendar";
import type { Instant } from "@svara/kernel";
import type { LedgerEvent } from "@svara/ledger";
import type { Kysely } from "kysely";
import { type DB, type Tx, WHOLE_CENTRE, withScope } from "../../database/index.ts";
import { agentEvents, agentEventsAfter, newestSeq } from "../adherence/agent-events.repository.ts";
import { AgentLine, type AgentStateSpan, type ReasonKinds } from "../adherence/agent-line.ts";
import { AGENTS_AT_ONCE } from "../adherence/agent-states.ts";

/** An agent's day as far as it has come. */
export interface AgentDay {
  /** When they were there for contacts: stretches that touch are one. */
  readonly onQueue: readonly Period[];
  /** What they did last. */
  readonly last: AgentStateSpan;
}

export interface DayFilter {
  readonly agentIds: readonly string[];
  readonly from: Instant;
  readonly to: Instant;
  readonly now: Instant;
}

interface Kept {
  readonly line: AgentLine;
  readonly onQueue: Period[];
}

interface KeptDay {
  readonly from: Instant;
  /** What kinds were told by; another one tells the day anew. */
  readonly toldBy: unknown;
  readonly agents: Map<string, Kept>;
  /** The last event that is told. */
  seq: number;
}

const EVENTS_AT_ONCE = 2000; // some fifteen milliseconds of the main thread
const LATE_MS = 3_600_000; // an event may be stored so long after it happened

/**
 * The day of all agents, kept in memory while somebody looks at it: of each agent the stretches on queue and the last state.
 * The first look reads the day, a few agents at a time; each later one only the events that were stored since.
 */
export class DayStates {
  readonly #db: Kysely<DB>;
  #day: KeptDay | undefined;
  #work: Promise<unknown> = Promise.resolve();

  constructor(db: Kysely<DB>) {
    this.#db = db;
  }

  /** Agents who did nothing are missing. `toldBy`: while it is the same object, `reasons` say the same. */
  of(filter: DayFilter, reasons: ReasonKinds, toldBy: unknown): Promise<ReadonlyMap<string, AgentDay>> {
    // one after another: each goes on where the one before ended
    const answer = this.#work.then(() => this.#read(filter, reasons, toldBy));
    this.#work = answer.catch(() => {
      this.#day = undefined; // what was told by halves is told anew
    });
    return answer;
  }

  async #read(filter: DayFilter, reasons: ReasonKinds, toldBy: unknown): Promise<Map<string, AgentDay>> {
    const { agentIds, from, now } = filter;
    await withScope(this.#db, WHOLE_CENTRE, async (tx) => {
      let day = this.#day;
      if (day?.from !== from || day.toldBy !== toldBy)
        this.#day = day = { from, toldBy, agents: new Map(), seq: await newestSeq(tx) };
      await readNew(tx, day, filter);
      await readAgents(tx, day, filter, reasons);
    });
    const known = this.#day?.agents ?? new Map<string, Kept>();
    return new Map(
      agentIds.flatMap((id): [string, AgentDay][] => {
        const kept = known.get(id);
        const day = kept && dayOfAgent(kept, now);
        return day ? [[id, day]] : [];
      }),
    );
  }
}

/** What happened since to the agents who are known. */
async function readNew(tx: Tx, day: KeptDay, { from, to }: DayFilter): Promise<void> {
  const newest = await newestSeq(tx);
  for (;;) {
    const events = await agentEventsAfter(tx, {
      afterSeq: day.seq,
      from: from - LATE_MS,
      to,
      limit: EVENTS_AT_ONCE,
    });
    for (const event of events) if (event.agentId) day.agents.get(event.agentId)?.line.apply(event);
    day.seq = events.at(-1)?.seq ?? day.seq;
    if (events.length < EVENTS_AT_ONCE) break;
    await breath();
  }
  day.seq = Math.max(day.seq, newest); // what is between concerns no agent
}

/** Agents who are not known yet, from the sign-in before the day on. */
async function readAgents(tx: Tx, day: KeptDay, filter: DayFilter, reasons: ReasonKinds): Promise<void> {
  const { from, to } = filter;
  const fresh = filter.agentIds.filter((id) => !day.agents.has(id));
  for (let first = 0; first < fresh.length; first += AGENTS_AT_ONCE) {
    const agentIds = fresh.slice(first, first + AGENTS_AT_ONCE);
    const events = await agentEvents(tx, { agentIds, from, to, upToSeq: day.seq });
    const byAgent = Map.groupBy(events, (event) => event.agentId ?? "");
    for (const id of agentIds) day.agents.set(id, keptOf(byAgent.get(id) ?? [], from, reasons));
    await breath();
  }
}

function keptOf(events: readonly LedgerEvent[], from: Instant, reasons: ReasonKinds): Kept {
  const onQueue: Period[] = [];
  const line = new AgentLine({ from, reasons, ended: (span) => addOnQueue(onQueue, span) });
  for (const event of events) line.apply(event);
  return { line, onQueue };
}

function dayOfAgent({ line, onQueue }: Kept, now: Instant): AgentDay | undefined {
  const tail = line.tail(now);
  const last = tail.at(-1);
  if (!last) return undefined;
  const stretches = [...onQueue];
  for (const span of tail) addOnQueue(stretches, span);
  return { onQueue: stretches, last };
}

function addOnQueue(stretches: Period[], { kind, from, to }: AgentStateSpan): void {
  if (kind !== "on_queue") return;
  const before = stretches.at(-1);
  if (before?.to === from) stretches[stretches.length - 1] = { from: before.from, to };
  else stretches.push({ from, to });
}
