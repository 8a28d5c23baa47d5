import { Accordion, Alert, Button, Group, Modal, Select, Skeleton, Stack, Text } from "@mantine/core";
import { api, type StaffingInputs } from "@svara/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { problemText } from "../../../api/problem-text.ts";
import { useServices } from "../../../services.ts";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { usePlanWork } from "../kit/use-plan-work.ts";
import { WorkProgress } from "../kit/work-progress.tsx";
import { InputsFields } from "./inputs-fields.tsx";
import { targetWords } from "./target-words.ts";

/** Which forecast, and by what each of its queues is staffed. */
export function NewRequirementModal(props: {
  readonly forecastId: string | null;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { client, ids } = useServices();
  const { dayLong } = usePlanFormat();
  const [, go] = useLocation();
  const cache = useQueryClient();
  const [forecastId, setForecastId] = useState(props.forecastId);
  const [inputs, setInputs] = useState<Readonly<Record<string, StaffingInputs>>>({});
  const work = usePlanWork<{ requirementId: string }>();
  const forecasts = useQuery({
    queryKey: ["plan", "forecasts"],
    queryFn: async () => (await client.call(api.planForecasts.list, {})).items,
  });
  const usual = useQuery({
    queryKey: ["plan", "forecast", forecastId, "inputs"],
    queryFn: async () =>
      (await client.call(api.planStaffing.inputs, { params: { id: forecastId ?? "" } })).items,
    enabled: forecastId !== null,
  });
  useEffect(() => {
    if (usual.data) setInputs(Object.fromEntries(usual.data.map((one) => [one.queue.id, one.inputs])));
  }, [usual.data]);
  const make = async (): Promise<void> => {
    if (forecastId === null) return;
    const made = await work.start(() =>
      client.call(api.planStaffing.make, {
        body: {
          forecastId,
          queues: Object.entries(inputs).map(([queueId, own]) => ({ queueId, inputs: own })),
        },
        idempotencyKey: ids.next(),
      }),
    );
    if (!made) return;
    await cache.invalidateQueries({ queryKey: ["plan"] });
    props.onClose();
    go(`/plan/staffing/${made.requirementId}`);
  };
  const queues = usual.data ?? [];
  return (
    <Modal opened onClose={props.onClose} title={t("plan.staffing.new")} size="lg">
      <Stack gap="md">
        <Select
          label={t("plan.forecast.forecast")}
          data={(forecasts.data ?? []).map((one) => ({
            value: one.id,
            label: `${one.name} · ${dayLong(one.firstDay)} – ${dayLong(one.lastDay)}`,
          }))}
          value={forecastId}
          onChange={setForecastId}
          placeholder={t("plan.staffing.choose_forecast")}
        />
        {usual.isError && (
          <Alert color="red" role="alert">
            {problemText(usual.error, i18n)}
          </Alert>
        )}
        {usual.isLoading && <Skeleton height={180} aria-busy="true" />}
        {queues.length > 0 && (
          <>
            <Text size="sm" c="dimmed">
              {t("plan.staffing.inputs_text")}
            </Text>
            <Accordion
              variant="separated"
              defaultValue={queues.length === 1 ? (queues[0]?.queue.id ?? null) : null}
            >
              {queues.map(({ queue, learnt }) => {
                const own = inputs[queue.id];
                if (!own) return null;
                return (
                  <Accordion.Item key={queue.id} value={queue.id}>
                    <Accordion.Control>
                      <Text size="sm" fw={560}>
                        {queue.name}
                      </Text>
                      <Text size="xs" c="dimmed">
                        {targetWords(own, t, i18n.language)}
                      </Text>
                    </Accordion.Control>
                    <Accordion.Panel>
                      <InputsFields
                        value={own}
                        learnt={learnt}
                        onChange={(next) => setInputs((was) => ({ ...was, [queue.id]: next }))}
                      />
                    </Accordion.Panel>
                  </Accordion.Item>
                );
              })}
            </Accordion>
          </>
        )}
        {work.error !== null && (
          <Alert color="red" role="alert">
            {problemText(work.error, i18n)}
          </Alert>
        )}
        <WorkProgress work={work} word={t("plan.staffing.working")} />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {t("common.cancel")}
          </Button>
          <Button onClick={() => void make()} disabled={queues.length === 0} loading={work.running}>
            {t("plan.staffing.make")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
