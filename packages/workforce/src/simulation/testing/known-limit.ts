import { DEFAULT_POLICY } from "@svara/insight";
import type { AgentId } from "@svara/kernel";
import type { Estimate } from "../confidence.ts";
import type { Scenario } from "../scenario.ts";
import { type SimulationResult, simulate } from "../simulate.ts";

/** A floor for which theory knows the answer. */
export interface KnownLimit {
  readonly name: string;
  /** Where the numbers come from. */
  readonly source: string;
  readonly warmUpMs: number;
  scenario(lengthMs: number): Scenario;
  readonly groupOf?: (agentId: AgentId) => string;
  /** 20 s if absent. */
  readonly thresholdMs?: number;
  readonly expected: Readonly<Record<string, number>>;
  /** Half widths of the expected figures where they come from another simulation. */
  readonly published?: Readonly<Record<string, number>>;
  measured(result: SimulationResult): Readonly<Record<string, Estimate | undefined>>;
}

/** Runs a limit and tells every figure that misses its interval, or whose interval is too wide to mean anything. */
export function missedBy(
  limit: KnownLimit,
  options: {
    readonly lengthMs: number;
    readonly seed: number;
    readonly batches?: number;
    readonly replications?: number;
    /** The widest half interval that counts, as a share of the figure. */
    readonly widest: number;
    readonly confidence?: number;
  },
): string[] {
  const { lengthMs, seed, widest, batches = 20, replications = 1, confidence = 0.99 } = options;
  const result = simulate(limit.scenario(lengthMs), {
    seed,
    batches,
    replications,
    confidence,
    warmUpMs: limit.warmUpMs,
    policy: { ...DEFAULT_POLICY, thresholdMs: limit.thresholdMs ?? DEFAULT_POLICY.thresholdMs },
    ...(limit.groupOf ? { groupOf: limit.groupOf } : {}),
  });
  const measured = limit.measured(result);
  return Object.entries(limit.expected).flatMap(([name, expected]) => {
    const { value, halfWidth } = measured[name] ?? { value: null, halfWidth: null };
    if (value === null || halfWidth === null) return [`${limit.name}: ${name} was not measured`];
    const said = `${limit.name}: ${name} ${value.toPrecision(5)} +- ${halfWidth.toPrecision(2)}, expected ${expected.toPrecision(5)}`;
    if (Math.abs(value - expected) > halfWidth + (limit.published?.[name] ?? 0)) return [said];
    return halfWidth > widest * expected ? [`${said}: too wide`] : [];
  });
}

/** Milliseconds as seconds. */
export function seconds(estimate: Estimate | undefined): Estimate {
  return weighted([[0.001, estimate]]);
}

/** A weighted sum; its half width is at most the weighted sum of theirs. */
export function weighted(parts: readonly (readonly [number, Estimate | undefined])[]): Estimate {
  let value = 0;
  let halfWidth = 0;
  for (const [weight, estimate] of parts) {
    if (estimate?.value === undefined || estimate.value === null || estimate.halfWidth === null) {
      return { value: null, halfWidth: null };
    }
    value += weight * estimate.value;
    halfWidth += weight * estimate.halfWidth;
  }
  return { value, halfWidth };
}
