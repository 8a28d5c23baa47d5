import { Alert, Button, Group, Modal, ScrollArea, Skeleton, Stack, Text, Textarea } from "@mantine/core";
import { api, type RosterDayChange, type RosterView } from "@svara/contracts";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";
import { useServices } from "../../../services.ts";
import { dayWords, spanWords } from "./zone-time.ts";

/** What agents will be told; then they are. */
export function PublishDialog(props: {
  readonly view: RosterView;
  readonly onClose: () => void;
  readonly onPublished: (view: RosterView) => void;
}) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const { view } = props;
  const [note, setNote] = useState("");
  const changes = useQuery({
    queryKey: ["plan", "roster", view.id, "changes", view.draftRevision],
    queryFn: () => client.call(api.planRosters.changesToPublish, { params: { id: view.id } }),
  });
  const publish = useMutation({
    mutationFn: () =>
      client.call(api.planRosters.publish, {
        params: { id: view.id },
        body: { draftRevision: view.draftRevision, note },
      }),
    onSuccess: (published) => {
      props.onPublished(published);
      notifyDone(t("plan.roster.was_published"));
      props.onClose();
    },
    meta: { handlesErrors: true },
  });
  const items = changes.data?.items ?? [];
  return (
    <Modal opened onClose={props.onClose} title={t("plan.roster.publish")} size="lg">
      <Stack gap="md">
        {publish.isError && (
          <Alert color="red" role="alert">
            {problemText(publish.error, i18n)}
          </Alert>
        )}
        <Text size="sm">
          {t(view.version === 0 ? "plan.roster.publish_first" : "plan.roster.publish_again", {
            count: items.length,
          })}
        </Text>
        {view.violations.length > 0 && (
          <Alert color="orange" icon={<IconAlertTriangle />}>
            {t("plan.roster.publish_broken", { count: view.violations.length })}
          </Alert>
        )}
        {changes.isPending && <Skeleton height={80} />}
        {view.version > 0 && items.length > 0 && (
          <ScrollArea.Autosize mah={260} className="sv-surface" p="sm">
            <Stack gap="xs">
              {items.map(({ agentId, agentName, days }) => (
                <div key={agentId}>
                  <Text size="sm" fw={560}>
                    {agentName}
                  </Text>
                  {days.map((day) => (
                    <DayChange key={`${day.date}${day.before?.from}`} day={day} timeZone={view.timeZone} />
                  ))}
                </div>
              ))}
            </Stack>
          </ScrollArea.Autosize>
        )}
        <Textarea
          label={t("plan.roster.note")}
          minRows={2}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t("common.cancel")}
          </Button>
          <Button loading={publish.isPending} onClick={() => publish.mutate()} data-testid="publish-now">
            {t("plan.roster.publish")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** `Mon 23 Nov: 08:00–16:30 → 09:00–17:30`. */
export function DayChange({ day, timeZone }: { readonly day: RosterDayChange; readonly timeZone: string }) {
  const { t, i18n } = useTranslation();
  const words = (span: RosterDayChange["before"]): string =>
    span ? spanWords(span, timeZone) : t("plan.roster.free");
  const same =
    day.before && day.after && day.before.from === day.after.from && day.before.to === day.after.to;
  return (
    <Text size="sm" className="sv-num">
      {dayWords(day.date, i18n.language)}:{" "}
      {same
        ? `${words(day.after)}, ${t("plan.roster.breaks_changed")}`
        : `${words(day.before)} → ${words(day.after)}`}
    </Text>
  );
}
