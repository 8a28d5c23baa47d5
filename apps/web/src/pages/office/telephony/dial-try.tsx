import { Group, Select, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { api, type DialTrial } from "@svara/contracts";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatPhone } from "../../../format/phone-number.ts";
import { Pill } from "../../../kit/agent-state.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { useChoices } from "../entity/fields.tsx";

const DIALLED = /^[+\d][\d\s().\-/]+$/;

/** Tells what would happen if a number were dialled; nobody is called. */
export function DialTry({ clientId, revision }: { readonly clientId: string; readonly revision: number }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const agents = useChoices("user", api.users, (user: { agent: unknown }) => user.agent !== null);
  const [number, setNumber] = useState("");
  const [agentId, setAgentId] = useState<string | null>(null);
  const [typed] = useDebouncedValue(number.trim(), 300);
  const isNumber = DIALLED.test(typed) && typed.length <= 40;
  const trial = useQuery({
    queryKey: ["dial-try", clientId, revision, typed, agentId],
    queryFn: () =>
      client.call(api.dialRules.try, {
        query: { number: typed, clientId, ...(agentId === null ? {} : { agentId }) },
      }),
    enabled: isNumber,
  });
  return (
    <section className="sv-surface" style={{ padding: "1.25rem" }} aria-label={t("dial.try")}>
      <Stack gap="md">
        <div>
          <Title order={2}>{t("dial.try")}</Title>
          <Text size="sm" c="dimmed" maw={680}>
            {t("dial.try_text")}
          </Text>
        </div>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t("dial.number")}
            placeholder="+47 22 12 34 56"
            inputMode="tel"
            className="sv-num"
            style={{ flex: "1 1 14rem", maxWidth: 320 }}
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value)}
            data-testid="try-number"
          />
          <Select
            label={t("dial.as")}
            placeholder={t("dial.anybody")}
            searchable
            clearable
            style={{ flex: "1 1 12rem", maxWidth: 300 }}
            data={agents}
            value={agentId}
            onChange={setAgentId}
          />
        </Group>
        <div aria-live="polite" data-testid="trial">
          {typed !== "" && !isNumber && <Text size="sm">{t("dial.no_number")}</Text>}
          {trial.isError && <QueryProblem error={trial.error} onRetry={() => void trial.refetch()} />}
          {isNumber && trial.isPending && <Skeleton height={72} />}
          {isNumber && trial.data && <Outcome trial={trial.data} />}
        </div>
      </Stack>
    </section>
  );
}

function Outcome({ trial }: { readonly trial: DialTrial }) {
  const { t, i18n } = useTranslation();
  const country =
    trial.country === null
      ? undefined
      : new Intl.DisplayNames(i18n.language, { type: "region" }).of(trial.country);
  const facts = [
    t(`dial.kind_${trial.kind}`),
    country,
    trial.highCost ? t("dial.is_high_cost") : undefined,
    trial.e164 === null ? undefined : formatPhone(trial.e164),
  ].filter((fact) => fact !== undefined);
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="nowrap" align="flex-start">
        {trial.allowed ? (
          <IconCircleCheck size={22} color="var(--sv-state-available)" style={{ flex: "none" }} />
        ) : (
          <IconCircleX size={22} color="var(--sv-state-trouble)" style={{ flex: "none" }} />
        )}
        <div style={{ minWidth: 0 }}>
          <Text fw={620}>{t(trial.allowed ? "dial.would_call" : "dial.would_refuse")}</Text>
          <Text size="sm" c="dimmed" className="sv-num">
            {facts.join(" · ")}
          </Text>
          {trial.reason !== null && <Text size="sm">{t(`dial.reason_${trial.reason}`)}</Text>}
        </div>
      </Group>
      {trial.allowed && (
        <Stack gap={0} component="ol" style={{ listStyle: "none", margin: 0, padding: 0 }}>
          {trial.ways.map((way, index) => (
            <Group
              key={way.trunkId}
              component="li"
              gap="md"
              py="xs"
              style={{ borderTop: "1px solid var(--sv-line)" }}
            >
              <Text size="sm" fw={580} style={{ flex: "1 1 10rem" }}>
                {index + 1}. {way.trunkName}
              </Text>
              <Text size="sm" className="sv-num">
                {t("dial.sent", { number: way.number })}
              </Text>
              <Text size="sm" c="dimmed" className="sv-num">
                {way.callerNumber === null
                  ? t("dial.withheld")
                  : t("dial.shows", { number: formatPhone(way.callerNumber) })}
              </Text>
              {!way.up && <Pill tone="trouble">{t("trunks.unreachable")}</Pill>}
            </Group>
          ))}
        </Stack>
      )}
    </Stack>
  );
}
