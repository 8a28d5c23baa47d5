import { Button, Group, Skeleton, Stack, Tabs } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconChartAreaLine, IconFileImport, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { useMay } from "../../../api/rights.ts";
import { Empty } from "../../../kit/empty.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { usePlanQueues } from "../kit/queue-history.ts";
import { ForecastTable } from "./forecast-table.tsx";
import { HistorySection } from "./history-section.tsx";
import { ImportHistoryModal } from "./import-history-modal.tsx";
import { NewForecastModal } from "./new-forecast-modal.tsx";
import { SpecialDaysSection } from "./special-days-section.tsx";

const VIEWS = ["forecasts", "history", "special_days"] as const;

/** Forecasts newest first, what there is to learn from, and special days. */
export function ForecastOverview() {
  const { t } = useTranslation();
  const { client } = useServices();
  const mayEdit = useMay("plan.edit");
  const [params, setParams] = useSearchParams();
  const [making, setMaking] = useState(false);
  const [importing, setImporting] = useState(false);
  const queues = usePlanQueues();
  const forecasts = useQuery({
    queryKey: ["plan", "forecasts"],
    queryFn: async () => (await client.call(api.planForecasts.list, {})).items,
  });
  const view = VIEWS.find((one) => one === params.get("view")) ?? "forecasts";
  const items = forecasts.data ?? [];
  const actions = mayEdit && (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconFileImport size={17} />} onClick={() => setImporting(true)}>
        {t("plan.forecast.import_history")}
      </Button>
      <Button leftSection={<IconPlus size={17} />} onClick={() => setMaking(true)} data-testid="new-forecast">
        {t("plan.forecast.new")}
      </Button>
    </Group>
  );
  return (
    <Stack gap="md">
      <PageHeader
        title={t("plan.sections.forecast")}
        description={t("plan.forecast.description")}
        actions={view === "forecasts" && items.length === 0 ? undefined : actions}
      />
      <Tabs
        value={view}
        onChange={(next) => setParams(next && next !== "forecasts" ? { view: next } : {}, { replace: true })}
        variant="pills"
      >
        <Tabs.List>
          {VIEWS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`plan.forecast.views.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {view === "forecasts" && (
        <>
          {forecasts.isError && (
            <QueryProblem error={forecasts.error} onRetry={() => void forecasts.refetch()} />
          )}
          {forecasts.isPending && <Skeleton height={260} radius="lg" aria-busy="true" />}
          {forecasts.isSuccess && items.length === 0 && (
            <div className="sv-surface">
              <Empty
                icon={IconChartAreaLine}
                title={t("plan.forecast.none_title")}
                text={t("plan.forecast.none_text")}
                action={actions}
              />
            </div>
          )}
          {items.length > 0 && <ForecastTable items={items} />}
        </>
      )}
      {view === "history" && <HistorySection onImport={() => setImporting(true)} />}
      {view === "special_days" && <SpecialDaysSection />}
      {making && (
        <NewForecastModal
          queues={queues.data ?? []}
          onClose={() => setMaking(false)}
          onImport={() => {
            setMaking(false);
            setImporting(true);
          }}
        />
      )}
      {importing && <ImportHistoryModal onClose={() => setImporting(false)} />}
    </Stack>
  );
}
