import { type Clock, type Disposable, Signal } from "@svara/kernel";
import { MediaError } from "./media-error.ts";
import type { MediaCommand, MediaEvent, MediaHost, MediaResult } from "./media-host.ts";

/** A media host that can be ended without its doing: what hangs answers to no command. */
export interface KillableHost extends MediaHost {
  kill?(): Promise<void>;
}

export interface HostSlotDeps {
  readonly clock: Clock;
  /** Makes a host; without it there is no other after the death of the first. */
  readonly start: (() => Promise<KillableHost>) | undefined;
  /** Not a sign of life for this long: the host hangs, and is killed. 0: never. */
  readonly hangLimitMs: number;
  readonly warn: (message: string, detail: object) => void;
}

/** A host that lived this long died of something new. */
const HEALTHY_MS = 30_000;
/** Wait before the second, third, ... start within `HEALTHY_MS`; the first is at once. */
const FIRST_BACK_OFF_MS = 250;
const MAX_BACK_OFF_MS = 10_000;

/**
 * One place of the pool: a media host, and after its death another.
 *
 *    idle --open--> starting --> running --host.failed--> waiting --back-off--> starting
 *    idle --adopt--> running
 *    each of them --close--> closed
 */
export class HostSlot {
  readonly index: number;
  /** What its hosts report; `generation` tells one host of this place from the next. */
  readonly events = new Signal<MediaEvent>();
  readonly lost = new Signal<{ readonly reason: string }>();
  /** Running again after a death. */
  readonly back = new Signal<void>();
  /** Legs placed here; kept by the pool. */
  legs = 0;
  readonly #deps: HostSlotDeps;
  #host: KillableHost | undefined;
  #state: "idle" | "starting" | "running" | "waiting" | "closed" = "idle";
  #generation = 0;
  #startedAt = 0;
  #deathsInARow = 0;
  #heardAt = 0;
  #timer: Disposable | undefined;

  constructor(index: number, deps: HostSlotDeps) {
    this.index = index;
    this.#deps = deps;
  }

  /** Which of its hosts is here now; a leg of an earlier one is lost. */
  get generation(): number {
    return this.#generation;
  }

  get isRunning(): boolean {
    return this.#state === "running";
  }

  get mayComeBack(): boolean {
    return this.#state === "starting" || this.#state === "waiting";
  }

  get host(): KillableHost | undefined {
    return this.#host;
  }

  /** The first start; what is wrong with it is thrown. */
  async open(): Promise<void> {
    if (!this.#deps.start) return;
    this.#state = "starting";
    this.#use(await this.#deps.start());
  }

  /** Takes a host that runs already. */
  adopt(host: KillableHost): void {
    this.#use(host);
  }

  request<C extends MediaCommand>(command: C): Promise<MediaResult<C["type"]>> {
    if (!this.#host || this.#state !== "running")
      return Promise.reject(new MediaError("media.host_closed", `media host ${this.index} does not run`));
    return this.#host.request(command);
  }

  async close(): Promise<void> {
    this.#state = "closed";
    this.#timer?.dispose();
    const host = this.#host;
    this.#host = undefined;
    await host?.close();
  }

  /** Called now and then: a host that has said nothing for too long is ended. */
  watch(): void {
    const { clock, hangLimitMs, warn } = this.#deps;
    if (hangLimitMs === 0 || this.#state !== "running" || clock.now() - this.#heardAt < hangLimitMs) return;
    warn("a media host hangs and is ended", { host: this.index });
    this.#heardAt = clock.now();
    void this.#host?.kill?.();
  }

  #use(host: KillableHost): void {
    if (this.#state === "closed") {
      void host.close();
      return;
    }
    this.#host = host;
    this.#state = "running";
    this.#startedAt = this.#heardAt = this.#deps.clock.now();
    host.events.on((event) => {
      if (this.#host !== host) return;
      this.#heardAt = this.#deps.clock.now();
      if (event.type === "host.failed") this.#died(event.reason);
      else this.events.emit(event);
    });
  }

  #died(reason: string): void {
    const { clock, warn } = this.#deps;
    if (this.#state === "closed") return;
    this.#host = undefined;
    this.#generation++;
    const livedMs = clock.now() - this.#startedAt;
    this.#deathsInARow = livedMs < HEALTHY_MS ? this.#deathsInARow + 1 : 1;
    warn("a media host died", { host: this.index, reason, livedMs });
    this.#state = this.#deps.start ? "waiting" : "closed";
    // first the new host, then the news: whoever hears of it finds it on its way
    this.#wait();
    this.lost.emit({ reason });
  }

  #wait(): void {
    if (this.#state !== "waiting") return;
    const turn = this.#deathsInARow - 1;
    const waitMs = turn === 0 ? 0 : Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (turn - 1));
    this.#timer = this.#deps.clock.after(waitMs, () => void this.#restart());
  }

  async #restart(): Promise<void> {
    if (this.#state !== "waiting" || !this.#deps.start) return;
    this.#state = "starting";
    try {
      this.#use(await this.#deps.start());
      if (this.isRunning) this.back.emit();
    } catch (error) {
      if ((this.#state as string) === "closed") return;
      this.#deathsInARow++;
      this.#deps.warn("a media host did not start", { host: this.index, error: String(error) });
      this.#state = "waiting";
      this.#wait();
    }
  }
}
