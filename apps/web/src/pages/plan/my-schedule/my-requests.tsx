import { Button, Group, Stack, Text } from "@mantine/core";
import { api, type PlanRequest } from "@svara/contracts";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notifyDone, notifyProblem } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";
import { useServices, useSession } from "../../../services.ts";
import { RequestSentence, RequestState } from "../requests/request-words.tsx";
import { Section } from "./section.tsx";

/** The own requests, and colleagues' that wait for an answer, those first. */
export function MyRequests({ timeZone }: { readonly timeZone: string }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const requests = useQuery({
    queryKey: ["plan", "my", "requests"],
    queryFn: () => client.call(api.mySchedule.requests, { query: { limit: 20 } }),
    refetchInterval: 60_000,
  });
  const items = (requests.data?.items ?? []).toSorted(
    (a, b) => Number(b.may.answer) - Number(a.may.answer) || b.createdAt - a.createdAt,
  );
  return (
    <Section title={t("plan.my.requests")}>
      {items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("plan.my.no_requests")}
        </Text>
      )}
      {items.map((request) => (
        <MyRequest key={request.id} request={request} timeZone={timeZone} />
      ))}
    </Section>
  );
}

function MyRequest({ request, timeZone }: { readonly request: PlanRequest; readonly timeZone: string }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const { user } = useSession();
  const queries = useQueryClient();
  const params = { id: request.id };
  const act = useMutation({
    mutationFn: (how: "accept" | "decline" | "withdraw") =>
      how === "withdraw"
        ? client.call(api.mySchedule.withdraw, { params })
        : client.call(api.mySchedule.answer, { params, body: { accept: how === "accept" } }),
    onSuccess: async ({ state }) => {
      await queries.invalidateQueries({ queryKey: ["plan", "my"] });
      notifyDone(t(`plan.requests.state.${state}`));
    },
    onError: (error) => notifyProblem(problemText(error, i18n)),
    meta: { handlesErrors: true },
  });
  const own = request.agentId === user.id;
  return (
    <Stack gap={6} className="sv-surface" p="sm" data-testid="my-request">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text size="sm" fw={600}>
            {own
              ? t(`plan.requests.kind.${request.kind}`)
              : t("plan.my.swap_from", { name: request.agentName })}
          </Text>
          <Text size="sm" c="dimmed">
            <RequestSentence request={request} timeZone={timeZone} />
          </Text>
          {request.reason && (
            <Text size="sm" mt={2}>
              {request.reason}
            </Text>
          )}
          {request.decisionNote !== "" && (
            <Text size="sm" mt={2}>
              {t("plan.my.answer_note", { note: request.decisionNote })}
            </Text>
          )}
        </div>
        <RequestState request={request} />
      </Group>
      {(request.may.answer || request.may.withdraw) && (
        <Group gap="xs">
          {request.may.answer && (
            <>
              <Button
                size="xs"
                disabled={act.isPending}
                onClick={() => act.mutate("accept")}
                data-testid="accept-swap"
              >
                {t("plan.my.accept")}
              </Button>
              <Button
                size="xs"
                variant="default"
                disabled={act.isPending}
                onClick={() => act.mutate("decline")}
              >
                {t("plan.my.decline")}
              </Button>
            </>
          )}
          {request.may.withdraw && (
            <Button
              size="xs"
              variant="default"
              disabled={act.isPending}
              onClick={() => act.mutate("withdraw")}
            >
              {t("plan.my.withdraw")}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}
