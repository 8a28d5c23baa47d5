import type { FloorDelta, FloorState, Monitor, MonitorMode, PresenceChoice } from "@svara/contracts";
import type { AgentId, ContactId, Disposable, QueueId } from "@svara/kernel";
import type { AgentState } from "@svara/routing";
import type { ModelAgent, ModelQueue, Rights } from "./centre-model.ts";
import { presenceChoice, reasonCode, shownState } from "./desk-view.ts";
import { contactOf, itemOf } from "./item-id.ts";
import type { LiveFigures } from "./live-figures.ts";
import type { LiveRuntime } from "./live-runtime.ts";
import type { FloorService, FloorView } from "./live-service.ts";
import type { RunningMonitor, Supervisor } from "./monitoring.ts";

export interface FloorServiceDeps {
  readonly runtime: LiveRuntime;
  readonly figures: Pick<LiveFigures, "board" | "date" | "today">;
  readonly flush: () => Promise<void>;
}

/** The floor is looked at this often while somebody watches: live within a second, and cheap. */
const PERIOD_MS = 500;

/** An agent in one of these is in a call that can be listened to. */
const IN_CALL: ReadonlySet<string> = new Set(["talking", "held", "consulting", "conferenced", "parked"]);

interface Watcher {
  readonly view: FloorView;
  readonly listeners: Set<(delta: FloorDelta) => void>;
  sent: FloorState;
}

/** Queues and agents as they are now, for supervisors. */
export class LiveFloor implements FloorService {
  readonly #deps: FloorServiceDeps;
  readonly #watchers = new Map<string, Watcher>();
  #timer: Disposable | undefined;

  constructor(deps: FloorServiceDeps) {
    this.#deps = deps;
  }

