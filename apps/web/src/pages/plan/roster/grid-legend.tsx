import { useTranslation } from "react-i18next";
import classes from "./roster.module.css";

const KINDS = ["break", "lunch", "training", "meeting"] as const;

/** What the colours of a shift's parts mean. */
export function GridLegend() {
  const { t } = useTranslation();
  return (
    <div className={classes.legend}>
      {KINDS.map((kind) => (
        <span key={kind}>
          <span className={`${classes.part} ${classes.swatch}`} data-kind={kind} aria-hidden="true" />
          {t(`plan.roster.part.${kind}`)}
        </span>
      ))}
    </div>
  );
}
