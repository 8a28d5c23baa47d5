import { addDays, dayOf, localDate, type Period } from "@svara/calendar";
import type { DeskState } from "@svara/contracts";
import { type CountName, KPI_DEFINITIONS, QueueBoard } from "@svara/insight";
import type { AgentId, Clock, ContactId, Disposable, Instant, QueueId } from "@svara/kernel";
import { Disposables, every } from "@svara/kernel";
import { AgentTime, type LedgerDraft } from "@svara/ledger";
import {
  type Database,
  type Ledger,
  readEvents,
  type Tx,
  WHOLE_CENTRE,
  withScope,
} from "../database/index.ts";
import type { CentreModel } from "./centre-model.ts";
import type { LiveRuntime } from "./live-runtime.ts";
import type { FloorMetric, FloorView, InsightService } from "./live-service.ts";
import { predictedWaits } from "./predicted-waits.repository.ts";
import { type PredictedWait, waitAccuracy } from "./wait-accuracy.ts";

/** Enough of yesterday to know who was signed in, and who waited, when the day began. */
const BEFORE_MIDNIGHT_MS = 24 * 3_600_000;

const QUEUE_EVENTS = ["queue.entered", "queue.left"] as const;
const AGENT_EVENTS = [
  "agent.logged_in",
  "agent.logged_out",
  "agent.state_changed",
  "offer.timed_out",
  "segment.started",
] as const;

const COUNT_OF: Readonly<Record<FloorMetric, CountName>> = {
  offered: "offered",
  answered: "answered",
  answered_in_time: "answeredWithin",
  abandoned: "abandoned",
  short_abandoned: "abandonedShort",
  waiting: "waiting",
  flow_out: "flowOut",
};

interface AgentTally {
  time: AgentTime;
  /** Contacts that the agent talked on today; one with a hold in it counts once. */
  readonly handled: Set<ContactId>;
  missed: number;
}

export interface LiveFiguresDeps {
  readonly clock: Clock;
  readonly database: Database;
  readonly ledger: Ledger;
  readonly runtime: LiveRuntime;
}

/**
 * Today's figures of queues and agents: the definitions of the insight package over the ledger, read at start and fed
 * with each event as it is appended. The floor, the desks and the drill-down all ask here.
 */
export class LiveFigures implements InsightService, Disposable {
  readonly #deps: LiveFiguresDeps;
  readonly #open = new Disposables();
  #board: QueueBoard;
  #agents = new Map<AgentId, AgentTally>();
  #date: string;
  #day: Period;

  private constructor(deps: LiveFiguresDeps) {
    this.#deps = deps;
    this.#date = localDate(deps.clock.now(), deps.runtime.model.timeZone);
    this.#day = dayOf(this.#date, deps.runtime.model.timeZone);
    this.#board = new QueueBoard(this.#day);
  }

  static async load(deps: LiveFiguresDeps): Promise<LiveFigures> {
    const figures = new LiveFigures(deps);
    await deps.ledger.flush();
    await figures.#load();
    figures.#open.add(deps.ledger.appended.on((event) => figures.#apply(event)));
    figures.#open.add(deps.runtime.modelChanged.on((model) => figures.#setPolicies(figures.#board, model)));
    figures.#open.add(every(deps.clock, 1_000, () => figures.#rollOver()));
    return figures;
  }

  dispose(): void {
    this.#open.dispose();
  }

  /** The day that "today" is, in the centre's time zone. */
  get date(): string {
    return this.#date;
  }

  get board(): QueueBoard {
    return this.#board;
  }

