import { Alert, List, Select, Skeleton, Stack, Text } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../../api/rights.ts";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useTopic } from "../../../live/use-topic.ts";
import { useServices } from "../../../services.ts";
import { reasonText, type WaitWording } from "./reason-words.ts";
import { useWhyNot } from "./use-wait.ts";

/** One agent, and every reason why that agent does not get the contact. */
export function WhyNotAgent(props: { readonly contactId: string; readonly wording: WaitWording }) {
  const { t } = useTranslation();
  const { contactId, wording } = props;
  const [agentId, setAgentId] = useState<string | null>(null);
  const groups = useAgentChoices();
  const answer = useWhyNot(contactId, agentId);
  const reasons = answer.data?.reasons ?? [];
  return (
    <Stack gap="xs">
      <Select
        label={t("wait.one_agent")}
        placeholder={t("wait.choose_agent")}
        searchable
        clearable
        nothingFoundMessage={t("common.nothing_found")}
        data={groups}
        value={agentId}
        onChange={setAgentId}
        comboboxProps={{ withinPortal: true }}
        data-testid="why-not-agent"
      />
      {agentId !== null && answer.isPending && <Skeleton height={48} />}
      {answer.isError && <QueryProblem error={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.data && (
        <div aria-live="polite" data-testid="why-not">
          {reasons.length === 0 ? (
            <Alert color="green" icon={<IconCircleCheck />} py="xs">
              {t("wait.one_agent_open", { agent: answer.data.agent.name })}
            </Alert>
          ) : (
            <>
              <Text size="sm" mb={4}>
                {t("wait.one_agent_because", { agent: answer.data.agent.name })}
              </Text>
              <List size="sm" spacing={2}>
                {reasons.map((each) => (
                  <List.Item key={`${each.reason}-${JSON.stringify(each.params)}`}>
                    {reasonText(each.reason, each.params, wording)}
                  </List.Item>
                ))}
              </List>
            </>
          )}
        </div>
      )}
    </Stack>
  );
}

/** Who is at work, and the others as far as one may know them. */
function useAgentChoices() {
  const { t } = useTranslation();
  const { client } = useServices();
  const floor = useTopic("floor");
  const users = useQuery({
    queryKey: ["config", "users", "all"],
    queryFn: () => client.call(api.users.list, { query: { limit: 1000 } }),
    enabled: useMay("users.view"),
  });
  const atWork = (floor.data?.agents ?? []).filter(({ state }) => state !== "logged_out");
  const present = new Set(atWork.map(({ id }) => id));
  const others = (users.data?.items ?? []).filter(
    (user) => user.agent !== null && user.active && !present.has(user.id),
  );
  const sorted = (items: { value: string; label: string }[]) =>
    items.sort((a, b) => a.label.localeCompare(b.label));
  return [
    {
      group: t("wait.at_work"),
      items: sorted(atWork.map(({ id, name }) => ({ value: id, label: name }))),
    },
    {
      group: t("wait.not_at_work"),
      items: sorted(others.map(({ id, displayName }) => ({ value: id, label: displayName }))),
    },
  ].filter(({ items }) => items.length > 0);
}
