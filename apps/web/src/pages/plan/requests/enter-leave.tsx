import { Alert, Button, Group, Modal, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { api, LEAVE_KINDS } from "@svara/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../../api/notify.tsx";
import { fieldProblems, problemText } from "../../../api/problem-text.ts";
import { useServices, useSession } from "../../../services.ts";
import { useEntities } from "../../office/entity/crud.ts";
import { TERMS_ROUTES } from "../roster/settings/terms-routes.ts";
import { addDays, wallDate, wallInstant } from "../roster/zone-time.ts";

/** Sickness or leave agreed by word, entered for an agent. */
export function EnterLeave({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { client, ids, serverClock } = useServices();
  const { centre } = useSession();
  const queries = useQueryClient();
  const agents = useEntities("agent_terms", TERMS_ROUTES);
  const today = wallDate(serverClock.now(), centre.timeZone);
  const [agentId, setAgentId] = useState<string | null>(null);
  const [from, setFrom] = useState(today);
  const [to, setTo] = useState(today);
  const [leaveKind, setLeaveKind] = useState<(typeof LEAVE_KINDS)[number]>("sick");
  const [reason, setReason] = useState("");
  const enter = useMutation({
    mutationFn: () =>
      client.call(api.planRequests.enterLeave, {
        body: {
          agentId: agentId ?? "",
          from: wallInstant(from, "00:00", centre.timeZone),
          to: wallInstant(addDays(to, 1), "00:00", centre.timeZone),
          leaveKind,
          reason,
        },
        idempotencyKey: ids.next(),
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["plan"] });
      notifyDone(t("plan.requests.was.granted"));
      onClose();
    },
    meta: { handlesErrors: true },
  });
  const faults = fieldProblems(enter.error, i18n);
  return (
    <Modal opened onClose={onClose} title={t("plan.requests.enter_leave")}>
      <Stack gap="md">
        {enter.isError && (
          <Alert color="red" role="alert">
            {problemText(enter.error, i18n)}
          </Alert>
        )}
        <Select
          label={t("fields.agent")}
          searchable
          data={(agents.data ?? []).map(({ id, agentName }) => ({ value: id, label: agentName }))}
          value={agentId}
          error={faults.agentId}
          onChange={setAgentId}
        />
        <LeaveFields
          from={from}
          to={to}
          leaveKind={leaveKind}
          reason={reason}
          faults={faults}
          onFrom={(next) => {
            setFrom(next);
            if (to < next) setTo(next);
          }}
          onTo={setTo}
          onLeaveKind={setLeaveKind}
          onReason={setReason}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button disabled={agentId === null} loading={enter.isPending} onClick={() => enter.mutate()}>
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** First and last day, kind and reason; used by agents and planners alike. */
export function LeaveFields(props: {
  readonly from: string;
  readonly to: string;
  readonly leaveKind: (typeof LEAVE_KINDS)[number];
  readonly reason: string;
  readonly faults: Record<string, string>;
  readonly onFrom: (date: string) => void;
  readonly onTo: (date: string) => void;
  readonly onLeaveKind: (kind: (typeof LEAVE_KINDS)[number]) => void;
  readonly onReason: (reason: string) => void;
}) {
  const { t } = useTranslation();
  const { from, to, leaveKind, reason, faults } = props;
  return (
    <>
      <Select
        label={t("plan.requests.leave_of")}
        data={LEAVE_KINDS.map((kind) => ({ value: kind, label: t(`plan.requests.leave_kind.${kind}`) }))}
        value={leaveKind}
        onChange={(kind) => props.onLeaveKind((kind ?? "holiday") as typeof leaveKind)}
      />
      <Group grow align="flex-start">
        <TextInput
          type="date"
          label={t("plan.roster.first_day")}
          value={from}
          error={faults.from}
          onChange={(event) => event.currentTarget.value && props.onFrom(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t("plan.requests.last_day")}
          value={to}
          min={from}
          error={faults.to}
          onChange={(event) => event.currentTarget.value && props.onTo(event.currentTarget.value)}
        />
      </Group>
      <Textarea
        label={t("plan.requests.reason")}
        description={t("plan.requests.reason_hint")}
        minRows={2}
        maxLength={500}
        value={reason}
        onChange={(event) => props.onReason(event.currentTarget.value)}
      />
    </>
  );
}
