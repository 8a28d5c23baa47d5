import { Text } from "@mantine/core";
import type { TodayQueue } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { formatShare } from "../../../format/figures.ts";
import classes from "./today.module.css";
import { intervalAt, whole } from "./today-figures.ts";

/** A queue's day in four lines; chosen, its charts are shown. */
export function QueueTile(props: {
  readonly queue: TodayQueue;
  readonly now: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const { queue, now, isChosen, onChoose } = props;
  const { t, i18n } = useTranslation();
  const { soFar, rest } = queue;
  const running = intervalAt(queue.intervals, now);
  const line = (label: string, value: string, tone?: string) => (
    <div className={classes.tileRow}>
      <span style={{ color: "var(--mantine-color-dimmed)" }}>{label}</span>
      <span className="sv-num" style={{ fontWeight: 560, ...(tone ? { color: tone } : {}) }}>
        {value}
      </span>
    </div>
  );
  const number = (value: number | null | undefined): string => whole(value, i18n.language);
  const isShort =
    running?.required !== null &&
    running?.required !== undefined &&
    (running.onDuty ?? 0) < running.required - 0.5;
  const isPoor = soFar.serviceLevel !== null && soFar.serviceLevel < queue.target;
  return (
    <button type="button" className={classes.tile} aria-pressed={isChosen} onClick={onChoose}>
      <Text fw={620} size="sm" mb={4} truncate>
        {queue.queue.name}
      </Text>
      {line(
        t("plan.today.so_far"),
        soFar.forecast === null
          ? number(soFar.actual)
          : `${number(soFar.actual)} / ${number(soFar.forecast)}`,
      )}
      {rest.reforecast !== null &&
        line(t("plan.today.to_come"), `${number(rest.reforecast)} (${number(rest.forecast)})`)}
      {line(
        t("plan.today.service_level"),
        formatShare(soFar.serviceLevel, i18n.language),
        isPoor ? "var(--sv-state-trouble)" : undefined,
      )}
      {line(
        t("plan.today.on_duty_now"),
        running?.required === null || running?.required === undefined
          ? number(running?.onDuty)
          : `${number(running.onDuty)} / ${number(running.required)}`,
        isShort ? "var(--sv-state-trouble)" : undefined,
      )}
    </button>
  );
}
