import type { Calling, DiversionCase, DiversionTarget } from "@svara/contracts";
import type { AgentId } from "@svara/kernel";
import type { LiveStore } from "./live-store.ts";

/** What holds for an agent who never chose anything. */
export const PLAIN_CALLING: Calling = {
  doNotDisturb: false,
  diversions: { always: null, busy: null, no_answer: null, unreachable: null },
};

export interface AgentCallingsDeps {
  readonly store: Pick<LiveStore, "callingSaved">;
  readonly warn: (message: string, detail: object) => void;
}

/** What agents chose about the calls that come to them; it outlasts sign-outs and restarts. */
export class AgentCallings {
  readonly #deps: AgentCallingsDeps;
  readonly #callings = new Map<AgentId, Calling>();
  /** Whose last choice could not be stored: it holds until the server stops. */
  readonly #unkept = new Set<AgentId>();
  #written: Promise<void> = Promise.resolve();

  constructor(deps: AgentCallingsDeps) {
    this.#deps = deps;
  }

  /** Takes up what a run before this one kept. */
  restore(kept: ReadonlyMap<AgentId, Calling>): void {
    for (const [agentId, calling] of kept) this.#callings.set(agentId, calling);
  }

  of(agentId: AgentId): Calling {
    return this.#callings.get(agentId) ?? PLAIN_CALLING;
  }

  /** Where a direct call goes in this case; undefined: it is not diverted. */
  diversion(agentId: AgentId, when: DiversionCase): DiversionTarget | undefined {
    return this.of(agentId).diversions[when] ?? undefined;
  }

  set(agentId: AgentId, calling: Calling): void {
    this.#callings.set(agentId, calling);
    const { store, warn } = this.#deps;
    this.#written = this.#written
      .then(() => store.callingSaved(agentId, calling))
      .then(() => void this.#unkept.delete(agentId))
      .catch((error: unknown) => {
        this.#unkept.add(agentId);
        warn("an agent's calling was not kept", { agentId, error: String(error) });
      });
  }

  /** Resolves when everything chosen so far is stored, or was refused. */
  settled(): Promise<void> {
    return this.#written;
  }

  /** Whether what the agent chose last holds over a restart. */
  isKept(agentId: AgentId): boolean {
    return !this.#unkept.has(agentId);
  }
}