  state(view: FloorView): FloorState {
    const { runtime, figures } = this.#deps;
    const queues = [...runtime.model.queues.values()].filter((q) => view.queue(q));
    const agents = [...runtime.model.agents.values()].filter((a) => view.agent(placeOf(a)));
    const rows = agents.flatMap((a) => this.#agent(a) ?? []);
    const totals = figures.board.totals(queues.map((q) => q.id));
    const now = runtime.clock.now();
    return {
      date: figures.date,
      queues: queues.map((q) => this.#queue(q)),
      agents: rows,
      totals: {
        waiting: totals.waitingNow,
        longestWaitMs: totals.oldestEnqueuedAt === undefined ? 0 : Math.max(0, now - totals.oldestEnqueuedAt),
        ...(totals.oldestEnqueuedAt === undefined ? {} : { oldestEnqueuedAt: totals.oldestEnqueuedAt }),
        offered: totals.counts.offered,
        answered: totals.counts.answered,
        abandoned: totals.counts.abandoned,
        serviceLevel: totals.serviceLevel.value,
        definition: totals.serviceLevel.key,
        agentsLoggedIn: rows.filter((a) => a.state !== "logged_out").length,
        agentsAvailable: rows.filter((a) => a.state === "available").length,
        agentsTalking: rows.filter(
          (a) => a.state === "talking" || a.state === "held" || a.state === "consulting",
        ).length,
      },
    };
  }

  watch(view: FloorView, listener: (delta: FloorDelta) => void): Disposable {
    const watcher = this.#watchers.get(view.key) ?? { view, listeners: new Set(), sent: this.state(view) };
    this.#watchers.set(view.key, watcher);
    watcher.listeners.add(listener);
    this.#arm();
    return {
      dispose: () => {
        if (watcher.listeners.delete(listener) && watcher.listeners.size === 0)
          this.#watchers.delete(view.key);
      },
    };
  }

  waiting(queueId: QueueId): ReturnType<FloorService["waiting"]> {
    const { runtime } = this.#deps;
    const { router } = runtime.link;
    return router.waitingItems(queueId).map((item) => ({
      contactId: contactOf(item.id),
      shortNumber: this.#shortNumber(contactOf(item.id)),
      enqueuedAt: item.queuedAt,
      priority: item.priority ?? runtime.model.queues.get(queueId)?.priority ?? 0,
      state: router.estimate(item.id)?.basis === "ringing" ? "ringing" : "waiting",
      position: router.position(item.id) ?? null,
      expectedMs: router.estimatedWaitMs(item.id) ?? null,
      stepsTaken: router.explainWait(item.id)?.step ?? 0,
      callback: item.callback !== undefined,
    }));
  }

  explain(view: FloorView, contactId: ContactId): ReturnType<FloorService["explain"]> {
    const { router } = this.#deps.runtime.link;
    const explanation = this.#shows(view, contactId) ? router.explainWait(itemOf(contactId)) : undefined;
    return explanation && { shortNumber: this.#shortNumber(contactId), explanation };
  }

  whyNot(view: FloorView, contactId: ContactId, agentId: AgentId): ReturnType<FloorService["whyNot"]> {
    const { model, link } = this.#deps.runtime;
    const agent = model.agents.get(agentId);
    if (!agent || !view.agent(placeOf(agent)) || !this.#shows(view, contactId)) return undefined;
    return link.router.whyNot(itemOf(contactId), agentId);
  }

  /** Whether the contact waits in a queue that the view shows. */
  #shows(view: FloorView, contactId: ContactId): boolean {
    const { model, link } = this.#deps.runtime;
    const item = link.router.item(itemOf(contactId));
    const queue = item && model.queues.get(item.queueId);
    return queue !== undefined && view.queue(queue);
  }

  #shortNumber(contactId: ContactId): number {
    const { contacts, callbacks } = this.#deps.runtime;
    return callbacks.get(itemOf(contactId))?.shortNumber ?? contacts.byId(contactId)?.shortNumber ?? 0;
  }

  async setPresence(_by: string, agentId: AgentId, presence: PresenceChoice): Promise<void> {
    const { runtime, flush } = this.#deps;
    runtime.act(() => runtime.agents.force(agentId, runtime.agents.presenceOf(presence)));
    await flush();
  }

  async logOut(_by: string, agentId: AgentId): Promise<void> {
    this.#deps.runtime.act(() => this.#deps.runtime.agents.force(agentId, null));
    await this.#deps.flush();
  }

  monitors(rights: Rights): readonly Monitor[] {
    return this.#deps.runtime.monitoring.list(rights).map((monitor) => this.#shown(monitor));
  }

  startMonitor(by: Supervisor, call: Parameters<FloorService["startMonitor"]>[1]): Promise<Monitor> {
    return this.#monitored(() => this.#deps.runtime.monitoring.start(by, call));
  }

  changeMonitor(by: Supervisor, id: string, mode: MonitorMode): Promise<Monitor> {
    return this.#monitored(() => this.#deps.runtime.monitoring.change(by, id, mode));
  }

  async takeOver(by: Supervisor, id: string): Promise<ContactId> {
    const { runtime, flush } = this.#deps;
    const contact = runtime.act(() => runtime.monitoring.takeOver(by, id));
    await flush();
    return contact.id;
  }

  async stopMonitor(by: Supervisor, id: string): Promise<void> {
    const { runtime, flush } = this.#deps;
    runtime.act(() => runtime.monitoring.stop(by, id));
    await flush();
  }

  async #monitored(work: () => RunningMonitor): Promise<Monitor> {
    const monitor = this.#deps.runtime.act(work);
    await this.#deps.flush();
    return this.#shown(monitor);
  }

  #queue(queue: ModelQueue): FloorState["queues"][number] {
    const { runtime, figures } = this.#deps;
    const now = runtime.clock.now();
    const day = figures.board.queue(queue.id).figures(now);
    const stats = runtime.link.router.queueStats(queue.id);
    const count = (...states: AgentState[]): number =>
      states.reduce((sum, s) => sum + (stats?.agents[s] ?? 0), 0);
    return {
      id: queue.id,
      name: queue.name,
      clientId: queue.clientId,
      medium: "voice",
      waiting: day.waitingNow,
      longestWaitMs: day.oldestWaitingMs,
      ...(day.oldestEnqueuedAt === undefined ? {} : { oldestEnqueuedAt: day.oldestEnqueuedAt }),
      agents: {
        available: count("available"),
        reserved: count("reserved"),
        talking: count("talking", "held", "consulting", "conferenced", "dialing", "busy_other"),
        wrap_up: count("wrap_up"),
        not_ready: count("not_ready"),
      },
      serviceLevel: day.serviceLevel.value,
      serviceLevelTarget: queue.serviceLevelTarget,
      thresholdSec: queue.serviceLevelSec,
      definition: day.serviceLevel.key,
      offered: day.counts.offered,
      answered: day.counts.answered,
      abandoned: day.counts.abandoned,
      shortAbandoned: day.counts.abandonedShort,
      flowOut: day.counts.flowOut,
      abandonRate: day.abandonRate.value,
      answerRate: day.answerRate.value,
      averageAnswerMs: day.averageAnswerMs.value === null ? null : Math.round(day.averageAnswerMs.value),
    };
  }

