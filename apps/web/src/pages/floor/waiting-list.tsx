import { Group, Skeleton, Stack, Text } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconMoodSmile } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Elapsed } from "../../kit/elapsed.tsx";
import { Empty } from "../../kit/empty.tsx";
import { useServices } from "../../services.ts";

/** Who waits in a queue now, first in line first. */
export function WaitingList({ queueId }: { readonly queueId: string }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const waiting = useQuery({
    queryKey: ["floor", "waiting", queueId],
    queryFn: () => client.call(api.floor.waiting, { params: { id: queueId } }),
    refetchInterval: 2_000,
  });
  if (waiting.isPending) return <Skeleton height={120} />;
  const items = waiting.data?.items ?? [];
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
      {items.map((item, index) => (
        <Group
          key={item.contactId}
          justify="space-between"
          py="xs"
          style={{ borderBottom: "1px solid var(--sv-line)" }}
        >
          <Group gap="sm">
            <Text size="sm" c="dimmed" className="sv-num" w={20}>
              {index + 1}
            </Text>
            <Text component={Link} href={`/contacts/${item.contactId}`} size="sm" fw={560}>
              {t("desk.contact_no", { number: item.shortNumber })}
            </Text>
          </Group>
          <Elapsed since={item.enqueuedAt} />
        </Group>
      ))}
    </Stack>
  );
}
