import { Text, Tooltip } from "@mantine/core";
import type { FloorQueue } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { formatShare } from "../../format/figures.ts";
import classes from "./floor.module.css";
import { serviceLevelTone } from "./floor-model.ts";

const FILLS = {
  plain: "var(--sv-state-available)",
  warn: "var(--sv-state-ringing)",
  bad: "var(--sv-state-trouble)",
} as const;

/** The service level beside its target, with the definition by which it is counted. */
export function ServiceLevel({ queue }: { readonly queue: FloorQueue }) {
  const { t, i18n } = useTranslation();
  const tone = serviceLevelTone(queue.serviceLevel, queue.serviceLevelTarget);
  const target = formatShare(queue.serviceLevelTarget, i18n.language);
  return (
    <Tooltip
      multiline
      maw={300}
      label={t("floor.service_level_of_queue", {
        target,
        seconds: queue.thresholdSec,
        definition: queue.definition,
      })}
    >
      <div>
        <Text
          span
          size="sm"
          fw={600}
          className="sv-num"
          style={tone === "plain" ? {} : { color: FILLS[tone] }}
        >
          {formatShare(queue.serviceLevel, i18n.language)}
        </Text>
        <Text span size="xs" c="dimmed" className="sv-num">
          {" · "}
          {t("floor.target", { target, seconds: queue.thresholdSec })}
        </Text>
        <div className={classes.level} aria-hidden="true">
          <div
            className={classes.levelFill}
            style={{ width: `${(queue.serviceLevel ?? 0) * 100}%`, background: FILLS[tone] }}
          />
          <div
            className={classes.levelTarget}
            style={{ left: `calc(${queue.serviceLevelTarget * 100}% - 1px)` }}
          />
        </div>
      </div>
    </Tooltip>
  );
}
