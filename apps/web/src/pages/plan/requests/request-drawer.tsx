import { Alert, Button, Drawer, Group, Skeleton, Stack, Text, Textarea, Title } from "@mantine/core";
import { api, type PlanRequest } from "@svara/contracts";
import { IconArrowBackUp, IconCheck, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { RequestEffect, RequestHistory, RequestSentence, RequestState } from "./request-words.tsx";

/** One request: why, what granting does, the decision and the way back. */
export function RequestDrawer(props: {
  readonly id: string;
  readonly timeZone: string;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const [note, setNote] = useState("");
  const { id, timeZone } = props;
  const params = { id };
  const found = useQuery({
    queryKey: ["plan", "request", id],
    queryFn: () => client.call(api.planRequests.get, { params }),
  });
  const show = async (request: PlanRequest): Promise<void> => {
    queries.setQueryData(["plan", "request", id], request);
    await queries.invalidateQueries({ queryKey: ["plan", "requests"] });
    await queries.invalidateQueries({ queryKey: ["plan", "roster"] });
  };
  const undo = useMutation({
    mutationFn: () => client.call(api.planRequests.undo, { params }),
    onSuccess: show,
    meta: { handlesErrors: true },
  });
  const decide = useMutation({
    mutationFn: (grant: boolean) => client.call(api.planRequests.decide, { params, body: { grant, note } }),
    onSuccess: async (request) => {
      await show(request);
      notifyDone(t(`plan.requests.was.${request.state as "granted"}`), {
        label: t("common.undo"),
        run: () => undo.mutate(),
      });
    },
    meta: { handlesErrors: true },
  });
  const request = found.data;
  const error = decide.error ?? undo.error;
  return (
    <Drawer
      opened
      onClose={props.onClose}
      position="right"
      size={520}
      title={
        <Text fw={620} size="lg" component="span">
          {request ? `${t(`plan.requests.kind.${request.kind}`)}: ${request.agentName}` : ""}
        </Text>
      }
    >
      {found.isError && <QueryProblem error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Skeleton height={200} />}
      {request && (
        <Stack gap="md">
          {error && (
            <Alert color="red" role="alert">
              {problemText(error, i18n)}
            </Alert>
          )}
          <Group justify="space-between">
            <Text>
              <RequestSentence request={request} timeZone={timeZone} />
            </Text>
            <RequestState request={request} />
          </Group>
          {request.reason !== null && request.reason !== "" && (
            <Text size="sm" p="sm" className="sv-surface" style={{ whiteSpace: "pre-wrap" }}>
              {request.reason}
            </Text>
          )}
          <div>
            <Title order={3} mb={4}>
              {t("plan.requests.effect")}
            </Title>
            <RequestEffect request={request} />
          </div>
          {request.may.decide && (
            <Stack gap="sm">
              <Textarea
                label={t("plan.requests.note")}
                minRows={2}
                maxLength={500}
                value={note}
                onChange={(event) => setNote(event.currentTarget.value)}
              />
              <Group gap="xs">
                <Button
                  leftSection={<IconCheck size={16} />}
                  loading={decide.isPending && decide.variables}
                  disabled={decide.isPending}
                  onClick={() => decide.mutate(true)}
                  data-testid="grant"
                >
                  {t("plan.requests.grant")}
                </Button>
                <Button
                  variant="default"
                  leftSection={<IconX size={16} />}
                  disabled={decide.isPending}
                  onClick={() => decide.mutate(false)}
                  data-testid="refuse"
                >
                  {t("plan.requests.refuse")}
                </Button>
              </Group>
            </Stack>
          )}
          {request.may.undo && (
            <Button
              variant="default"
              style={{ alignSelf: "flex-start" }}
              leftSection={<IconArrowBackUp size={16} />}
              loading={undo.isPending}
              onClick={() => undo.mutate()}
            >
              {t("plan.requests.take_back")}
            </Button>
          )}
          <div>
            <Title order={3} mb={6}>
              {t("plan.requests.history")}
            </Title>
            <RequestHistory request={request} timeZone={timeZone} />
          </div>
        </Stack>
      )}
    </Drawer>
  );
}
