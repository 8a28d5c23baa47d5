import { Alert, Button, Group, Modal, Stack } from "@mantine/core";
import { api, type LEAVE_KINDS } from "@svara/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../../api/notify.tsx";
import { fieldProblems, problemText } from "../../../api/problem-text.ts";
import { useServices, useSession } from "../../../services.ts";
import { LeaveFields } from "../requests/enter-leave.tsx";
import { addDays, wallDate, wallInstant } from "../roster/zone-time.ts";

/** The agent asks for whole days of leave. */
export function AskLeave({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { client, ids, serverClock } = useServices();
  const { timeZone } = useSession().centre;
  const queries = useQueryClient();
  const tomorrow = addDays(wallDate(serverClock.now(), timeZone), 1);
  const [from, setFrom] = useState(tomorrow);
  const [to, setTo] = useState(tomorrow);
  const [leaveKind, setLeaveKind] = useState<(typeof LEAVE_KINDS)[number]>("holiday");
  const [reason, setReason] = useState("");
  const ask = useMutation({
    mutationFn: () =>
      client.call(api.mySchedule.ask, {
        body: {
          kind: "leave",
          from: wallInstant(from, "00:00", timeZone),
          to: wallInstant(addDays(to, 1), "00:00", timeZone),
          leaveKind,
          reason,
        },
        idempotencyKey: ids.next(),
      }),
    onSuccess: async ({ state }) => {
      await queries.invalidateQueries({ queryKey: ["plan", "my"] });
      notifyDone(t(state === "granted" ? "plan.requests.was.granted" : "plan.my.asked"));
      onClose();
    },
    meta: { handlesErrors: true },
  });
  return (
    <Modal opened onClose={onClose} title={t("plan.my.ask_leave")}>
      <Stack gap="md">
        {ask.isError && (
          <Alert color="red" role="alert">
            {problemText(ask.error, i18n)}
          </Alert>
        )}
        <LeaveFields
          from={from}
          to={to}
          leaveKind={leaveKind}
          reason={reason}
          faults={fieldProblems(ask.error, i18n)}
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
          <Button loading={ask.isPending} onClick={() => ask.mutate()} data-testid="ask">
            {t("plan.my.ask")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
