import type { FloorState } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { formatClock } from "../../format/duration.ts";
import { formatShare } from "../../format/figures.ts";
import { Figure } from "../../kit/figure.tsx";
import { useNow } from "../../kit/use-now.ts";
import classes from "./floor.module.css";
import { longestWaitMs } from "./floor-model.ts";

/** The whole floor in one line of figures. */
export function FloorTotals({ totals }: { readonly totals: FloorState["totals"] }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
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
      <Figure size="lg" label={t("floor.offered")} value={totals.offered} />
      <Figure size="lg" label={t("floor.answered")} value={totals.answered} />
      <Figure size="lg" label={t("floor.abandoned")} value={totals.abandoned} />
      <Figure
        size="lg"
        label={t("floor.agents_available")}
        value={`${totals.agentsAvailable} / ${totals.agentsLoggedIn}`}
        hint={t("floor.agents_available_hint")}
      />
    </div>
  );
}
