import { Anchor, Badge, Group, Stack, Table, Text } from "@mantine/core";
import type { ForecastSummary } from "@svara/contracts";
import type { MouseEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { formatMoment } from "../../../format/moment.ts";
import { useServices } from "../../../services.ts";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { methodName } from "./method-name.ts";

/** One line a forecast; on phones a card. */
export function ForecastTable({ items }: { readonly items: readonly ForecastSummary[] }) {
  const { t, i18n } = useTranslation();
  const { serverClock } = useServices();
  const [, go] = useLocation();
  const { count, percent, dayLong } = usePlanFormat();
  return (
    <div className="sv-surface" style={{ overflow: "hidden" }}>
      <Table.ScrollContainer minWidth={320}>
        <Table highlightOnHover data-testid="forecasts">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("plan.forecast.forecast")}</Table.Th>
              <Table.Th className="sv-wide-only">{t("plan.forecast.days")}</Table.Th>
              <Table.Th ta="right">{t("plan.forecast.contacts")}</Table.Th>
              <Table.Th ta="right">{t("plan.forecast.expected_error")}</Table.Th>
              <Table.Th className="sv-wide-only">{t("plan.forecast.method")}</Table.Th>
              <Table.Th className="sv-wide-only">{t("plan.forecast.made")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((one) => (
              <Table.Tr key={one.id} className="sv-rowlink" onClick={() => go(`/plan/forecast/${one.id}`)}>
                <Table.Td>
                  <Stack gap={2}>
                    <Anchor
                      component={Link}
                      href={`/plan/forecast/${one.id}`}
                      fw={560}
                      size="sm"
                      onClick={(event: MouseEvent) => event.stopPropagation()}
                    >
                      {one.name}
                    </Anchor>
                    <Group gap={6}>
                      {one.hasRequirement && (
                        <Badge color="fjord" size="sm">
                          {t("plan.forecast.staffed")}
                        </Badge>
                      )}
                      {one.adjustments > 0 && (
                        <Badge color="gray" size="sm">
                          {t("plan.forecast.changes_made", { n: one.adjustments })}
                        </Badge>
                      )}
                    </Group>
                  </Stack>
                </Table.Td>
                <Table.Td className="sv-wide-only sv-num">
                  {dayLong(one.firstDay)} – {dayLong(one.lastDay)}
                </Table.Td>
                <Table.Td ta="right" className="sv-num">
                  {count(one.contacts)}
                </Table.Td>
                <Table.Td ta="right" className="sv-num">
                  {percent(one.expectedWape)}
                </Table.Td>
                <Table.Td className="sv-wide-only">{methodName(one.method, t)}</Table.Td>
                <Table.Td className="sv-wide-only">
                  <Text size="sm">{one.madeBy}</Text>
                  <Text size="xs" c="dimmed">
                    {formatMoment(one.madeAt, serverClock.now(), i18n.language)}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}
