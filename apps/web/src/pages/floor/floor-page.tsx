import { Button, Group, SimpleGrid, Skeleton, Stack, Title } from "@mantine/core";
import { IconPhonePlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useMay } from "../../api/rights.ts";
import { Empty } from "../../kit/empty.tsx";
import { PageHeader } from "../../kit/page-header.tsx";
import { useTopic } from "../../live/use-topic.ts";
import { AgentsBoard } from "./agents-board.tsx";
import { FloorTotals } from "./floor-totals.tsx";
import { QueueBoard } from "./queue-board.tsx";

/** Queues and agents as they are this second. */
export function FloorPage() {
  const { t } = useTranslation();
  const view = useTopic("floor");
  const mayBuild = useMay("queues.edit");
  const state = view.data;
  return (
    <Stack gap="lg" maw={1600} mx="auto">
      <PageHeader title={t("shell.floor")} description={t("floor.description")} />
      {!state && <FloorSkeleton />}
      {state && state.queues.length === 0 && (
        <div className="sv-surface">
          <Empty
            icon={IconPhonePlus}
            title={t("floor.no_queues_title")}
            text={t("floor.no_queues_text")}
            action={
              mayBuild && (
                <Button component={Link} href="/office/queues">
                  {t("floor.no_queues_action")}
                </Button>
              )
            }
          />
        </div>
      )}
      {state && state.queues.length > 0 && (
        <>
          <FloorTotals totals={state.totals} date={state.date} />
          <section aria-labelledby="floor-queues">
            <Title order={2} id="floor-queues" mb="sm">
              {t("floor.queues")}
            </Title>
            <QueueBoard queues={state.queues} date={state.date} />
          </section>
        </>
      )}
      {state && <AgentsBoard agents={state.agents} queues={state.queues} />}
    </Stack>
  );
}

function FloorSkeleton() {
  return (
    <Stack gap="lg" aria-busy="true">
      <SimpleGrid cols={{ base: 2, sm: 4, lg: 7 }}>
        {[1, 2, 3, 4, 5, 6, 7].map((n) => (
          <Skeleton key={n} height={84} radius="lg" />
        ))}
      </SimpleGrid>
      <Skeleton height={260} radius="lg" />
      <Group grow>
        <Skeleton height={120} radius="lg" />
        <Skeleton height={120} radius="lg" />
        <Skeleton height={120} radius="lg" />
      </Group>
    </Stack>
  );
}
