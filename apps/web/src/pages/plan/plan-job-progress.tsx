import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { ApiError, api, type PlanJob } from "@svara/contracts";
import { IconAlertTriangle, IconPlayerStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "../../api/problem-text.ts";
import { useServices } from "../../services.ts";

const LOOK_EVERY_MS = 700;

/** Follows planning work until it is over. */
function usePlanJob(jobId: string | null, onEnd: (job: PlanJob) => void) {
  const { client } = useServices();
  const told = useRef<string | null>(null);
  const query = useQuery({
    queryKey: ["plan", "job", jobId],
    queryFn: () => client.call(api.planJobs.get, { params: { id: jobId ?? "" } }),
    enabled: jobId !== null,
    refetchInterval: ({ state }) => (state.data?.endedAt ? false : LOOK_EVERY_MS),
  });
  const ended = query.data?.endedAt ? query.data : undefined;
  useEffect(() => {
    if (!ended || told.current === ended.id) return;
    told.current = ended.id;
    onEnd(ended);
  }, [ended, onEnd]);
  return query;
}

/** How far planning work is, with its figures and the way to stop it; what went wrong when it failed. */
export function PlanJobProgress(props: {
  readonly jobId: string;
  readonly onEnd: (job: PlanJob) => void;
  /** Nobody knows of the work any more: the server was started anew, or it is long over. */
  readonly onLost?: () => void;
  /** The step's words and the figures worth showing. */
  readonly words: (job: PlanJob) => string;
  readonly stopLabel?: string;
}) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const job = usePlanJob(props.jobId, props.onEnd);
  const { onLost } = props;
  const isLost = job.error instanceof ApiError && job.error.status === 404;
  useEffect(() => {
    if (isLost) onLost?.();
  }, [isLost, onLost]);
  if (job.isError)
    return (
      <Alert
        color="red"
        icon={<IconAlertTriangle />}
        role="alert"
        {...(onLost && { withCloseButton: true, closeButtonLabel: t("common.close"), onClose: onLost })}
      >
        {problemText(job.error, i18n)}
      </Alert>
    );
  const { progress = null, problem = null } = job.data ?? {};
  if (problem)
    return (
      <Alert color="red" icon={<IconAlertTriangle />} role="alert">
        {problem.message}
      </Alert>
    );
  return (
    <Stack gap={6} role="status" className="sv-surface" p="sm" data-testid="plan-job">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" className="sv-num">
          {job.data ? props.words(job.data) : t("plan.jobs.waiting")}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlayerStop size={14} />}
          onClick={() => void client.call(api.planJobs.cancel, { params: { id: props.jobId } })}
        >
          {props.stopLabel ?? t("plan.jobs.stop")}
        </Button>
      </Group>
      <Progress
        value={progress === null ? 100 : progress * 100}
        animated={progress === null}
        aria-label={t("plan.jobs.progress")}
      />
    </Stack>
  );
}
