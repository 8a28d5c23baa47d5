import { type Clock, type Disposable, Disposables, type TrunkId } from "@svara/kernel";
import type { PingOutcome, SipLog, UserAgent } from "@svara/sip";
import type { SwitchEventBody } from "../switch.ts";
import type { Directory, TrunkAccount } from "./directory.ts";
import { peersOf, peerUri } from "./trunk-peers.ts";

/** A trunk as it is looked after. */
interface Kept {
  /** What the registration was made of: when it changes, the registration begins anew. */
  readonly account: string;
  readonly keepAliveMs: number;
  /** Ends the registration, where there is one. */
  stop: () => void;
  /** Undefined until something was heard of it. */
  up: boolean | undefined;
  /** OPTIONS without an answer, one after the other. */
  misses: number;
  downSince: number;
  nextPing: Disposable | undefined;
}

export interface TrunkKeeperDeps {
  readonly agent: Pick<UserAgent, "registerTrunk" | "ping">;
  readonly clock: Clock;
  readonly log: SipLog;
  readonly directory: Directory;
  /** How often peers are asked whether they live, where the trunk does not say; 0 never. */
  readonly pingMs: number;
  readonly emit: (event: SwitchEventBody) => void;
}

/** One lost OPTIONS may be the network's; the second in a row is the trunk's. */
const MISSES_TO_DOWN = 2;
/** A trunk of which nothing was heard, or that failed a call, is asked again after this. */
const DOUBT_PING_MS = 5_000;
/** Who has not answered OPTIONS by then has missed it: the transaction itself would wait for 32 s. */
const PING_LIMIT_MS = 4_000;
/** A trunk that nobody asks is given another chance by a call after this. */
const UNASKED_DOWN_MS = 30_000;

/** Keeps trunks registered and known to live or not: by REGISTER, by OPTIONS to every other peer, by what calls come to. */
export class TrunkKeeper implements Disposable {
  readonly #deps: TrunkKeeperDeps;
  readonly #kept = new Map<TrunkId, Kept>();
  readonly #open = new Disposables();

  constructor(deps: TrunkKeeperDeps) {
    this.#deps = deps;
    this.#open.add(deps.directory.changed.on(() => this.#sync()));
    this.#sync();
  }

