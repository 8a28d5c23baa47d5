import { Anchor, Button, Skeleton, Stack, Table, Tabs, Text } from "@mantine/core";
import { api, type RequirementSummary } from "@svara/contracts";
import { IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useSearchParams } from "wouter";
import { useMay } from "../../../api/rights.ts";
import { dayKey, formatMoment } from "../../../format/moment.ts";
import { Empty } from "../../../kit/empty.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { ErlangCalculator } from "./erlang-calculator.tsx";
import { MakeOrBuyCalculator } from "./make-or-buy-calculator.tsx";
import { NewRequirementModal } from "./new-requirement-modal.tsx";
import { PoolingCalculator } from "./pooling-calculator.tsx";

const VIEWS = ["requirements", "calculator", "pooling", "make_or_buy"] as const;

/** Requirements newest first, and the calculators beside them. */
export function StaffingOverview() {
  const { t } = useTranslation();
  const mayEdit = useMay("plan.edit");
  const [params, setParams] = useSearchParams();
  const asked = params.get("forecast");
  const [making, setMaking] = useState(asked !== null);
  const view = VIEWS.find((one) => one === params.get("view")) ?? "requirements";
  const create = mayEdit && (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setMaking(true)}>
      {t("plan.staffing.new")}
    </Button>
  );
  return (
    <Stack gap="md">
      <PageHeader
        title={t("plan.sections.staffing")}
        description={t("plan.staffing.description")}
        actions={view === "requirements" ? create : undefined}
      />
      <Tabs
        value={view}
        variant="pills"
        onChange={(next) =>
          setParams(next && next !== "requirements" ? { view: next } : {}, { replace: true })
        }
      >
        <Tabs.List>
          {VIEWS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`plan.staffing.views.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {view === "requirements" && <Requirements />}
      {view === "calculator" && <ErlangCalculator />}
      {view === "pooling" && <PoolingCalculator />}
      {view === "make_or_buy" && <MakeOrBuyCalculator />}
      {making && mayEdit && (
        <NewRequirementModal
          forecastId={asked}
          onClose={() => {
            setMaking(false);
            setParams({}, { replace: true });
          }}
        />
      )}
    </Stack>
  );
}

function Requirements() {
  const { t } = useTranslation();
  const { client } = useServices();
  const requirements = useQuery({
    queryKey: ["plan", "requirements"],
    queryFn: async () => (await client.call(api.planStaffing.list, {})).items,
  });
  if (requirements.isError)
    return <QueryProblem error={requirements.error} onRetry={() => void requirements.refetch()} />;
  if (requirements.isPending) return <Skeleton height={240} radius="lg" aria-busy="true" />;
  if (requirements.data.length === 0)
    return (
      <div className="sv-surface">
        <Empty
          icon={IconUsersGroup}
          title={t("plan.staffing.none_title")}
          text={t("plan.staffing.none_text")}
          action={
            <Button component={Link} href="/plan/forecast" variant="default">
              {t("plan.staffing.to_forecasts")}
            </Button>
          }
        />
      </div>
    );
  return <RequirementTable items={requirements.data} />;
}

function RequirementTable({ items }: { readonly items: readonly RequirementSummary[] }) {
  const { t, i18n } = useTranslation();
  const { serverClock } = useServices();
  const [, go] = useLocation();
  const { count, dayLong } = usePlanFormat();
  return (
    <div className="sv-surface" style={{ overflow: "hidden" }}>
      <Table.ScrollContainer minWidth={320}>
        <Table highlightOnHover data-testid="requirements">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("plan.staffing.requirement")}</Table.Th>
              <Table.Th className="sv-wide-only">{t("plan.forecast.days")}</Table.Th>
              <Table.Th ta="right">{t("plan.staffing.peak")}</Table.Th>
              <Table.Th ta="right">{t("plan.staffing.agent_hours")}</Table.Th>
              <Table.Th className="sv-wide-only">{t("plan.forecast.made")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((one) => (
              <Table.Tr key={one.id} className="sv-rowlink" onClick={() => go(`/plan/staffing/${one.id}`)}>
                <Table.Td>
                  <Anchor component={Link} href={`/plan/staffing/${one.id}`} fw={560} size="sm">
                    {one.name}
                  </Anchor>
                  <Text size="xs" c="dimmed">
                    {one.queues.map(({ name }) => name).join(", ")}
                  </Text>
                </Table.Td>
                <Table.Td className="sv-wide-only sv-num">
                  {dayLong(dayKey(one.from, one.timeZone))} – {dayLong(dayKey(one.to - 1, one.timeZone))}
                </Table.Td>
                <Table.Td ta="right" className="sv-num">
                  {one.peakAgents}
                </Table.Td>
                <Table.Td ta="right" className="sv-num">
                  {count(one.agentHours)}
                </Table.Td>
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
