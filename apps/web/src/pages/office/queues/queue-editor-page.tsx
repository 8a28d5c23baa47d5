import { Skeleton, Stack } from "@mantine/core";
import { api } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "wouter";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices, useSession } from "../../../services.ts";
import { blankQueue } from "./queue-draft.ts";
import { QueueEditor } from "./queue-editor.tsx";

/** One queue, or a new one, with everything that can be said about it. */
export function QueueEditorPage() {
  const { client } = useServices();
  const { clients } = useSession();
  const { id = "new" } = useParams<{ id: string }>();
  const isNew = id === "new";
  const queue = useQuery({
    queryKey: ["config", "queue", "one", id],
    queryFn: () => client.call(api.queues.get, { params: { id } }),
    enabled: !isNew,
  });
  if (isNew) return <QueueEditor key="new" queue={undefined} initial={blankQueue(clients[0]?.id ?? "")} />;
  if (queue.isError) return <QueryProblem error={queue.error} onRetry={() => void queue.refetch()} />;
  if (!queue.data) {
    return (
      <Stack aria-busy="true">
        <Skeleton height={90} radius="lg" />
        <Skeleton height={360} radius="lg" />
      </Stack>
    );
  }
  return <QueueEditor key={id} queue={queue.data} />;
}
