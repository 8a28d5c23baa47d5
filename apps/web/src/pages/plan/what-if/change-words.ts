import type { WhatIfChange } from "@svara/contracts";
import type { i18n } from "i18next";
import { nameOf, type PlanNames } from "./use-plan-names.ts";

/** A change in short sentences of the reader's language; empty: nothing is otherwise. */
export function changeWords(change: WhatIfChange, names: PlanNames, { t, language }: i18n): string[] {
  const queue = (queueId: string | null): string =>
    queueId === null ? t("plan.what_if.all_queues") : nameOf(names.queues, queueId);
  const percent = (value: number): string =>
    new Intl.NumberFormat(language, {
      style: "percent",
      signDisplay: "always",
      maximumFractionDigits: 1,
    }).format(value / 100);
  const scaled = (
    key: "volume" | "handling" | "patience",
    one: { queueId: string | null; percent: number },
  ) => t(`plan.what_if.said.${key}`, { queue: queue(one.queueId), percent: percent(one.percent) });
  return [
    ...change.volumes.map((one) => scaled("volume", one)),
    ...change.handling.map((one) => scaled("handling", one)),
    ...change.staff.map(({ queueId, count, from, to }) =>
      t(count > 0 ? "plan.what_if.said.staff_more" : "plan.what_if.said.staff_fewer", {
        n: Math.abs(count),
        queue: queue(queueId),
        from,
        to,
      }),
    ),
    ...change.skills.map(({ agentIds, skillId, level }) =>
      t(level === 0 ? "plan.what_if.said.skill_taken" : "plan.what_if.said.skill", {
        n: agentIds.length,
        skill: nameOf(names.skills, skillId),
        level,
      }),
    ),
    ...change.queues.map(({ queueId, ...rules }) =>
      t("plan.what_if.said.queue", {
        queue: queue(queueId),
        rules: [
          rules.priority === undefined ? [] : t("plan.what_if.said.priority", { value: rules.priority }),
          rules.agentStrategy === undefined ? [] : t(`strategy.${rules.agentStrategy}`),
          rules.ringTimeoutSec === undefined
            ? []
            : t("plan.what_if.said.ring", { value: rules.ringTimeoutSec }),
          rules.wrapUpSec === undefined ? [] : t("plan.what_if.said.wrap_up", { value: rules.wrapUpSec }),
        ]
          .flat()
          .join(", "),
      }),
    ),
    ...(change.workStrategy === null
      ? []
      : [t("plan.what_if.said.order", { order: t(`work_strategy.${change.workStrategy}`) })]),
    ...change.hours.map(({ queueId, from, to }) =>
      t("plan.what_if.said.hours", { queue: queue(queueId), from, to }),
    ),
    ...change.patience.map((one) => scaled("patience", one)),
    ...(change.rules === null ? [] : [t("plan.what_if.said.rules")]),
  ];
}
