import { Anchor, Button, Group, Skeleton, Stack, Text, Title, Tooltip } from "@mantine/core";
import { type AnswerOf, api } from "@svara/contracts";
import {
  IconArrowLeft,
  IconBellRinging,
  IconHelpCircle,
  IconMoodSmile,
  IconPhoneOutgoing,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Pill } from "../../kit/agent-state.tsx";
import { Elapsed } from "../../kit/elapsed.tsx";
import { Empty } from "../../kit/empty.tsx";
import { QueryProblem } from "../../kit/query-problem.tsx";
import { useServices } from "../../services.ts";
import { span } from "./wait/reason-words.ts";
import classes from "./wait/wait.module.css";
import { WaitPanel } from "./wait/wait-panel.tsx";

type Waiter = AnswerOf<typeof api.floor.waiting>["items"][number];

/** Who waits in a queue now, first in line first; each can be asked why. */
export function WaitingList({ queueId }: { readonly queueId: string }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const [asked, setAsked] = useState<Waiter>();
  const waiting = useQuery({
    queryKey: ["floor", "waiting", queueId],
    queryFn: () => client.call(api.floor.waiting, { params: { id: queueId } }),
    refetchInterval: 2_000,
  });
  if (asked) return <Asked waiter={asked} onBack={() => setAsked(undefined)} />;
  if (waiting.isPending) return <Skeleton height={120} />;
  if (waiting.isError) return <QueryProblem error={waiting.error} onRetry={() => void waiting.refetch()} />;
  const { items } = waiting.data;
  if (items.length === 0) {
    return (
      <Empty
        compact
        icon={IconMoodSmile}
        title={t("floor.nobody_waits")}
        text={t("floor.nobody_waits_text")}
      />
    );
  }
  return (
    <Stack gap={0}>
      {items.map((item) => (
        <WaiterRow key={item.contactId} item={item} onAsk={() => setAsked(item)} />
      ))}
    </Stack>
  );
}

function WaiterRow({ item, onAsk }: { readonly item: Waiter; readonly onAsk: () => void }) {
  const { t, i18n } = useTranslation();
  return (
    <div className={classes.waiter} data-testid="waiter">
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Group gap="xs" style={{ minWidth: 0 }}>
          <Text size="sm" c="dimmed" className="sv-num" miw={20}>
            {item.position ?? "–"}
          </Text>
          <Anchor component={Link} href={`/contacts/${item.contactId}`} size="sm" fw={560}>
            {t("desk.contact_no", { number: item.shortNumber })}
          </Anchor>
          {item.state === "ringing" && (
            <Pill tone="ringing" icon={IconBellRinging}>
              {t("wait.rings")}
            </Pill>
          )}
          {item.callback && (
            <Tooltip label={t("wait.callback_hint")} multiline maw={260}>
              <span>
                <Pill tone="wrap" icon={IconPhoneOutgoing}>
                  {t("wait.callback")}
                </Pill>
              </span>
            </Tooltip>
          )}
        </Group>
        <Text size="sm" fw={560}>
          <Elapsed since={item.enqueuedAt} />
        </Text>
      </Group>
      <Group justify="space-between" wrap="nowrap" gap="sm" mt={4} pl={28}>
        <Text size="xs" c="dimmed" className="sv-num">
          {[
            item.position === null
              ? t("wait.dormant")
              : item.expectedMs === null
                ? undefined
                : item.expectedMs < 1_000
                  ? t("wait.any_moment")
                  : t("wait.still", { time: span(item.expectedMs, { i18n }) }),
            item.stepsTaken > 0 ? t("wait.steps", { count: item.stepsTaken }) : undefined,
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
        <Button
          size="compact-xs"
          variant="light"
          leftSection={<IconHelpCircle size={14} aria-hidden="true" />}
          onClick={onAsk}
          style={{ flex: "none" }}
        >
          {t("wait.why")}
        </Button>
      </Group>
    </div>
  );
}

function Asked({ waiter, onBack }: { readonly waiter: Waiter; readonly onBack: () => void }) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Stack gap="md">
      <div>
        <Anchor component="button" type="button" size="sm" onClick={onBack}>
          <Group gap={4} component="span">
            <IconArrowLeft size={15} aria-hidden="true" /> {t("wait.all")}
          </Group>
        </Anchor>
        <Title order={2} mt={4} ref={heading} tabIndex={-1} style={{ outline: "none" }}>
          {t("wait.title", { number: waiter.shortNumber })}
        </Title>
      </div>
      <WaitPanel contactId={waiter.contactId} />
    </Stack>
  );
}
