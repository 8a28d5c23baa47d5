import { Alert, Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconAlertTriangle, IconHandGrab, IconMoodSmile } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { problemText } from "../../api/problem-text.ts";
import { Elapsed } from "../../kit/elapsed.tsx";
import { Empty } from "../../kit/empty.tsx";
import { QueryProblem } from "../../kit/query-problem.tsx";
import { useServices } from "../../services.ts";

const KEY = ["desk", "pickable"] as const;

/** Who waits in the queues that one may pick from; taking one lets it ring at the own phone. */
export function PickList() {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const list = useQuery({
    queryKey: KEY,
    queryFn: () => client.call(api.desk.pickable, {}),
    refetchInterval: 2_000,
  });
  const pick = useMutation({
    mutationFn: (contactId: string) => client.call(api.desk.pick, { body: { contactId } }),
    meta: { handlesErrors: true },
    onSettled: () => void queries.invalidateQueries({ queryKey: KEY }),
  });
  if (list.isPending) return <Skeleton height={160} />;
  if (list.isError) return <QueryProblem error={list.error} onRetry={() => void list.refetch()} />;
  const { queues } = list.data;
  const filled = queues.filter(({ waiting }) => waiting.length > 0);
  return (
    <Stack gap="md" data-testid="pick-list" style={{ maxHeight: "calc(100dvh - 9rem)", overflowY: "auto" }}>
      {pick.isError && (
        <Alert color="red" icon={<IconAlertTriangle />} role="alert" py="xs">
          {problemText(pick.error, i18n)}
        </Alert>
      )}
      {filled.length === 0 && (
        <Empty
          compact
          icon={IconMoodSmile}
          title={t("pick.none_title")}
          text={queues.length === 0 ? t("pick.no_queues_text") : t("pick.none_text")}
        />
      )}
      {filled.map((queue) => (
        <section key={queue.id} aria-label={queue.name}>
          <Group justify="space-between" mb={4}>
            <Title order={4}>{queue.name}</Title>
            <Text size="xs" c="dimmed" className="sv-num">
              {queue.waiting.length}
            </Text>
          </Group>
          <Stack gap={0} component="ul" style={{ listStyle: "none", margin: 0, padding: 0 }}>
            {queue.waiting.map((item) => (
              <li key={item.contactId} style={{ borderBottom: "1px solid var(--sv-line)" }}>
                <Group justify="space-between" wrap="nowrap" gap="xs" py={6}>
                  <div style={{ minWidth: 0 }}>
                    <Text size="sm" fw={560} truncate>
                      {t("desk.contact_no", { number: item.shortNumber })}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {item.ringing ? t("pick.rings") : <Elapsed since={item.enqueuedAt} />}
                      {item.priority > 0 && ` · ${t("queues.priority")} ${item.priority}`}
                    </Text>
                  </div>
                  <Button
                    size="compact-sm"
                    variant="light"
                    leftSection={<IconHandGrab size={15} aria-hidden="true" />}
                    disabled={item.ringing}
                    loading={pick.isPending && pick.variables === item.contactId}
                    onClick={() => pick.mutate(item.contactId)}
                  >
                    {t("pick.take")}
                  </Button>
                </Group>
              </li>
            ))}
          </Stack>
        </section>
      ))}
    </Stack>
  );
}