  /** Agents who are signed in; the others are not on the floor. */
  #agent(agent: ModelAgent): FloorState["agents"][number] | undefined {
    const { runtime, figures } = this.#deps;
    const view = runtime.link.router.agent(agent.id);
    if (!view?.loggedIn) return undefined;
    const reason = reasonCode(view, runtime.agents.agent(agent.id));
    const work = view.handlings[0];
    return {
      id: agent.id,
      name: agent.name,
      ...(agent.teamId ? { teamId: agent.teamId } : {}),
      ...(agent.siteId ? { siteId: agent.siteId } : {}),
      state: shownState(runtime, agent.id, view.state),
      since: view.since,
      presence: presenceChoice(view.presence),
      ...(reason ? { reasonId: reason } : {}),
      ...(work ? { contactId: contactOf(work.itemId), medium: work.medium } : {}),
      ...(work?.queueId ? { queueId: work.queueId } : {}),
      handledToday: figures.today(agent.id).handled,
      ...this.#call(agent.id),
      ...(runtime.callings.of(agent.id).doNotDisturb ? { doNotDisturb: true } : {}),
    };
  }

  /** The call that the agent is in, for who wants to listen. */
  #call(agentId: AgentId): Pick<FloorState["agents"][number], "talking" | "quality" | "monitors"> {
    const { runtime } = this.#deps;
    const contact = runtime.contacts
      .ofAgent(agentId)
      .find((one) => IN_CALL.has(one.handlerOf(agentId)?.state ?? ""));
    if (!contact) return {};
    const monitors = runtime.monitoring.of(contact).filter((monitor) => monitor.agentId === agentId);
    return {
      talking: true,
      ...(contact.quality ? { quality: contact.quality } : {}),
      ...(monitors.length === 0
        ? {}
        : {
            monitors: monitors.map(({ id, supervisorId, mode }) => ({
              id,
              supervisorId,
              name: this.#nameOf(supervisorId),
              mode,
            })),
          }),
    };
  }

  #nameOf(agentId: AgentId): string {
    return this.#deps.runtime.model.agents.get(agentId)?.name ?? "";
  }

  #shown({ id, contact, agentId, supervisorId, mode, state, since }: RunningMonitor): Monitor {
    const supervisor = { id: supervisorId, name: this.#nameOf(supervisorId) };
    return { id, contactId: contact.id, agentId, mode, state, since, supervisor };
  }

  #arm(): void {
    if (this.#timer || this.#watchers.size === 0) return;
    this.#timer = this.#deps.runtime.clock.after(PERIOD_MS, () => {
      this.#timer = undefined;
      for (const watcher of this.#watchers.values()) this.#publish(watcher);
      this.#arm();
    });
  }

  #publish(watcher: Watcher): void {
    const now = this.state(watcher.view);
    const delta = changes(watcher.sent, now);
    watcher.sent = now;
    if (Object.keys(delta).length > 0) for (const listener of watcher.listeners) listener(delta);
  }
}

/** Where the agent stands, for views. */
function placeOf({ id, teamId, siteId }: ModelAgent): Parameters<FloorView["agent"]>[0] {
  return { id, ...(teamId ? { teamId } : {}), ...(siteId ? { siteId } : {}) };
}

/** Rows that differ, ids that went. The age of the longest wait alone is no change: screens count it on themselves. */
function changes(before: FloorState, now: FloorState): FloorDelta {
  const queues = changedRows(before.queues, now.queues);
  const agents = changedRows(before.agents, now.agents);
  return {
    ...(before.date === now.date ? {} : { date: now.date }),
    ...(queues.changed.length > 0 ? { queues: queues.changed } : {}),
    ...(queues.gone.length > 0 ? { queuesGone: queues.gone } : {}),
    ...(agents.changed.length > 0 ? { agents: agents.changed } : {}),
    ...(agents.gone.length > 0 ? { agentsGone: agents.gone } : {}),
    ...(essence(before.totals) === essence(now.totals) ? {} : { totals: now.totals }),
  };
}

function changedRows<T extends { id: string }>(
  before: readonly T[],
  now: readonly T[],
): { changed: T[]; gone: string[] } {
  const old = new Map(before.map((row) => [row.id, essence(row)]));
  const present = new Set(now.map((row) => row.id));
  return {
    changed: now.filter((row) => old.get(row.id) !== essence(row)),
    gone: before.filter((row) => !present.has(row.id)).map((row) => row.id),
  };
}

function essence(row: object): string {
  return JSON.stringify({ ...row, longestWaitMs: 0 });
}
