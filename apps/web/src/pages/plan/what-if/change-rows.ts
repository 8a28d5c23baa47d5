import type { WhatIfChange } from "@svara/contracts";

/** The kinds of change that the form offers, in its order. */
export const CHANGE_KINDS = [
  "volume",
  "handling",
  "staff",
  "skill",
  "queue",
  "order",
  "hours",
  "patience",
  "rules",
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

type QueueRule = WhatIfChange["queues"][number];

/** One change as a row of the form; fields that are not filled in are null. */
export type ChangeRow = { readonly key: number } & (
  | {
      readonly kind: "volume" | "handling" | "patience";
      readonly queueId: string | null;
      readonly percent: number;
    }
  | {
      readonly kind: "staff";
      readonly queueId: string | null;
      readonly count: number;
      readonly from: string;
      readonly to: string;
    }
  | {
      readonly kind: "skill";
      readonly agentIds: readonly string[];
      readonly skillId: string | null;
      readonly level: number;
    }
  | {
      readonly kind: "hours";
      readonly queueId: string | null;
      readonly from: string;
      readonly to: string;
      readonly sharePercent: number;
    }
  | {
      readonly kind: "queue";
      readonly queueId: string | null;
      readonly priority: number | null;
      readonly agentStrategy: QueueRule["agentStrategy"] | null;
      readonly ringTimeoutSec: number | null;
      readonly wrapUpSec: number | null;
    }
  | { readonly kind: "order"; readonly strategy: NonNullable<WhatIfChange["workStrategy"]> }
  | { readonly kind: "rules"; readonly text: string }
);

/** What is wrong with a row, as a word of `plan.what_if.fault`. */
export type RowFault =
  | "queue_missing"
  | "agents_missing"
  | "skill_missing"
  | "zero"
  | "span"
  | "nothing"
  | "json";

type NewRow<Row = ChangeRow> = Row extends ChangeRow ? Omit<Row, "key"> : never;

const FIRST: Readonly<Record<ChangeKind, NewRow>> = {
  volume: { kind: "volume", queueId: null, percent: 20 },
  handling: { kind: "handling", queueId: null, percent: -10 },
  patience: { kind: "patience", queueId: null, percent: 50 },
  staff: { kind: "staff", queueId: null, count: 2, from: "09:00", to: "17:00" },
  skill: { kind: "skill", agentIds: [], skillId: null, level: 3 },
  hours: { kind: "hours", queueId: null, from: "08:00", to: "18:00", sharePercent: 50 },
  queue: {
    kind: "queue",
    queueId: null,
    priority: null,
    agentStrategy: null,
    ringTimeoutSec: null,
    wrapUpSec: null,
  },
  order: { kind: "order", strategy: "service_level_race" },
  rules: { kind: "rules", text: '{\n  "queues": []\n}' },
};

/** A row as it stands when it is added. */
export function newRow(kind: ChangeKind, key: number): ChangeRow {
  return { ...FIRST[kind], key };
}

/** Why a row cannot be sent; undefined: it can. */
export function faultOf(row: ChangeRow): RowFault | undefined {
  switch (row.kind) {
    case "volume":
    case "handling":
    case "patience":
      return row.percent === 0 ? "zero" : undefined;
    case "staff":
      if (row.queueId === null) return "queue_missing";
      if (row.count === 0) return "zero";
      return row.from < row.to ? undefined : "span";
    case "skill":
      if (row.agentIds.length === 0) return "agents_missing";
      return row.skillId === null ? "skill_missing" : undefined;
    case "hours":
      return row.from < row.to ? undefined : "span";
    case "queue": {
      if (row.queueId === null) return "queue_missing";
      const { priority, agentStrategy, ringTimeoutSec, wrapUpSec } = row;
      return [priority, agentStrategy, ringTimeoutSec, wrapUpSec].every((value) => value === null)
        ? "nothing"
        : undefined;
    }
    case "order":
      return undefined;
    case "rules":
      return parsed(row.text) === undefined ? "json" : undefined;
  }
}

/** The change that sound rows ask for. */
export function changeOf(rows: readonly ChangeRow[]): WhatIfChange {
  const change: WhatIfChange = {
    volumes: [],
    handling: [],
    patience: [],
    staff: [],
    skills: [],
    hours: [],
    queues: [],
    workStrategy: null,
    rules: null,
  };
  for (const row of rows) {
    switch (row.kind) {
      case "volume":
        change.volumes.push({ queueId: row.queueId, percent: row.percent });
        break;
      case "handling":
      case "patience":
        change[row.kind].push({ queueId: row.queueId, percent: row.percent });
        break;
      case "staff":
        if (row.queueId !== null)
          change.staff.push({ queueId: row.queueId, count: row.count, from: row.from, to: row.to });
        break;
      case "skill":
        if (row.skillId !== null)
          change.skills.push({ agentIds: [...row.agentIds], skillId: row.skillId, level: row.level });
        break;
      case "hours":
        change.hours.push({
          queueId: row.queueId,
          from: row.from,
          to: row.to,
          share: row.sharePercent / 100,
        });
        break;
      case "queue":
        if (row.queueId !== null) change.queues.push(ruleOf(row, row.queueId));
        break;
      case "order":
        change.workStrategy = row.strategy;
        break;
      case "rules":
        change.rules = parsed(row.text) ?? null;
        break;
    }
  }
  return change;
}

/** The rows that make a change, to begin another one from it. */
export function rowsOf(change: WhatIfChange): ChangeRow[] {
  const rows: NewRow[] = [
    ...change.volumes.map((one) => ({ kind: "volume" as const, ...one })),
    ...change.handling.map((one) => ({ kind: "handling" as const, ...one })),
    ...change.staff.map((one) => ({ kind: "staff" as const, ...one })),
    ...change.skills.map((one) => ({ kind: "skill" as const, ...one })),
    ...change.queues.map((one) => ({
      kind: "queue" as const,
      queueId: one.queueId,
      priority: one.priority ?? null,
      agentStrategy: one.agentStrategy ?? null,
      ringTimeoutSec: one.ringTimeoutSec ?? null,
      wrapUpSec: one.wrapUpSec ?? null,
    })),
    ...(change.workStrategy === null ? [] : [{ kind: "order" as const, strategy: change.workStrategy }]),
    ...change.hours.map(({ share, ...one }) => ({
      kind: "hours" as const,
      ...one,
      sharePercent: Math.round(share * 100),
    })),
    ...change.patience.map((one) => ({ kind: "patience" as const, ...one })),
    ...(change.rules === null
      ? []
      : [{ kind: "rules" as const, text: JSON.stringify(change.rules, null, 2) }]),
  ];
  return rows.map((row, key) => ({ ...row, key }));
}

function ruleOf(row: Extract<ChangeRow, { readonly kind: "queue" }>, queueId: string): QueueRule {
  const { priority, agentStrategy, ringTimeoutSec, wrapUpSec } = row;
  return {
    queueId,
    ...(priority === null ? {} : { priority }),
    ...(agentStrategy ? { agentStrategy } : {}),
    ...(ringTimeoutSec === null ? {} : { ringTimeoutSec }),
    ...(wrapUpSec === null ? {} : { wrapUpSec }),
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
