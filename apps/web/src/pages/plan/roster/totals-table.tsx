import { SimpleGrid, Stack, Text } from "@mantine/core";
import type { RosterView } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { FigureTable } from "../kit/chart-with-table.tsx";
import { rosterTotals } from "./roster-model.ts";

/** Hours, cost and fairness: in all and agent by agent. */
export function TotalsTable({ view }: { readonly view: RosterView }) {
  const { t, i18n } = useTranslation();
  const all = rosterTotals(view);
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const names = new Map(view.agentsList.map(({ id, name }) => [id, name]));
  const spread = Number.isFinite(all.weekendSpread[0])
    ? `${all.weekendSpread[0]}–${all.weekendSpread[1]}`
    : "–";
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Total label={t("plan.roster.paid_hours")} value={number.format(all.paidMinutes / 60)} />
        <Total
          label={t("plan.roster.cost")}
          value={all.cost === null ? "–" : number.format(Math.round(all.cost))}
        />
        <Total label={t("plan.roster.shifts")} value={number.format(all.shifts)} />
        <Total label={t("plan.roster.weekend_days")} value={spread} />
      </SimpleGrid>
      <div className="sv-surface" style={{ overflow: "hidden" }}>
        <FigureTable
          rowKey={({ agentId }) => agentId}
          rows={view.totals}
          columns={[
            {
              key: "agent",
              label: t("fields.agent"),
              align: "left",
              value: ({ agentId }) => names.get(agentId) ?? "",
            },
            { key: "shifts", label: t("plan.roster.shifts"), value: ({ shifts }) => shifts },
            {
              key: "paid_hours",
              label: t("plan.roster.paid_hours"),
              value: ({ paidMinutes }) => Math.round(paidMinutes / 6) / 10,
            },
            { key: "weekend_days", label: t("plan.roster.weekend_days"), value: (row) => row.weekendDays },
            { key: "early", label: t("plan.roster.early"), value: (row) => row.earlyShifts },
            { key: "late", label: t("plan.roster.late"), value: (row) => row.lateShifts },
            {
              key: "cost",
              label: t("plan.roster.cost"),
              value: ({ cost }) => (cost === null ? null : Math.round(cost)),
            },
          ]}
        />
      </div>
    </Stack>
  );
}

function Total({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="sv-surface" style={{ padding: "0.75rem 1rem" }}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="xl" fw={620} className="sv-num">
        {value}
      </Text>
    </div>
  );
}