  dispose(): void {
    this.#open.dispose();
    for (const kept of this.#kept.values()) this.#release(kept);
    this.#kept.clear();
  }

  /** Whether calls had better go another way now. */
  isDown(trunkId: TrunkId): boolean {
    const kept = this.#kept.get(trunkId);
    if (kept?.up !== false) return false;
    const trunk = this.#deps.directory.trunk(trunkId);
    const isAsked = kept.keepAliveMs > 0 || trunk?.register === true;
    return isAsked || this.#deps.clock.now() - kept.downSince < UNASKED_DOWN_MS;
  }

  /** A call over the trunk came somewhere. */
  worked(trunkId: TrunkId): void {
    const kept = this.#kept.get(trunkId);
    if (kept) this.#mark(trunkId, kept, true, "");
  }

  /** A call over the trunk was not taken by any of its peers. */
  failed(trunkId: TrunkId, reason: string): void {
    const kept = this.#kept.get(trunkId);
    const trunk = this.#deps.directory.trunk(trunkId);
    if (!kept || !trunk) return;
    this.#mark(trunkId, kept, false, reason);
    if (kept.keepAliveMs > 0 && !trunk.register) this.#pingAfter(trunk, kept, DOUBT_PING_MS);
  }

  /** Brings registrations in line with the directory: new trunks begin, changed ones begin anew, removed ones stop. */
  #sync(): void {
    const wanted = new Map(this.#deps.directory.trunks().map((t) => [t.trunkId, t]));
    for (const [id, kept] of this.#kept) {
      const trunk = wanted.get(id);
      if (trunk && accountOf(trunk) === kept.account) continue;
      this.#release(kept);
      this.#kept.delete(id);
    }
    for (const trunk of wanted.values()) {
      if (this.#kept.has(trunk.trunkId)) continue;
      const kept: Kept = {
        account: accountOf(trunk),
        keepAliveMs: trunk.keepAliveMs ?? this.#deps.pingMs,
        stop: () => undefined,
        up: undefined,
        misses: 0,
        downSince: 0,
        nextPing: undefined,
      };
      this.#kept.set(trunk.trunkId, kept);
      if (trunk.register) this.#register(trunk, kept);
      else if (kept.keepAliveMs > 0) void this.#ping(trunk, kept);
    }
  }

  #release(kept: Kept): void {
    kept.stop();
    kept.nextPing?.dispose();
  }

  #register(trunk: TrunkAccount, kept: Kept): void {
    const { outbound, trunkId } = trunk;
    const [peer] = peersOf(trunk);
    if (!peer || !outbound) return this.#mark(trunkId, kept, false, "no peer or no account to register with");
    try {
      const registration = this.#deps.agent.registerTrunk({
        registrar: peerUri(peer),
        user: outbound.username,
        credentials: outbound,
      });
      const watching = registration.changed.on(({ state, status, reason }) => {
        if (state === "registered") this.#mark(trunkId, kept, true, "");
        if (state === "failed") this.#mark(trunkId, kept, false, `${status ?? ""} ${reason ?? ""}`.trim());
      });
      kept.stop = () => {
        watching.dispose();
        registration.stop().catch((error: unknown) => this.#unreachable(trunkId, error));
      };
    } catch (error) {
      // one trunk with an address that is none must not keep the others from working
      this.#unreachable(trunkId, error);
      this.#mark(trunkId, kept, false, String(error));
    }
  }

  #pingAfter(trunk: TrunkAccount, kept: Kept, delayMs: number): void {
    if (this.#kept.get(trunk.trunkId) !== kept) return;
    kept.nextPing?.dispose();
    kept.nextPing = this.#deps.clock.after(delayMs, () => void this.#ping(trunk, kept));
  }

  async #ping(trunk: TrunkAccount, kept: Kept): Promise<void> {
    const { trunkId } = trunk;
    try {
      const outcome = await this.#firstAnswer(trunk);
      if (!outcome) return;
      if (outcome.kind === "answered" && outcome.status !== 503) this.#mark(trunkId, kept, true, "");
      else if (outcome.kind === "answered") this.#mark(trunkId, kept, false, "503 to OPTIONS");
      else if (++kept.misses >= MISSES_TO_DOWN) this.#mark(trunkId, kept, false, "no answer to OPTIONS");
    } catch (error) {
      this.#unreachable(trunkId, error);
      this.#mark(trunkId, kept, false, String(error));
    }
    const inDoubt = kept.misses > 0 && kept.misses < MISSES_TO_DOWN;
    this.#pingAfter(trunk, kept, inDoubt ? Math.min(DOUBT_PING_MS, kept.keepAliveMs) : kept.keepAliveMs);
  }

  /** The answer of the first peer that gives a good one, else of the last. */
  async #firstAnswer(trunk: TrunkAccount): Promise<PingOutcome | undefined> {
    let last: PingOutcome | undefined;
    for (const peer of peersOf(trunk)) {
      last = await this.#pingWithin(peerUri(peer));
      if (last.kind === "answered" && last.status !== 503) return last;
    }
    return last;
  }

  async #pingWithin(uri: string): Promise<PingOutcome> {
    let limit: Disposable | undefined;
    const late = new Promise<PingOutcome>((resolve) => {
      const silent = { kind: "no_answer", cause: "timeout" } as const;
      limit = this.#deps.clock.after(PING_LIMIT_MS, () => resolve(silent));
    });
    try {
      return await Promise.race([this.#deps.agent.ping(uri), late]);
    } finally {
      limit?.dispose();
    }
  }

  #mark(trunkId: TrunkId, kept: Kept, up: boolean, reason: string): void {
    if (up) kept.misses = 0;
    else kept.downSince = this.#deps.clock.now();
    if (kept.up === up || this.#kept.get(trunkId) !== kept) return;
    const wasKnown = kept.up !== undefined;
    kept.up = up;
    // what a call came to tells only of a change; registration and OPTIONS tell of the beginning, too
    if (!up) this.#deps.emit({ type: "trunk.down", trunkId, reason });
    else if (wasKnown || kept.keepAliveMs > 0 || this.#deps.directory.trunk(trunkId)?.register)
      this.#deps.emit({ type: "trunk.up", trunkId });
  }

  #unreachable(trunkId: TrunkId, error: unknown): void {
    this.#deps.log.warn({ trunkId, error: String(error) }, "trunk could not be reached");
  }
}

/** What decides where and as whom we register and ask; a new name or caller number does not. */
function accountOf({ peer, morePeers, outbound, register, keepAliveMs }: TrunkAccount): string {
  return JSON.stringify({ peer, morePeers, outbound, register, keepAliveMs });
}
