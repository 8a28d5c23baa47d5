import type { FloorState } from "@svara/contracts";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { formatClock } from "../../format/duration.ts";
import { formatShare } from "../../format/figures.ts";
import { Figure } from "../../kit/figure.tsx";
import { useNow } from "../../kit/use-now.ts";
import classes from "./floor.module.css";
import { longestWaitMs } from "./floor-model.ts";

/** The whole floor in one line of figures. */
export function FloorTotals({ totals, date }: Pick<FloorState, "totals" | "date">) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const drill = (metric: string, count: number): ReactNode => (
    <Link href={`/contacts?metric=${metric}&from=${date}`} className={classes.figureLink}>
      {count}
    </Link>
  );
  const longest = longestWaitMs(totals, now);
  return (
    <div className={`sv-surface ${classes.totals}`}>
      <Figure
        size="lg"
        label={t("floor.waiting")}
        value={totals.waiting}
        tone={totals.waiting > 0 ? "warn" : "plain"}
      />
      <Figure size="lg" label={t("floor.longest_wait")} value={longest === 0 ? "–" : formatClock(longest)} />
      <Figure
        size="lg"
        label={t("floor.service_level")}
        value={formatShare(totals.serviceLevel, i18n.language)}
        hint={t("floor.service_level_hint", { definition: totals.definition })}
      />
      <Figure size="lg" label={t("floor.offered")} value={drill("offered", totals.offered)} />
      <Figure size="lg" label={t("floor.answered")} value={drill("answered", totals.answered)} />
      <Figure size="lg" label={t("floor.abandoned")} value={drill("abandoned", totals.abandoned)} />
      <Figure
        size="lg"
        label={t("floor.agents_available")}
        value={`${totals.agentsAvailable} / ${totals.agentsLoggedIn}`}
        hint={t("floor.agents_available_hint")}
      />
    </div>
  );
}
