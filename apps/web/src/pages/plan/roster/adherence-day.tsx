import { Group, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { type AnswerOf, api } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatShare } from "../../../format/figures.ts";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import classes from "./adherence.module.css";
import { segmentsOf } from "./roster-model.ts";
import { spanWords } from "./zone-time.ts";

type Day = AnswerOf<typeof api.planAdherence.agent>;

/** One agent's day: what was scheduled above what was done, and each stretch in which they differ. */
export function AdherenceDay({ agentId, date }: { readonly agentId: string; readonly date: string }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const day = useQuery({
    queryKey: ["plan", "adherence", date, "agent", agentId],
    queryFn: () => client.call(api.planAdherence.agent, { params: { id: agentId }, query: { date } }),
  });
  if (day.isError) return <QueryProblem error={day.error} onRetry={() => void day.refetch()} />;
  if (!day.data) return <Skeleton height={200} />;
  const { adherence, timeZone, states } = day.data;
  return (
    <Stack gap="md">
      <Group gap="xl">
        <Text size="sm">
          {t("plan.adherence.adherence")}: <b>{formatShare(adherence.adherence, i18n.language)}</b>
        </Text>
        <Text size="sm">
          {t("plan.adherence.conformance")}: <b>{formatShare(adherence.conformance, i18n.language)}</b>
        </Text>
      </Group>
      <Strips day={day.data} />
      <Title order={3}>{t("plan.adherence.deviations")}</Title>
      {adherence.exceptions.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("plan.adherence.no_deviations")}
        </Text>
      )}
      {adherence.exceptions.length > 0 && (
        <Table verticalSpacing={4} className="sv-num">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("plan.roster.time")}</Table.Th>
              <Table.Th>{t("plan.adherence.should")}</Table.Th>
              <Table.Th>{t("plan.adherence.was")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {adherence.exceptions.map((exception) => (
              <Table.Tr key={exception.from}>
                <Table.Td>{spanWords(exception, timeZone)}</Table.Td>
                <Table.Td>{t(`plan.adherence.kind.${exception.scheduled}`)}</Table.Td>
                <Table.Td>{t(`plan.adherence.kind.${exception.actual}`)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Title order={3}>{t("plan.adherence.states")}</Title>
      <Table verticalSpacing={4} className="sv-num">
        <Table.Tbody>
          {states.map((span) => (
            <Table.Tr key={span.from}>
              <Table.Td>{spanWords(span, timeZone)}</Table.Td>
              <Table.Td>{t(`plan.adherence.kind.${span.kind}`)}</Table.Td>
              <Table.Td c="dimmed">{t(`plan.adherence.state.${span.state as "available"}`)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

function Strips({ day }: { readonly day: Day }) {
  const { t } = useTranslation();
  const { adherence, states } = day;
  const planned = adherence.shifts.flatMap(segmentsOf);
  const all = [...planned, ...states];
  if (all.length === 0) return null;
  const from = Math.min(...all.map((span) => span.from));
  const to = Math.max(...all.map((span) => span.to));
  const place = (span: { readonly from: number; readonly to: number }) => ({
    left: `${((span.from - from) / (to - from)) * 100}%`,
    width: `${((span.to - span.from) / (to - from)) * 100}%`,
  });
  return (
    <div className={classes.strips} aria-hidden="true">
      <Text size="xs" c="dimmed">
        {t("plan.adherence.scheduled")}
      </Text>
      <div className={classes.strip}>
        {planned.map((span) => (
          <span
            key={span.from}
            className={classes.span}
            data-kind={
              span.kind === "work"
                ? "on_queue"
                : span.kind === "break" || span.kind === "lunch"
                  ? "rest"
                  : "activity"
            }
            style={place(span)}
          />
        ))}
      </div>
      <Text size="xs" c="dimmed">
        {t("plan.adherence.done")}
      </Text>
      <div className={classes.strip}>
        {states.map((span) => (
          <span key={span.from} className={classes.span} data-kind={span.kind} style={place(span)} />
        ))}
      </div>
    </div>
  );
}
