import { type LegStats, WorkerMediaHost } from "@svara/media";
import { breakWorker, FAULTY_WORKER } from "@svara/media/testing";
import { vi } from "vitest";
import { waitFor } from "./wait-for.ts";

export type Death = "throws" | "eats_memory" | "terminate";

/** Small enough to be used up in a moment, enough for some calls. */
const MEMORY_LIMIT_MB = 96;

/**
 * The media hosts of a server in this process, which can be made to die in all ways that threads die. Those of the soft
 * people, whose ports are not of a range, live on.
 */
export class MortalHosts {
  readonly #hosts: { readonly n: number; readonly host: WorkerMediaHost | undefined }[] = [];
  readonly #spy: { mockRestore(): void };

  /** From now on, and those that follow after a death. `mediaTimeoutMs`: so long may a party say nothing. */
  constructor({ mediaTimeoutMs }: { readonly mediaTimeoutMs: number }) {
    const start = WorkerMediaHost.start.bind(WorkerMediaHost);
    this.#spy = vi.spyOn(WorkerMediaHost, "start").mockImplementation(async (options, deps) => {
      if (options.rtpPorts.max === 0) return start(options, deps);
      const n = this.#hosts.length;
      this.#hosts[n] = { n, host: undefined }; // its number is taken
      const own = { ...options, mediaTimeoutMs };
      const host = await start(own, { ...deps, entry: FAULTY_WORKER, memoryLimitMb: MEMORY_LIMIT_MB });
      this.#hosts[n] = { n, host };
      return host;
    });
  }

  /** The host that carries legs which `isMeant`, as soon as there is one. */
  carrier(isMeant: (leg: LegStats) => boolean = () => true): Promise<number> {
    return waitFor("the host of the call", async () => {
      for (const { n, host } of this.#hosts) {
        const stats = await host?.request({ type: "stats" }).catch(() => undefined);
        if (stats?.legs.some(isMeant)) return n;
      }
      return undefined;
    });
  }

  async legsOf(n: number): Promise<readonly string[]> {
    const stats = await this.#hosts[n]?.host?.request({ type: "stats" });
    return stats?.legs.map(({ legId }) => legId) ?? [];
  }

  async kill(n: number, death: Death): Promise<void> {
    const host = this.#hosts[n]?.host;
    if (!host) throw new Error(`there is no media host ${n}`);
    if (death === "terminate") await host.kill();
    else breakWorker(host, death);
  }

  restore(): void {
    this.#spy.mockRestore();
  }
}
