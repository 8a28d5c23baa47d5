import { Button, Group, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { api } from "@svara/contracts";
import { IconCalendarShare } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone, notifyProblem } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";
import { formatMoment } from "../../../format/moment.ts";
import { CopyField } from "../../../kit/copy-field.tsx";
import { useServices } from "../../../services.ts";
import type { MyWeek } from "./my-schedule-page.tsx";
import { Section } from "./section.tsx";

/** The secret address under which calendar programs read the own shifts. It is told once. */
export function CalendarFeed({ feed }: { readonly feed: MyWeek["feed"] }) {
  const { t, i18n } = useTranslation();
  const { client, serverClock } = useServices();
  const queries = useQueryClient();
  const [address, setAddress] = useState<string>();
  const failed = (error: unknown): void => notifyProblem(problemText(error, i18n));
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ["plan", "my", "week"] });
  const make = useMutation({
    mutationFn: () => client.call(api.mySchedule.makeFeed, {}),
    onSuccess: async ({ path }) => {
      setAddress(`${window.location.origin}${path}`);
      await refresh();
    },
    onError: failed,
    meta: { handlesErrors: true },
  });
  const remove = useMutation({
    mutationFn: () => client.call(api.mySchedule.removeFeed, {}),
    onSuccess: async () => {
      setAddress(undefined);
      notifyDone(t("plan.my.feed_removed"));
      await refresh();
    },
    onError: failed,
    meta: { handlesErrors: true },
  });
  const confirmed = (title: string, text: string, run: () => void): void =>
    void modals.openConfirmModal({
      title,
      children: <Text size="sm">{text}</Text>,
      labels: { confirm: title, cancel: t("common.cancel") },
      onConfirm: run,
    });
  return (
    <Section title={t("plan.my.calendar")}>
      <Stack gap="sm" className="sv-surface" p="md">
        <Text size="sm">{t("plan.my.calendar_text")}</Text>
        {address !== undefined && (
          <>
            <CopyField label={t("plan.my.address")} value={address} />
            <Text size="sm" c="dimmed">
              {t("plan.my.address_once")}
            </Text>
          </>
        )}
        {feed && address === undefined && (
          <Text size="sm" c="dimmed">
            {feed.lastReadAt === null
              ? t("plan.my.never_read")
              : t("plan.my.last_read", {
                  when: formatMoment(feed.lastReadAt, serverClock.now(), i18n.language),
                })}
          </Text>
        )}
        <Group gap="xs">
          {feed === null ? (
            <Button
              leftSection={<IconCalendarShare size={17} />}
              loading={make.isPending}
              onClick={() => make.mutate()}
              data-testid="make-feed"
            >
              {t("plan.my.make_address")}
            </Button>
          ) : (
            <>
              <Button
                variant="default"
                loading={make.isPending}
                onClick={() =>
                  confirmed(t("plan.my.renew_address"), t("plan.my.renew_text"), () => make.mutate())
                }
              >
                {t("plan.my.renew_address")}
              </Button>
              <Button
                variant="subtle"
                color="red"
                onClick={() =>
                  confirmed(t("plan.my.remove_address"), t("plan.my.remove_text"), () => remove.mutate())
                }
              >
                {t("plan.my.remove_address")}
              </Button>
            </>
          )}
        </Group>
      </Stack>
    </Section>
  );
}
