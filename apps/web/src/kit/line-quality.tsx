import { Tooltip } from "@mantine/core";
import type { LineQuality as Quality } from "@svara/contracts";
import { IconCellSignal1, IconCellSignal3, IconCellSignal5 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

const LOOKS = {
  good: { icon: IconCellSignal5, tone: "available" },
  fair: { icon: IconCellSignal3, tone: "held" },
  poor: { icon: IconCellSignal1, tone: "trouble" },
} as const;

/** How a line sounds: bars and a word; the scale on hover. `mos` where it is known to the tenth. */
export function LineQualityMark(props: {
  readonly quality: Quality;
  readonly mos?: number;
  readonly compact?: boolean;
}) {
  const { t } = useTranslation();
  const { quality, mos, compact } = props;
  const { icon: Mark, tone } = LOOKS[quality];
  const word = t(`line_quality.${quality}`);
  const hint =
    mos === undefined
      ? t(`line_quality.${quality}_hint`)
      : t("line_quality.mos", { mos: mos.toFixed(1), word });
  return (
    <Tooltip label={hint} multiline maw={280}>
      <span
        className="sv-state"
        style={{ color: `var(--sv-state-${tone})`, paddingInline: 0 }}
        role="img"
        aria-label={`${t("line_quality.title")}: ${word}`}
        data-testid="line-quality"
        data-quality={quality}
      >
        <Mark size={16} stroke={2} aria-hidden="true" style={{ flex: "none" }} />
        {!compact && <span style={{ fontSize: "0.75rem" }}>{word}</span>}
      </span>
    </Tooltip>
  );
}

/** The word of a mean opinion score, as the server draws the lines (ITU-T G.107 annex B). */
export function qualityOf(mos: number): Quality {
  if (mos >= 4) return "good";
  return mos >= 3.6 ? "fair" : "poor";
}
