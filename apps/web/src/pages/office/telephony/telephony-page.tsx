import { Button, Group, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { type Alarm, type AnswerOf, api } from "@svara/contracts";
import { IconAlertTriangle, IconCircleCheck, IconShieldOff } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../../api/notify.tsx";
import { useMay } from "../../../api/rights.ts";
import { formatMoment } from "../../../format/moment.ts";
import { Empty } from "../../../kit/empty.tsx";
import { Figure } from "../../../kit/figure.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { useChoices } from "../entity/fields.tsx";

const EVERY_MS = 5_000;
const STATUS = ["telephony", "status"] as const;
const BANS = ["telephony", "bans"] as const;

type Ban = AnswerOf<typeof api.telephony.bans>["items"][number];

/** What runs on the switch now, what is wrong with it, and whom it does not hear. */
export function TelephonyPage() {
  const { t } = useTranslation();
  const { client } = useServices();
  const status = useQuery({
    queryKey: STATUS,
    queryFn: () => client.call(api.telephony.status, {}),
    refetchInterval: EVERY_MS,
  });
  const bans = useQuery({
    queryKey: BANS,
    queryFn: () => client.call(api.telephony.bans, {}),
    refetchInterval: EVERY_MS,
  });
  return (
    <Stack gap="md">
      <PageHeader title={t("office.telephony")} description={t("telephony_status.description")} />
      {status.isError && <QueryProblem error={status.error} onRetry={() => void status.refetch()} />}
      {status.isPending && <Skeleton height={120} radius="lg" />}
      {status.data && (
        <>
          <section className="sv-surface" style={{ padding: "1rem 1.25rem" }}>
            <SimpleGrid cols={{ base: 2, sm: 4 }}>
              <Figure label={t("telephony_status.legs")} value={status.data.legs} />
              <Figure label={t("telephony_status.bridges")} value={status.data.bridges} />
              <Figure label={t("telephony_status.recordings")} value={status.data.recordings} />
              <Figure
                label={t("telephony_status.bans")}
                value={status.data.bans}
                tone={status.data.bans > 0 ? "warn" : "plain"}
              />
            </SimpleGrid>
          </section>
          <Part title={t("telephony_status.alarms")}>
            {status.data.alarms.length === 0 ? (
              <Group gap="xs">
                <IconCircleCheck size={20} color="var(--sv-state-available)" aria-hidden="true" />
                <Text size="sm">{t("telephony_status.all_well")}</Text>
              </Group>
            ) : (
              <Stack gap="sm" role="list" aria-live="polite">
                {status.data.alarms.map((alarm) => (
                  <AlarmRow
                    key={`${alarm.code} ${alarm.trunkId} ${alarm.agentId} ${alarm.detail}`}
                    alarm={alarm}
                  />
                ))}
              </Stack>
            )}
          </Part>
        </>
      )}
      {bans.data && (
        <Part title={t("telephony_status.bans")} text={t("telephony_status.bans_text")}>
          {bans.data.items.length === 0 ? (
            <Empty compact icon={IconShieldOff} title={t("telephony_status.no_bans")} text="" />
          ) : (
            <Stack gap={0} role="list">
              {bans.data.items.map((ban) => (
                <BanRow key={ban.address} ban={ban} />
              ))}
            </Stack>
          )}
        </Part>
      )}
    </Stack>
  );
}

function AlarmRow({ alarm }: { readonly alarm: Alarm }) {
  const { t, i18n } = useTranslation();
  const { serverClock } = useServices();
  const trunks = useChoices("trunk", api.trunks);
  const people = useChoices("user", api.users);
  const of =
    trunks.find(({ value }) => value === alarm.trunkId)?.label ??
    people.find(({ value }) => value === alarm.agentId)?.label;
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start" role="listitem" data-testid="alarm">
      <IconAlertTriangle
        size={20}
        aria-hidden="true"
        style={{ flex: "none", color: "var(--sv-state-trouble)" }}
      />
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={620}>
          {t(`alarm.${alarm.code}`)}
          {of === undefined ? "" : `: ${of}`}
        </Text>
        <Text size="sm">{t(`alarm.${alarm.code}_todo`)}</Text>
        <Text size="xs" c="dimmed" className="sv-num">
          {[
            alarm.detail,
            t("telephony_status.since", {
              when: formatMoment(alarm.since, serverClock.now(), i18n.language),
            }),
            alarm.count > 1 ? t("telephony_status.times", { count: alarm.count }) : "",
          ]
            .filter((part) => part !== "")
            .join(" · ")}
        </Text>
      </div>
    </Group>
  );
}

function BanRow({ ban }: { readonly ban: Ban }) {
  const { t, i18n } = useTranslation();
  const { client, serverClock } = useServices();
  const queries = useQueryClient();
  const mayEdit = useMay("telephony.edit");
  const lift = useMutation({
    mutationFn: () => client.call(api.telephony.unban, { params: { address: ban.address } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["telephony"] });
      notifyDone(t("telephony_status.lifted", { address: ban.address }));
    },
  });
  const key = `ban_reason.${ban.reason}`;
  const reason = i18n.exists(key) ? (t(key as never) as string) : ban.reason.replaceAll("_", " ");
  return (
    <Group
      justify="space-between"
      wrap="wrap"
      py="xs"
      style={{ borderTop: "1px solid var(--sv-line)" }}
      role="listitem"
      data-testid="ban"
    >
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={600} className="sv-num">
          {ban.address}
        </Text>
        <Text size="xs" c="dimmed" className="sv-num">
          {reason} ·{" "}
          {t("telephony_status.until", {
            when: formatMoment(ban.until, serverClock.now(), i18n.language),
          })}
        </Text>
      </div>
      {mayEdit && (
        <Button size="xs" variant="default" loading={lift.isPending} onClick={() => lift.mutate()}>
          {t("telephony_status.lift")}
        </Button>
      )}
    </Group>
  );
}

function Part(props: { readonly title: string; readonly text?: string; readonly children: ReactNode }) {
  return (
    <section className="sv-surface" style={{ padding: "1.25rem" }} aria-label={props.title}>
      <Stack gap="sm">
        <div>
          <Title order={2}>{props.title}</Title>
          {props.text !== undefined && (
            <Text size="sm" c="dimmed" maw={680}>
              {props.text}
            </Text>
          )}
        </div>
        {props.children}
      </Stack>
    </section>
  );
}
