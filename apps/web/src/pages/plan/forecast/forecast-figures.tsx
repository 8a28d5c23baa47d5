import type { ForecastDetail, ForecastSeries } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { formatSpan } from "../../../format/duration.ts";
import { Figure } from "../../../kit/figure.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import classes from "./forecast.module.css";
import { methodName } from "./method-name.ts";

/** The forecast in five figures, each with how it is counted. */
export function ForecastFigures(props: {
  readonly forecast: ForecastDetail;
  readonly series: ForecastSeries;
}) {
  const { t, i18n } = useTranslation();
  const { count, percent } = usePlanFormat();
  const { series } = props;
  const total = series.days.reduce((sum, { mean }) => sum + mean, 0);
  const open = series.days.filter(({ mean }) => mean > 0);
  const own = series.scores.filter(({ method }) => method === series.method);
  const score = own.toSorted((a, b) => a.daysAhead - b.daysAhead)[0];
  const { handling, patience } = series;
  return (
    <section className={`sv-surface ${classes.figures}`}>
      <Figure
        size="lg"
        label={t("plan.forecast.contacts")}
        value={count(total)}
        hint={t("plan.forecast.contacts_hint", { n: count(open.length ? total / open.length : 0) })}
      />
      <Figure
        size="lg"
        label={t("plan.forecast.expected_error")}
        value={percent(score?.intervals.wape)}
        hint={t("plan.forecast.expected_error_hint", { day: percent(score?.dayTotals.wape) })}
      />
      <Figure
        size="lg"
        label={t("plan.forecast.method")}
        value={<span className={classes.words}>{methodName(series.method, t)}</span>}
        hint={t(`plan.forecast.chosen_by.${(series.choices[0]?.by ?? "given") as "given"}`)}
      />
      <Figure
        size="lg"
        label={t("plan.forecast.handling")}
        value={formatSpan(handling.meanMs, i18n.language)}
        hint={t(`plan.forecast.handling_from.${handling.basis}`, { n: count(handling.samples) })}
      />
      <Figure
        size="lg"
        label={t("plan.forecast.patience")}
        value={patience.meanMs === null ? "–" : formatSpan(patience.meanMs, i18n.language)}
        hint={t(`plan.forecast.patience_from.${patience.basis}`, {
          n: patience.samples,
          gone: patience.abandoned,
        })}
      />
    </section>
  );
}
