import type { Distribution } from "../distribution.ts";
import type { CallLog, LoggedService } from "./call-log.ts";
import { HOUR_MS } from "./hours.ts";
import type { Duty } from "./infer-duties.ts";

const PRIOR_SERVICES = 50; // an effect of few services is drawn towards none, as if so many had shown none

interface Ratio {
  sum: number;
  count: number;
}

/**
 * How long services last: by type, as measured, times an effect of the hour, times one of whoever is on duty then (agents differ
 * by a factor of two, and stay as they are). Effects are ratios to the mean of the type, shrunk towards 1.
 */
export class HandlingEffects {
  readonly #times = new Map<string, number[]>();
  readonly #hours = new Map<number, Ratio>();
  readonly #servers = new Map<string, Ratio>();
  readonly #scaled = new Map<string, Distribution>();
  readonly #all: number[] = [];

  constructor({ days }: Pick<CallLog, "days">) {
    const services = days.flatMap(({ calls }) =>
      calls.flatMap(({ type, askedAtMs, service }) =>
        service ? [{ type, hour: Math.floor(askedAtMs / HOUR_MS), ...service }] : [],
      ),
    );
    for (const service of services) {
      const times = this.#times.get(service.type) ?? [];
      this.#times.set(service.type, times);
      times.push(lengthOf(service));
      this.#all.push(lengthOf(service));
    }
    const means = new Map([...this.#times].map(([type, times]) => [type, meanOf(times)]));
    for (const service of services)
      count(this.#hours, service.hour, lengthOf(service) / Math.max(1, means.get(service.type) ?? 1));
    for (const service of services) {
      const usual = (means.get(service.type) ?? 1) * effect(this.#hours.get(service.hour));
      count(this.#servers, service.server, lengthOf(service) / Math.max(1, usual));
    }
  }

  get services(): number {
    return this.#all.length;
  }

  /** Mean time of each type, the most frequent first. */
  get means(): { readonly type: string; readonly services: number; readonly meanMs: number }[] {
    return [...this.#times]
      .map(([type, times]) => ({ type, services: times.length, meanMs: meanOf(times) }))
      .sort((a, b) => b.services - a.services || (a.type < b.type ? -1 : 1));
  }

  /** Mean length of services of a type in an hour of the day, by these people. */
  expectedMs(type: string, hour: number, duties: readonly Duty[]): number {
    return meanOf(this.#times.get(type) ?? this.#all) * this.#factorOf(hour, duties);
  }

  /** Services of a type in an hour of the day, by these people. */
  timesOf(type: string, hour: number, duties: readonly Duty[]): Distribution {
    const percent = Math.round(100 * this.#factorOf(hour, duties));
    const key = `${type}/${percent}`;
    const times = this.#times.get(type) ?? this.#all;
    const known = this.#scaled.get(key);
    if (known) return known;
    const scaled: Distribution =
      times.length === 0
        ? { kind: "deterministic", ms: 0 }
        : { kind: "empirical", valuesMs: times.map((ms) => Math.round((ms * percent) / 100)) };
    this.#scaled.set(key, scaled);
    return scaled;
  }

  #factorOf(hour: number, duties: readonly Duty[]): number {
    return effect(this.#hours.get(hour)) * this.#paceOf(hour, duties);
  }

  /** Together they end so many services as if each took this much longer: the harmonic mean over their time on duty. */
  #paceOf(hour: number, duties: readonly Duty[]): number {
    let [onDutyMs, ended] = [0, 0];
    for (const { server, fromMs, toMs } of duties) {
      const ms = Math.max(0, Math.min(toMs, (hour + 1) * HOUR_MS) - Math.max(fromMs, hour * HOUR_MS));
      onDutyMs += ms;
      ended += ms / effect(this.#servers.get(server));
    }
    return ended > 0 ? onDutyMs / ended : 1;
  }
}

function count<K>(into: Map<K, Ratio>, key: K, ratio: number): void {
  const found = into.get(key) ?? { sum: 0, count: 0 };
  into.set(key, { sum: found.sum + ratio, count: found.count + 1 });
}

function effect(ratio: Ratio | undefined): number {
  return ratio ? (ratio.sum + PRIOR_SERVICES) / (ratio.count + PRIOR_SERVICES) : 1;
}

function lengthOf({ fromMs, toMs }: LoggedService): number {
  return toMs - fromMs;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
