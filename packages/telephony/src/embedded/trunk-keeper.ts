import { type Clock, type Disposable, Disposables, every, type TrunkId } from "@svara/kernel";
import type { TrunkRegistration, UserAgent } from "@svara/sip";
import type { SwitchEventBody } from "../switch.ts";
import type { Directory, TrunkAccount } from "./directory.ts";

interface Kept {
  readonly account: string;
  registration: TrunkRegistration | undefined;
  up: boolean | undefined;
}

/** Keeps trunks registered and known to live or not: REGISTER where asked for, OPTIONS to every peer. */
export class TrunkKeeper implements Disposable {
  readonly #deps: {
    readonly agent: UserAgent;
    readonly clock: Clock;
    readonly directory: Directory;
    readonly pingMs: number;
    readonly emit: (event: SwitchEventBody) => void;
  };
  readonly #kept = new Map<TrunkId, Kept>();
  readonly #open = new Disposables();

  constructor(deps: {
    agent: UserAgent;
    clock: Clock;
    directory: Directory;
    pingMs: number;
    emit: (event: SwitchEventBody) => void;
  }) {
    this.#deps = deps;
    this.#open.add(deps.directory.changed.on(() => this.#sync()));
    if (deps.pingMs > 0) this.#open.add(every(deps.clock, deps.pingMs, () => this.#pingAll()));
    this.#sync();
  }

  dispose(): void {
    this.#open.dispose();
    for (const kept of this.#kept.values()) void kept.registration?.stop();
    this.#kept.clear();
  }

  /** Brings registrations in line with the directory: new trunks begin, changed ones begin anew, removed ones stop. */
  #sync(): void {
    const wanted = new Map(this.#deps.directory.trunks().map((t) => [t.trunkId, t]));
    for (const [id, kept] of this.#kept) {
      const trunk = wanted.get(id);
      if (trunk && JSON.stringify(trunk) === kept.account) continue;
      void kept.registration?.stop();
      this.#kept.delete(id);
    }
    for (const trunk of wanted.values()) {
      if (this.#kept.has(trunk.trunkId)) continue;
      const kept: Kept = { account: JSON.stringify(trunk), registration: undefined, up: undefined };
      this.#kept.set(trunk.trunkId, kept);
      if (trunk.register) this.#register(trunk, kept);
      else if (this.#deps.pingMs > 0) void this.#ping(trunk, kept);
    }
  }

  #register(trunk: TrunkAccount, kept: Kept): void {
    const { peer, outbound, trunkId } = trunk;
    if (!peer || !outbound) return;
    const uri = `sip:${peer.host}:${peer.port};transport=${peer.transport}`;
    const registration = this.#deps.agent.registerTrunk({
      registrar: uri,
      user: outbound.username,
      credentials: outbound,
    });
    kept.registration = registration;
    this.#open.add(
      registration.changed.on(({ state, status, reason }) => {
        if (state === "registered") this.#mark(trunkId, kept, true, "");
        if (state === "failed") this.#mark(trunkId, kept, false, `${status ?? ""} ${reason ?? ""}`.trim());
      }),
    );
  }

  #pingAll(): void {
    for (const trunk of this.#deps.directory.trunks()) {
      const kept = this.#kept.get(trunk.trunkId);
      if (kept && !trunk.register) void this.#ping(trunk, kept);
    }
  }

  async #ping(trunk: TrunkAccount, kept: Kept): Promise<void> {
    const { peer } = trunk;
    if (!peer) return;
    const outcome = await this.#deps.agent.ping(`sip:${peer.host}:${peer.port};transport=${peer.transport}`);
    this.#mark(trunk.trunkId, kept, outcome.kind === "answered", "no answer to OPTIONS");
  }

  #mark(trunkId: TrunkId, kept: Kept, up: boolean, reason: string): void {
    if (kept.up === up || this.#kept.get(trunkId) !== kept) return;
    kept.up = up;
    this.#deps.emit(up ? { type: "trunk.up", trunkId } : { type: "trunk.down", trunkId, reason });
  }
}
