import {
  COUNTS,
  type CountName,
  type QueueCounts,
  type QueueEntry,
  type QueuePolicy,
} from "./queue-counts.ts";

type Summable = CountName | "answerWaitMs" | "abandonWaitMs";
type Terms = Readonly<Partial<Record<Summable, 1 | -1>>>;

/**
 * A versioned definition of a figure: a sum of counts over a sum of counts, as data. So it can be printed on a report,
 * added up over intervals (numerators and denominators apart, never percents), and traced back to its contacts.
 */
export interface KpiDefinition {
  /** Printed beside every value: `SL4.v1`. Never reused, never changed once released (IN9). */
  readonly key: string;
  /** Number in the KPI catalogue. */
  readonly kpi: string;
  readonly name: string;
  readonly unit: "ratio" | "ms";
  readonly better: "up" | "down";
  readonly numerator: Terms;
  readonly denominator: Terms;
}

const serviceLevel = (variant: string, numerator: Terms, denominator: Terms): KpiDefinition => ({
  key: `${variant}.v1`,
  kpi: "K1",
  name: "service_level",
  unit: "ratio",
  better: "up",
  numerator,
  denominator,
});

/** All definitions ever released, by key. */
export const KPI_DEFINITIONS = {
  /** Who left in time counts as served. */
  "SL1.v1": serviceLevel("SL1", { answeredWithin: 1, abandonedWithin: 1 }, { answered: 1, abandoned: 1 }),
  /** Only the answered are looked at. */
  "SL2.v1": serviceLevel("SL2", { answeredWithin: 1 }, { answered: 1 }),
  /** Who left counts against us. */
  "SL3.v1": serviceLevel("SL3", { answeredWithin: 1 }, { answered: 1, abandoned: 1 }),
  /** Who left in time is left out: they gave no chance to answer. The default. */
  "SL4.v1": serviceLevel("SL4", { answeredWithin: 1 }, { answered: 1, abandoned: 1, abandonedWithin: -1 }),
  /** Short leavers count as served. */
  "SL5.v1": serviceLevel("SL5", { answeredWithin: 1, abandonedShort: 1 }, { answered: 1, abandoned: 1 }),
  /** Short leavers are left out. */
  "SL6.v1": serviceLevel("SL6", { answeredWithin: 1 }, { answered: 1, abandoned: 1, abandonedShort: -1 }),
  "K2.v1": {
    key: "K2.v1",
    kpi: "K2",
    name: "average_speed_of_answer",
    unit: "ms",
    better: "down",
    numerator: { answerWaitMs: 1 },
    denominator: { answered: 1 },
  },
  "K7.v1": {
    key: "K7.v1",
    kpi: "K7",
    name: "abandon_rate",
    unit: "ratio",
    better: "down",
    numerator: { abandoned: 1 },
    denominator: { offered: 1 },
  },
  /** The same without short leavers, neither above nor below. */
  "K7S.v1": {
    key: "K7S.v1",
    kpi: "K7",
    name: "abandon_rate",
    unit: "ratio",
    better: "down",
    numerator: { abandoned: 1, abandonedShort: -1 },
    denominator: { offered: 1, abandonedShort: -1 },
  },
  "K8.v1": {
    key: "K8.v1",
    kpi: "K8",
    name: "short_abandon_rate",
    unit: "ratio",
    better: "down",
    numerator: { abandonedShort: 1 },
    denominator: { offered: 1 },
  },
  "K9.v1": {
    key: "K9.v1",
    kpi: "K9",
    name: "average_time_to_abandon",
    unit: "ms",
    better: "up",
    numerator: { abandonWaitMs: 1 },
    denominator: { abandoned: 1 },
  },
  "K10.v1": {
    key: "K10.v1",
    kpi: "K10",
    name: "answer_rate",
    unit: "ratio",
    better: "up",
    numerator: { answered: 1 },
    denominator: { offered: 1 },
  },
  "K22.v1": {
    key: "K22.v1",
    kpi: "K22",
    name: "flow_out_rate",
    unit: "ratio",
    better: "down",
    numerator: { flowOut: 1 },
    denominator: { offered: 1 },
  },
} as const satisfies Record<string, KpiDefinition>;

export type KpiKey = keyof typeof KPI_DEFINITIONS;

/** A figure with what it was made of. */
export interface KpiValue {
  readonly key: KpiKey;
  /** Null when the denominator is zero: nothing happened, which is neither good nor bad. */
  readonly value: number | null;
  readonly numerator: number;
  readonly denominator: number;
}

/** A figure over counts of any span: one interval of one queue, or a month of all. */
export function evaluate(key: KpiKey, counts: QueueCounts): KpiValue {
  const definition: KpiDefinition = KPI_DEFINITIONS[key];
  const numerator = total(definition.numerator, counts);
  const denominator = total(definition.denominator, counts);
  return { key, value: denominator === 0 ? null : numerator / denominator, numerator, denominator };
}

/** Whether an entry is part of the numerator or the denominator of a figure. */
export function isPartOf(
  key: KpiKey,
  side: "numerator" | "denominator",
  entry: QueueEntry,
  policy: QueuePolicy,
): boolean {
  const definition: KpiDefinition = KPI_DEFINITIONS[key];
  let weight = 0;
  for (const [name, sign] of Object.entries(definition[side]) as [Summable, number][]) {
    if (COUNTS[countBehind(name)](entry, policy)) weight += sign;
  }
  return weight !== 0;
}

function total(terms: Terms, counts: QueueCounts): number {
  return (Object.entries(terms) as [Summable, number][]).reduce(
    (sum, [name, sign]) => sum + sign * counts[name],
    0,
  );
}

function countBehind(name: Summable): CountName {
  if (name === "answerWaitMs") return "answered";
  if (name === "abandonWaitMs") return "abandoned";
  return name;
}
