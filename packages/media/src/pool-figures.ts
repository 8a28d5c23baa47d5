import type { HostStats, Lateness, MediaEvent, MediaResults } from "./media-host.ts";

type LatenessEvent = Extract<MediaEvent, { readonly type: "host.lateness" }>;

/** The figures of several hosts in one: counters are added, of latenesses the worst is told. */
export class PoolFigures {
  readonly #lateness = new Map<number, LatenessEvent>();
  readonly #stats = new Map<number, HostStats>();

  lateness(host: number, event: LatenessEvent): LatenessEvent {
    this.#lateness.set(host, event);
    const all = [...this.#lateness.values()];
    return {
      ...event,
      lateness: worst(all.map((e) => e.lateness)),
      commandLateness: worst(all.map((e) => e.commandLateness)),
    };
  }

  stats(host: number, stats: HostStats): HostStats {
    this.#stats.set(host, stats);
    return sum([...this.#stats.values()]);
  }

  /** A host that died says nothing more. */
  forget(host: number): void {
    this.#lateness.delete(host);
    this.#stats.delete(host);
  }
}

export function mergeStats(all: readonly MediaResults["stats"][]): MediaResults["stats"] {
  return {
    host: sum(all.map((one) => one.host)),
    lateness: worst(all.map((one) => one.lateness)),
    commandLateness: worst(all.map((one) => one.commandLateness)),
    legs: all.flatMap((one) => one.legs),
  };
}

function worst(all: readonly Lateness[]): Lateness {
  const max = (of: (one: Lateness) => number): number =>
    all.reduce((most, one) => Math.max(most, of(one)), 0);
  return { p50: max((l) => l.p50), p99: max((l) => l.p99), max: max((l) => l.max) };
}

function sum(all: readonly HostStats[]): HostStats {
  const total: Record<string, number> = {};
  for (const stats of all)
    for (const [name, value] of Object.entries(stats)) total[name] = (total[name] ?? 0) + Number(value);
  const zero: HostStats = {
    legs: 0,
    bridges: 0,
    playbacks: 0,
    recordings: 0,
    packetsReceived: 0,
    packetsSent: 0,
    packetsDropped: 0,
    refusedDatagrams: 0,
    recordingBytes: 0,
    freeRtpPorts: 0,
  };
  return { ...zero, ...total };
}
