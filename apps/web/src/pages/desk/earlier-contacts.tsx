import { Group, Skeleton, Stack, Text } from "@mantine/core";
import { api, type DeskContact } from "@svara/contracts";
import { IconArrowDownLeft, IconArrowUpRight, IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { formatSpan } from "../../format/duration.ts";
import { formatMoment } from "../../format/moment.ts";
import { Empty } from "../../kit/empty.tsx";
import { useServices } from "../../services.ts";
import { outcomeName } from "../contacts/outcome.ts";
import { dispositionName, useDispositions } from "./dispositions.ts";

/** What this customer has contacted us about before. */
export function EarlierContacts({ contact }: { readonly contact: DeskContact }) {
  const { t, i18n } = useTranslation();
  const { client, serverClock } = useServices();
  const dispositions = useDispositions();
  const history = useQuery({
    queryKey: ["desk", "history", contact.contactId],
    queryFn: () => client.call(api.desk.history, { params: { id: contact.contactId } }),
    enabled: contact.customer !== undefined,
  });
  if (history.isPending && contact.customer) {
    return (
      <Stack gap="sm">
        {[1, 2, 3].map((n) => (
          <Skeleton key={n} height={64} />
        ))}
      </Stack>
    );
  }
  const items = history.data?.items ?? [];
  if (items.length === 0) {
    return (
      <Empty compact icon={IconHistory} title={t("desk.no_history_title")} text={t("desk.no_history_text")} />
    );
  }
  return (
    <Stack gap={0} component="ul" style={{ listStyle: "none", margin: 0, padding: 0 }}>
      {items.map((item) => {
        const DirectionIcon = item.direction === "outbound" ? IconArrowUpRight : IconArrowDownLeft;
        const disposition = dispositions.find((each) => each.id === item.dispositionId);
        return (
          <li
            key={item.contactId}
            style={{ borderBottom: "1px solid var(--sv-line)", padding: "0.625rem 0" }}
          >
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Group gap={6} wrap="nowrap" style={{ minWidth: 0 }}>
                <DirectionIcon
                  size={15}
                  aria-label={t(`direction.${item.direction}`)}
                  style={{ flex: "none" }}
                />
                <Text
                  component={Link}
                  href={`/contacts/${item.contactId}`}
                  size="sm"
                  fw={560}
                  truncate
                  style={{ color: "inherit" }}
                >
                  {disposition ? dispositionName(disposition, t) : outcomeName(item.outcome, t)}
                </Text>
              </Group>
              <Text size="xs" c="dimmed" className="sv-num" style={{ whiteSpace: "nowrap" }}>
                {formatMoment(item.startedAt, serverClock.now(), i18n.language)}
              </Text>
            </Group>
            <Text size="xs" c="dimmed" truncate>
              {[item.queueName, item.agentName, formatSpan(item.durationMs, i18n.language)]
                .filter(Boolean)
                .join(" · ")}
            </Text>
            {item.notes && (
              <Text size="sm" mt={4} lineClamp={3}>
                {item.notes}
              </Text>
            )}
          </li>
        );
      })}
    </Stack>
  );
}
