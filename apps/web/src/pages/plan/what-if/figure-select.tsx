import { Select } from "@mantine/core";
import type { WhatIfFigure } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { INTERVAL_FIGURES } from "./figures.ts";

/** Which figure a chart shows. */
export function FigureSelect(props: {
  readonly value: WhatIfFigure;
  readonly onChange: (figure: WhatIfFigure) => void;
  readonly figures?: readonly WhatIfFigure[];
}) {
  const { value, onChange, figures = INTERVAL_FIGURES } = props;
  const { t } = useTranslation();
  return (
    <Select
      size="xs"
      aria-label={t("plan.what_if.choose_figure")}
      data={figures.map((figure) => ({ value: figure, label: t(`plan.what_if.figure.${figure}`) }))}
      value={value}
      onChange={(chosen) => onChange(figures.find((figure) => figure === chosen) ?? value)}
      allowDeselect={false}
      w={{ base: 118, sm: 210 }}
    />
  );
}
