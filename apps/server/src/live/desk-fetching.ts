import type { DirectoryEntry } from "@svara/contracts";
import { callerNumbers, defaultCallerNumber } from "./caller-numbers.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveRuntime } from "./live-runtime.ts";
import type { DeskAgent, DeskService } from "./live-service.ts";
import type { Fetcher } from "./pick-ups.ts";

/** What the desk lists beside the contacts in hand: parked calls, calls that ring at colleagues, numbers to show. */
export class DeskFetching {
  readonly #runtime: LiveRuntime;

  constructor(runtime: LiveRuntime) {
    this.#runtime = runtime;
  }

  callerIds(agent: Fetcher, clientId: string | undefined): ReturnType<DeskService["callerIds"]> {
    const { model } = this.#runtime;
    const mine = agent.rights.clientsOf("desk.dial_out");
    return [...model.clients.values()]
      .filter(
        ({ id }) => (mine === "all" || mine.includes(id)) && (clientId === undefined || id === clientId),
      )
      .flatMap(({ id }) => {
        const usual = defaultCallerNumber(model, id);
        return callerNumbers(model, id, agent.agentId).map((number) => ({
          numberId: number.id,
          number: number.number,
          label: number.label,
          clientId: id,
          isDefault: number.number === usual,
        }));
      });
  }

  parked(agent: Fetcher): ReturnType<DeskService["parked"]> {
    return this.#runtime.pickUps.parked(agent).map(({ slot, contact, agentId, parkedAt, until }) => ({
      slot,
      contactId: contact.id,
      shortNumber: contact.shortNumber,
      parkedAt,
      returnsAt: until,
      parkedBy: this.#named(agentId),
      ...this.#shown(contact),
    }));
  }

  ringing(agent: Fetcher): ReturnType<DeskService["ringing"]> {
    return this.#runtime.pickUps.ringing(agent).map(({ contact, of, kind, since }) => ({
      contactId: contact.id,
      agent: this.#named(of),
      kind,
      since,
      ...this.#shown(contact),
    }));
  }

  /** Colleagues, queues and, for transfers, entry points whose words fit. */
  directory(agent: DeskAgent, search: string, withEntryPoints: boolean): readonly DirectoryEntry[] {
    const runtime = this.#runtime;
    const { router } = runtime.link;
    const wanted = search.trim().toLocaleLowerCase();
    const fits = (...texts: (string | null)[]): boolean =>
      wanted === "" || texts.some((t) => t?.toLocaleLowerCase().includes(wanted));
    const agents = [...runtime.model.agents.values()]
      .filter((a) => a.id !== agent.agentId && fits(a.name, a.extension))
      .map((a): DirectoryEntry => {
        const view = router.agent(a.id);
        return {
          kind: "agent",
          id: a.id,
          name: a.name,
          state: view?.state ?? "logged_out",
          since: view?.since ?? 0,
          ...(a.extension ? { extension: a.extension } : {}),
          ...(runtime.callings.of(a.id).doNotDisturb ? { doNotDisturb: true } : {}),
        };
      });
    const queues = [...runtime.model.queues.values()]
      .filter((q) => (agent.clients === "all" || agent.clients.includes(q.clientId)) && fits(q.name))
      .map((q): DirectoryEntry => {
        const stats = router.queueStats(q.id);
        return {
          kind: "queue",
          id: q.id,
          name: q.name,
          waiting: stats?.waiting ?? 0,
          available: stats?.agents.available ?? 0,
        };
      });
    const entryPoints = (withEntryPoints ? [...runtime.model.entryPoints.values()] : [])
      .filter((e) => (agent.clients === "all" || agent.clients.includes(e.clientId)) && fits(e.name))
      .map(({ id, name }): DirectoryEntry => ({ kind: "entry_point", id, name }));
    return [...agents, ...queues, ...entryPoints].slice(0, 100);
  }

  #named(agentId: string): { id: string; name: string } {
    return { id: agentId, name: this.#runtime.model.agents.get(agentId)?.name ?? "" };
  }

  #shown({ queueId, customer, facts }: LiveContact) {
    const queue = queueId === undefined ? undefined : this.#runtime.model.queues.get(queueId);
    return {
      queueName: queue?.name ?? null,
      remoteName: customer?.name ?? facts.remoteName ?? null,
      remoteNumber: facts.remoteNumber ?? null,
    };
  }
}