  /** One agent's day so far. */
  today(agentId: AgentId): DeskState["today"] {
    const tally = this.#agents.get(agentId);
    const now = this.#deps.clock.now();
    const slot = tally?.time.within(this.#day, now).get("voice");
    const ms = (state: keyof NonNullable<typeof slot>["byState"]): number => slot?.byState[state] ?? 0;
    return {
      handled: tally?.handled.size ?? 0,
      talkMs: ms("talking"),
      holdMs: ms("held"),
      wrapUpMs: ms("wrap_up"),
      loggedInMs: slot?.loggedInMs ?? 0,
      notReadyMs: ms("not_ready"),
      missed: tally?.missed ?? 0,
    };
  }

  async contacts(
    view: FloorView,
    question: { readonly queueId?: QueueId; readonly metric: FloorMetric; readonly date: string },
  ): Promise<readonly ContactId[]> {
    const { runtime } = this.#deps;
    const board = question.date === this.#date ? this.#board : await this.#boardOf(question.date);
    const queues = [...runtime.model.queues.values()].filter(
      (q) => view.queue(q) && (question.queueId === undefined || q.id === question.queueId),
    );
    return queues.flatMap((q) => board.queue(q.id).contactsOf(COUNT_OF[question.metric]));
  }

  async waitEstimates(
    view: FloorView,
    question: { readonly queueId?: QueueId; readonly from: string; readonly to: string },
  ): ReturnType<InsightService["waitEstimates"]> {
    const { runtime, database } = this.#deps;
    const { timeZone, queues } = runtime.model;
    const shown = [...queues.values()].filter(
      (q) => view.queue(q) && (question.queueId === undefined || q.id === question.queueId),
    );
    const queueIds = shown.map((q) => q.id);
    const waits: PredictedWait[][] = [];
    for (let date = question.from; date <= question.to; date = addDays(date, 1)) {
      const { from, to } = dayOf(date, timeZone);
      waits.push(
        await withScope(database.db, WHOLE_CENTRE, (tx) => predictedWaits(tx, { queueIds, date, from, to })),
      );
    }
    return waitAccuracy(waits.flat()).map((figures) => ({
      ...figures,
      queueName: queues.get(figures.queueId)?.name ?? "",
    }));
  }

  definitions(): ReturnType<InsightService["definitions"]> {
    return Object.values(KPI_DEFINITIONS).map((d) => ({
      id: d.key,
      code: d.name,
      unit: d.unit,
      formula: `(${terms(d.numerator)}) / (${terms(d.denominator)})`,
    }));
  }

  #setPolicies(board: QueueBoard, model: CentreModel): void {
    for (const queue of model.queues.values()) {
      board.setPolicy(queue.id, {
        thresholdMs: queue.serviceLevelSec * 1_000,
        shortAbandonMs: queue.shortAbandonMs,
      });
    }
  }

  async #load(): Promise<void> {
    const since = this.#day.from - BEFORE_MIDNIGHT_MS;
    const events = await this.#read((tx) =>
      readEvents(tx, { from: since, types: [...QUEUE_EVENTS, ...AGENT_EVENTS] }),
    );
    this.#setPolicies(this.#board, this.#deps.runtime.model);
    for (const event of events) this.#apply(event);
  }

  async #boardOf(date: string): Promise<QueueBoard> {
    const period = dayOf(date, this.#deps.runtime.model.timeZone);
    const board = new QueueBoard(period);
    this.#setPolicies(board, this.#deps.runtime.model);
    const events = await this.#read((tx) => readEvents(tx, { from: period.from, types: QUEUE_EVENTS }));
    for (const event of events) board.apply(event);
    return board;
  }

  #read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return withScope(this.#deps.database.db, WHOLE_CENTRE, work);
  }

  #apply(event: LedgerDraft): void {
    if (this.#board.apply(event)) return;
    switch (event.type) {
      case "agent.logged_in":
      case "agent.logged_out":
      case "agent.state_changed":
        return this.#agent(event.agentId).time.apply(event);
      case "offer.timed_out":
        if (this.#isToday(event.at)) this.#agent(event.agentId).missed++;
        return;
      case "segment.started": {
        const { party, kind } = event.payload;
        if (party === "handler" && kind === "talk" && event.agentId && this.#isToday(event.at)) {
          this.#agent(event.agentId).handled.add(event.contactId);
        }
        return;
      }
    }
  }

  #isToday(at: Instant): boolean {
    return at >= this.#day.from;
  }

  #agent(agentId: AgentId): AgentTally {
    const known = this.#agents.get(agentId);
    if (known) return known;
    const made = { time: new AgentTime(), handled: new Set<ContactId>(), missed: 0 };
    this.#agents.set(agentId, made);
    return made;
  }

  /** At midnight of the centre (or when its time zone changes) the figures begin anew. */
  #rollOver(): void {
    const date = localDate(this.#deps.clock.now(), this.#deps.runtime.model.timeZone);
    if (date === this.#date) return;
    this.#date = date;
    this.#day = dayOf(date, this.#deps.runtime.model.timeZone);
    this.#board.rollTo(this.#day);
    for (const tally of this.#agents.values()) {
      tally.time = fromNow(tally.time);
      tally.handled.clear();
      tally.missed = 0;
    }
  }
}

/** The time of an agent who is signed in, without what is past: who they are and what they are at goes on. */
function fromNow(before: AgentTime): AgentTime {
  const time = new AgentTime();
  const session = before.current;
  if (!session) return time;
  const lasting = session.spans.filter((span) => span.to === undefined);
  const agentId = "" as AgentId; // the reducer is one agent's and does not look
  time.apply({
    type: "agent.logged_in",
    at: session.from,
    agentId,
    payload: { sessionId: session.sessionId, slots: lasting.map((span) => span.slot) },
  });
  for (const { slot, state, reason, paid, productive, from } of lasting) {
    time.apply({
      type: "agent.state_changed",
      at: from,
      agentId,
      payload: { slot, state, paid, productive, ...(reason === undefined ? {} : { reason }) },
    });
  }
  return time;
}

function terms(sum: Readonly<Record<string, number | undefined>>): string {
  return Object.entries(sum)
    .map(([name, sign], i) => (sign === -1 ? `- ${name}` : i === 0 ? name : `+ ${name}`))
    .join(" ");
}
