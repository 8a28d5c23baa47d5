import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { api, type PlanJob } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useServices } from "../../../services.ts";

const LOOK_EVERY_MS = 700;

/** How far a simulation is, with the way to stop it. */
export function WhatIfProgress(props: { readonly jobId: string; readonly onEnd: (job: PlanJob) => void }) {
  const { jobId, onEnd } = props;
  const { t } = useTranslation();
  const { client } = useServices();
  const told = useRef(false);
  const job = useQuery({
    queryKey: ["plan", "job", jobId],
    queryFn: () => client.call(api.planJobs.get, { params: { id: jobId } }),
    refetchInterval: ({ state }) => (state.data?.endedAt ? false : LOOK_EVERY_MS),
  });
  const ending = job.data?.endedAt ? job.data : undefined;
  useEffect(() => {
    if (!ending || told.current) return;
    told.current = true;
    onEnd(ending);
  }, [ending, onEnd]);
  const { step = null, progress = null, figures = {} } = job.data ?? {};
  const word =
    step === "reading"
      ? t("plan.what_if.step_reading", { n: figures.entries ?? 0 })
      : step === "simulating"
        ? t("plan.what_if.step_simulating", { n: figures.replications ?? 0 })
        : t("plan.what_if.step_waiting");
  return (
    <Stack gap={6} mt="md" role="status">
      <Group justify="space-between">
        <Text size="sm">{word}</Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void client.call(api.planJobs.cancel, { params: { id: jobId } })}
        >
          {t("plan.what_if.stop")}
        </Button>
      </Group>
      <Progress
        value={progress === null ? 100 : progress * 100}
        animated={progress === null}
        aria-label={t("plan.what_if.progress")}
      />
    </Stack>
  );
}
