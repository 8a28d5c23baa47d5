import { Alert, Button, Group, Modal, NumberInput, Stack, Text } from "@mantine/core";
import { api, type PlanJob, type RosterView } from "@svara/contracts";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "../../../api/problem-text.ts";
import { useServices } from "../../../services.ts";

/** What the simulation assumes where no forecast tells it. */
export function VerifyDialog(props: {
  readonly view: RosterView;
  readonly onClose: () => void;
  readonly onStarted: (job: PlanJob) => void;
}) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const [handlingS, setHandlingS] = useState(240);
  const [patienceS, setPatienceS] = useState(180);
  const [replications, setReplications] = useState(20);
  const start = useMutation({
    mutationFn: () =>
      client.call(api.planRosters.verify, {
        params: { id: props.view.id },
        body: { handlingS, patienceS, replications },
      }),
    onSuccess: props.onStarted,
    meta: { handlesErrors: true },
  });
  const seconds = (label: string, value: number, set: (value: number) => void) => (
    <NumberInput
      label={label}
      min={5}
      max={7200}
      suffix=" s"
      value={value}
      onChange={(next) => set(typeof next === "number" ? next : value)}
    />
  );
  return (
    <Modal opened onClose={props.onClose} title={t("plan.roster.verify")}>
      <Stack gap="md">
        {start.isError && (
          <Alert color="red" role="alert">
            {problemText(start.error, i18n)}
          </Alert>
        )}
        <Text size="sm" c="dimmed">
          {t("plan.roster.verify_text")}
        </Text>
        <Group grow align="flex-start">
          {seconds(t("plan.roster.handling"), handlingS, setHandlingS)}
          {seconds(t("plan.roster.patience"), patienceS, setPatienceS)}
          <NumberInput
            label={t("plan.roster.replications")}
            min={2}
            max={200}
            allowDecimal={false}
            value={replications}
            onChange={(next) => setReplications(typeof next === "number" ? next : replications)}
          />
        </Group>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t("common.cancel")}
          </Button>
          <Button loading={start.isPending} onClick={() => start.mutate()} data-testid="verify-now">
            {t("plan.roster.verify")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
