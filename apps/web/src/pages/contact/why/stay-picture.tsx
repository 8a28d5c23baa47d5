import type { QueueStay } from "@svara/contracts";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { formatClock } from "../../../format/duration.ts";
import { useNow } from "../../../kit/use-now.ts";
import { layOutStay } from "./stay-layout.ts";
import classes from "./why.module.css";

const INKS = { step: "var(--sv-state-wrap)", overflow: "var(--sv-state-trouble)" } as const;

/** The wait as a bar: offers in it, steps and overflows above, what was expected below. The same is told in words beside it. */
export function StayPicture({ stay, summary }: { readonly stay: QueueStay; readonly summary: string }) {
  const { t } = useTranslation();
  const now = useNow();
  const { wait, band, rings, marks, spanMs } = layOutStay(stay, now);
  const percent = (share: number): string => `${share * 100}%`;
  return (
    <div>
      <div className={classes.picture} role="img" aria-label={t("why.picture", { summary })}>
        <div className={classes.track} />
        <div className={classes.wait} style={{ width: percent(wait) }} />
        {rings.map((ring) => (
          <div
            key={ring.key}
            className={classes.ring}
            style={{ left: percent(ring.left), width: percent(ring.width) }}
          />
        ))}
        {band && (
          <>
            <div className={classes.band} style={{ left: percent(band.left), width: percent(band.width) }} />
            <div className={classes.expected} style={{ left: percent(band.expected) }} />
          </>
        )}
        {marks.map((mark) => (
          <div
            key={mark.key}
            className={classes.mark}
            style={{ left: percent(mark.left), "--mark-color": INKS[mark.kind] } as CSSProperties}
          />
        ))}
      </div>
      <div className={classes.legend}>
        <Key color="color-mix(in srgb, var(--sv-state-ringing) 26%, var(--sv-surface))">
          {t("fields.wait")}
        </Key>
        {rings.length > 0 && <Key color="var(--sv-state-ringing)">{t("why.legend_ring")}</Key>}
        {band && (
          <Key color="color-mix(in srgb, var(--sv-state-talking) 40%, var(--sv-surface))">
            {t("why.legend_band")}
          </Key>
        )}
        {(["step", "overflow"] as const).map(
          (kind) =>
            marks.some((mark) => mark.kind === kind) && (
              <Key key={kind} color={INKS[kind]}>
                {t(`why.legend_${kind}`)}
              </Key>
            ),
        )}
        <span className="sv-num" style={{ marginLeft: "auto" }}>
          0:00 – {formatClock(spanMs)}
        </span>
      </div>
    </div>
  );
}

function Key({ color, children }: { readonly color: string; readonly children: string }) {
  return (
    <span>
      <i style={{ background: color }} aria-hidden="true" />
      {children}
    </span>
  );
}
