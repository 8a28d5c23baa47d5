import { Alert, Button, Group, Modal, NumberInput, Radio, Stack, Text } from "@mantine/core";
import { api, type PlanJob, type RosterView } from "@svara/contracts";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "../../../api/problem-text.ts";
import { useServices } from "../../../services.ts";
import { planFormat } from "../kit/plan-format.ts";

/** What stays as it is, and how long the solver may take. */
export function SolveDialog(props: {
  readonly view: RosterView;
  readonly onClose: () => void;
  readonly onStarted: (job: PlanJob) => void;
}) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const { view } = props;
  const [keep, setKeep] = useState<"none" | "locked" | "all">("locked");
  const [timeLimitSec, setTimeLimitSec] = useState(60);
  const [gapPercent, setGapPercent] = useState(2);
  const start = useMutation({
    mutationFn: () =>
      client.call(api.planRosters.solve, {
        params: { id: view.id },
        body: { keep, timeLimitSec, gap: gapPercent / 100 },
      }),
    onSuccess: props.onStarted,
    meta: { handlesErrors: true },
  });
  return (
    <Modal opened onClose={props.onClose} title={t("plan.roster.solve")}>
      <Stack gap="md">
        {start.isError && (
          <Alert color="red" role="alert">
            {problemText(start.error, i18n)}
          </Alert>
        )}
        <Text size="sm" c="dimmed">
          {t("plan.roster.solve_text")}
        </Text>
        <Radio.Group
          label={t("plan.roster.keep")}
          value={keep}
          onChange={(value) => setKeep(value as typeof keep)}
        >
          <Stack gap={6} mt={6}>
            {(["locked", "all", "none"] as const).map((each) => (
              <Radio key={each} value={each} label={t(`plan.roster.keeps.${each}`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Group grow align="flex-start">
          <NumberInput
            label={t("plan.roster.at_most_seconds")}
            min={1}
            max={900}
            allowDecimal={false}
            value={timeLimitSec}
            onChange={(value) => setTimeLimitSec(typeof value === "number" ? value : 60)}
          />
          <NumberInput
            label={t("plan.roster.good_enough")}
            description={t("plan.roster.good_enough_text")}
            min={0}
            max={100}
            decimalScale={1}
            suffix=" %"
            value={gapPercent}
            onChange={(value) => setGapPercent(typeof value === "number" ? value : 2)}
          />
        </Group>
        {view.solved && (
          <Text size="xs" c="dimmed">
            {t("plan.roster.last_solved", {
              gap:
                view.solved.gap === null
                  ? "–"
                  : planFormat(i18n.language).count(Math.round(view.solved.gap * 1000) / 10),
              seconds: planFormat(i18n.language).count(Math.round(view.solved.elapsedMs / 1000)),
              wishes: view.solved.unmetWishes,
            })}
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t("common.cancel")}
          </Button>
          <Button loading={start.isPending} onClick={() => start.mutate()} data-testid="solve-now">
            {t("plan.roster.solve_start")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
