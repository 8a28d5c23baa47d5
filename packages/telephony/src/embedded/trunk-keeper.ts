import { type Clock, type Disposable, Disposables, every, type TrunkId } from "@svara/kernel";
import type { SipLog, UserAgent } from "@svara/sip";
import type { SwitchEventBody } from "../switch.ts";
import type { Directory, TrunkAccount } from "./directory.ts";

/** A trunk as it is looked after. */
interface Kept {
  /** What the registration was made of: when it changes, the registration begins anew. */
  readonly account: string;
  /** Ends the registration, where there is one. */
  stop: () => void;
  up: boolean | undefined;
}

export interface TrunkKeeperDeps {
  readonly agent: Pick<UserAgent, "registerTrunk" | "ping">;
  readonly clock: Clock;
  readonly log: SipLog;
  readonly directory: Directory;
  /** How often peers are asked whether they live; 0 never. */
  readonly pingMs: number;
  readonly emit: (event: SwitchEventBody) => void;
}

/** Keeps trunks registered and known to live or not: REGISTER where asked for, OPTIONS to every other peer. */
export class TrunkKeeper implements Disposable {
  readonly #deps: TrunkKeeperDeps;
  readonly #kept = new Map<TrunkId, Kept>();
  readonly #open = new Disposables();

  constructor(deps: TrunkKeeperDeps) {
    this.#deps = deps;
    this.#open.add(deps.directory.changed.on(() => this.#sync()));
    if (deps.pingMs > 0) this.#open.add(every(deps.clock, deps.pingMs, () => this.#pingAll()));
    this.#sync();
  }

  dispose(): void {
    this.#open.dispose();
    for (const kept of this.#kept.values()) kept.stop();
    this.#kept.clear();
  }

  /** Brings registrations in line with the directory: new trunks begin, changed ones begin anew, removed ones stop. */
  #sync(): void {
    const wanted = new Map(this.#deps.directory.trunks().map((t) => [t.trunkId, t]));
    for (const [id, kept] of this.#kept) {
      const trunk = wanted.get(id);
      if (trunk && accountOf(trunk) === kept.account) continue;
      kept.stop();
      this.#kept.delete(id);
    }
    for (const trunk of wanted.values()) {
      if (this.#kept.has(trunk.trunkId)) continue;
      const kept: Kept = { account: accountOf(trunk), stop: () => undefined, up: undefined };
      this.#kept.set(trunk.trunkId, kept);
      if (trunk.register) this.#register(trunk, kept);
      else if (this.#deps.pingMs > 0) void this.#ping(trunk, kept);
    }
  }

  #register(trunk: TrunkAccount, kept: Kept): void {
    const { outbound, trunkId } = trunk;
    const registrar = uriOf(trunk);
    if (!registrar || !outbound)
      return this.#mark(trunkId, kept, false, "no peer or no account to register with");
    try {
      const registration = this.#deps.agent.registerTrunk({
        registrar,
        user: outbound.username,
        credentials: outbound,
      });
      const watching = registration.changed.on(({ state, status, reason }) => {
        if (state === "registered") this.#mark(trunkId, kept, true, "");
        if (state === "failed") this.#mark(trunkId, kept, false, `${status ?? ""} ${reason ?? ""}`.trim());
      });
      kept.stop = () => {
        watching.dispose();
        registration.stop().catch((error: unknown) => this.#failed(trunkId, error));
      };
    } catch (error) {
      // one trunk with an address that is none must not keep the others from working
      this.#failed(trunkId, error);
      this.#mark(trunkId, kept, false, String(error));
    }
  }

  #pingAll(): void {
    for (const trunk of this.#deps.directory.trunks()) {
      const kept = this.#kept.get(trunk.trunkId);
      if (kept && !trunk.register) void this.#ping(trunk, kept);
    }
  }

  async #ping(trunk: TrunkAccount, kept: Kept): Promise<void> {
    const uri = uriOf(trunk);
    if (!uri) return;
    try {
      const outcome = await this.#deps.agent.ping(uri);
      this.#mark(trunk.trunkId, kept, outcome.kind === "answered", "no answer to OPTIONS");
    } catch (error) {
      this.#failed(trunk.trunkId, error);
      this.#mark(trunk.trunkId, kept, false, String(error));
    }
  }

  #mark(trunkId: TrunkId, kept: Kept, up: boolean, reason: string): void {
    if (kept.up === up || this.#kept.get(trunkId) !== kept) return;
    kept.up = up;
    this.#deps.emit(up ? { type: "trunk.up", trunkId } : { type: "trunk.down", trunkId, reason });
  }

  #failed(trunkId: TrunkId, error: unknown): void {
    this.#deps.log.warn({ trunkId, error: String(error) }, "trunk could not be reached");
  }
}

function uriOf({ peer }: TrunkAccount): string | undefined {
  return peer && `sip:${peer.host}:${peer.port};transport=${peer.transport}`;
}

/** What decides where and as whom we register; a new name or caller number does not. */
function accountOf({ peer, outbound, register }: TrunkAccount): string {
  return JSON.stringify({ peer, outbound, register });
}
