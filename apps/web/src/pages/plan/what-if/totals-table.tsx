import { Table, Text, Tooltip } from "@mantine/core";
import type { WhatIfFigure, WhatIfResult, WhatIfSpread, WhatIfTotals } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { FLOOR_FIGURES, formatChange, formatFigure, verdict } from "./figures.ts";
import classes from "./what-if.module.css";

const ROWS = [
  "offered",
  "answered",
  "abandoned",
  "serviceLevel",
  "abandonRate",
  "meanWaitMs",
  "wait90Ms",
  "meanQueue",
  "occupancy",
  "agents",
  "cost",
] as const satisfies readonly WhatIfFigure[];

/** The day in all: what happened, the model of it with its error, the day otherwise, and the difference with its interval. */
export function TotalsTable({
  result,
  totals,
}: {
  readonly result: WhatIfResult;
  readonly totals: WhatIfTotals;
}) {
  const { t, i18n } = useTranslation();
  const { happened, base, changed, difference } = totals;
  const rows = ROWS.filter((figure) => totals.queueId === null || !FLOOR_FIGURES.includes(figure));
  const hours = (result.to - result.from) / 3_600_000;
  const how = { locale: i18n.language, currency: result.costs.currency };
  // of a whole day people ask for hours of agents, not for their mean number
  const scale = (figure: WhatIfFigure): number => (figure === "agents" ? hours : 1);
  const value = (figure: WhatIfFigure, number: number | null | undefined): string =>
    formatFigure(figure, number === null || number === undefined ? null : number * scale(figure), how);
  const half = (figure: WhatIfFigure, spread: WhatIfSpread): string =>
    spread.halfWidth === null || spread.value === null
      ? ""
      : ` ± ${formatFigure(figure, spread.halfWidth * scale(figure), how)}`;
  const head = (label: string, hint: string) => (
    <Table.Th ta="right">
      <Tooltip label={hint} multiline maw={300}>
        <span>{label}</span>
      </Tooltip>
    </Table.Th>
  );
  return (
    <Table.ScrollContainer minWidth={happened ? 760 : 520} mt="md">
      <Table verticalSpacing={7} className="sv-num" data-testid="what-if-totals">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("plan.what_if.whole_day")}</Table.Th>
            {happened && head(t("plan.what_if.happened"), t("plan.what_if.happened_hint"))}
            {head(t("plan.what_if.base"), t("plan.what_if.base_hint"))}
            {happened && head(t("plan.what_if.model_error"), t("plan.what_if.model_error_hint"))}
            {changed && head(t("plan.what_if.changed"), t("plan.what_if.changed_hint"))}
            {difference && head(t("plan.what_if.difference"), t("plan.what_if.difference_hint"))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((figure) => {
            const was = happened?.[figure];
            const model = base[figure];
            const error =
              was === null || was === undefined || model.value === null ? null : model.value - was;
            const apart = difference?.[figure];
            const tone = apart && verdict(figure, apart);
            return (
              <Table.Tr key={figure}>
                <Table.Td>
                  {figure === "agents" ? t("plan.what_if.agent_hours") : t(`plan.what_if.figure.${figure}`)}
                </Table.Td>
                {happened && <Table.Td ta="right">{value(figure, was)}</Table.Td>}
                <Table.Td ta="right">
                  {value(figure, model.value)}
                  <Text span size="xs" c="dimmed">
                    {half(figure, model)}
                  </Text>
                </Table.Td>
                {happened && (
                  <Table.Td ta="right" c="dimmed">
                    {formatChange(figure, error === null ? null : error * scale(figure), how)}
                  </Table.Td>
                )}
                {changed && (
                  <Table.Td ta="right" fw={600}>
                    {value(figure, changed[figure].value)}
                    <Text span size="xs" c="dimmed" fw={400}>
                      {half(figure, changed[figure])}
                    </Text>
                  </Table.Td>
                )}
                {apart && tone && (
                  <Table.Td ta="right" className={classes[tone] ?? ""}>
                    {formatChange(figure, apart.value === null ? null : apart.value * scale(figure), how)}
                    <Text span size="xs" c="dimmed">
                      {half(figure, apart)}
                    </Text>
                    {tone !== "plain" && (
                      <Text span size="xs" display="block">
                        {t(`plan.what_if.verdict.${tone}`)}
                      </Text>
                    )}
                  </Table.Td>
                )}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
