import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { api, type ForecastDetail } from "@svara/contracts";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../../api/notify.tsx";
import { formatMoment } from "../../../format/moment.ts";
import { useServices } from "../../../services.ts";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import classes from "./forecast.module.css";

/** What planners changed, why, and the way back; changes that were taken back stay to be seen. */
export function ChangeList({ forecast }: { readonly forecast: ForecastDetail }) {
  const { t, i18n } = useTranslation();
  const { client, serverClock } = useServices();
  const { count, moment } = usePlanFormat();
  const cache = useQueryClient();
  const undo = useMutation({
    mutationFn: (adjustmentId: string) =>
      client.call(api.planForecasts.undo, { params: { id: forecast.id, adjustmentId } }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["plan"] });
      notifyDone(t("plan.forecast.undone"));
    },
  });
  const names = new Map(forecast.series.map(({ queue }) => [queue.id, queue.name]));
  return (
    <section className="sv-surface" style={{ padding: "1.125rem 1.25rem" }} data-testid="changes">
      <Title order={3} mb="sm">
        {t("plan.forecast.changes")}
      </Title>
      <Stack gap="sm">
        {forecast.changes.toReversed().map((one) => (
          <Group key={one.id} justify="space-between" wrap="nowrap" align="flex-start" gap="md">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={560} className={one.undone ? classes.undone : ""}>
                {one.change.kind === "percent"
                  ? t("plan.forecast.change_percent", {
                      n: `${one.change.percent > 0 ? "+" : ""}${one.change.percent}`,
                    })
                  : t("plan.forecast.change_total", { n: count(one.change.contacts) })}{" "}
                · {one.reason}
              </Text>
              <Text size="xs" c="dimmed">
                {one.queueId === null ? t("plan.forecast.all_queues") : (names.get(one.queueId) ?? "")} ·{" "}
                {moment(one.from, forecast.timeZone)} – {moment(one.to, forecast.timeZone)} · {one.madeBy},{" "}
                {formatMoment(one.madeAt, serverClock.now(), i18n.language)}
                {one.undone && ` · ${t("plan.forecast.undone_by", { name: one.undone.by })}`}
              </Text>
            </div>
            {forecast.may.edit && !one.undone && (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconArrowBackUp size={15} />}
                loading={undo.isPending && undo.variables === one.id}
                onClick={() => undo.mutate(one.id)}
              >
                {t("common.undo")}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </section>
  );
}
