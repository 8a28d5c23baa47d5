import {
  Alert,
  Anchor,
  Box,
  Button,
  Group,
  NumberInput,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { api, type PlanJob, type WhatIfCosts, type WhatIfDay } from "@svara/contracts";
import { IconAlertTriangle, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useSearchParams } from "wouter";
import { problemText } from "../../../api/problem-text.ts";
import { dayKey } from "../../../format/moment.ts";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { PlanJobProgress } from "../plan-job-progress.tsx";
import { ChangeEditor } from "./change-editor.tsx";
import { type ChangeRow, changeOf, faultOf, newRow, rowsOf } from "./change-rows.ts";
import { changeWords } from "./change-words.ts";
import { DayChoice, firstDay, type WhatIfDays } from "./day-choice.tsx";
import { usePlanNames } from "./use-plan-names.ts";
import classes from "./what-if.module.css";

interface Beginning {
  readonly day: WhatIfDay | undefined;
  readonly rows: readonly ChangeRow[];
  readonly costs: WhatIfCosts;
  readonly replications: number;
}

const COSTS: WhatIfCosts = { currency: "EUR", perAgentHour: 30, perAbandoned: 0 };

/** A new simulation, from nothing or from an earlier one. */
export function WhatIfNew() {
  const { t } = useTranslation();
  const { client, serverClock } = useServices();
  const [params] = useSearchParams();
  const from = params.get("from");
  const days = useQuery({
    queryKey: ["plan", "what-if", "days"],
    queryFn: () => client.call(api.planWhatIf.days, {}),
  });
  const list = useQuery({
    queryKey: ["plan", "what-if", "list"],
    queryFn: () => client.call(api.planWhatIf.list, {}),
  });
  const earlier = list.data?.items.find(({ id }) => id === from);
  const ready = days.data && list.data;
  return (
    <Stack gap="md" maw={980} mx="auto">
      <PageHeader
        title={t("plan.what_if.new")}
        description={t("plan.what_if.new_description")}
        before={
          <Anchor component={Link} href="/plan/what-if" size="sm">
            {t("plan.sections.what-if")}
          </Anchor>
        }
      />
      {days.isError && <QueryProblem error={days.error} onRetry={() => void days.refetch()} />}
      {list.isError && <QueryProblem error={list.error} onRetry={() => void list.refetch()} />}
      {!ready && !days.isError && !list.isError && <Skeleton height={360} aria-busy="true" />}
      {ready && (
        <WhatIfForm
          days={days.data}
          beginning={{
            day: earlier?.day ?? firstDay(days.data, dayKey(serverClock.now(), days.data.timeZone)),
            rows: earlier ? rowsOf(earlier.change) : [newRow("volume", 0)],
            costs: earlier?.costs ?? list.data.items[0]?.costs ?? COSTS,
            replications: earlier?.replications ?? 20,
          }}
        />
      )}
    </Stack>
  );
}

function WhatIfForm({ days, beginning }: { readonly days: WhatIfDays; readonly beginning: Beginning }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const names = usePlanNames();
  const [day, setDay] = useState(beginning.day);
  const [rows, setRows] = useState(beginning.rows);
  const [costs, setCosts] = useState(beginning.costs);
  const [replications, setReplications] = useState(beginning.replications);
  const [name, setName] = useState("");
  const [wasSent, setWasSent] = useState(false);
  const [job, setJob] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const words = changeWords(changeOf(rows), names, i18n);
  const proposed = (words[0] ?? t("plan.what_if.said.nothing")).slice(0, 100);
  const run = useMutation({
    mutationFn: (body: { readonly day: WhatIfDay }) =>
      client.call(api.planWhatIf.run, {
        body: {
          ...body,
          name: name.trim() || proposed,
          change: changeOf(rows),
          costs,
          replications,
          seed: 1,
        },
      }),
    onSuccess: ({ id }) => {
      setFailure(null);
      setJob(id);
    },
    onError: (error) => setFailure(problemText(error, i18n)),
    meta: { handlesErrors: true },
  });
  const ended = (ending: PlanJob): void => {
    setJob(null);
    if (ending.state === "done") {
      void queries.invalidateQueries({ queryKey: ["plan", "what-if", "list"] });
      go(`/plan/what-if/${(ending.result as { id: string }).id}`);
      return;
    }
    if (ending.problem === null) return;
    const key = `problem.${ending.problem.code.replaceAll(".", "_")}`;
    setFailure(i18n.exists(key) ? t(key as never) : ending.problem.message);
  };
  const stepWords = ({ step, figures }: PlanJob): string =>
    step === "reading"
      ? t("plan.what_if.step_reading", { n: figures.entries ?? 0 })
      : step === "simulating"
        ? t("plan.what_if.step_simulating", { n: figures.replications ?? 0 })
        : t("plan.what_if.step_waiting");
  const isSound = day !== undefined && rows.every((row) => faultOf(row) === undefined);
  const number = (value: string | number): number => Math.max(0, Number(value) || 0);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setWasSent(true);
        if (day && isSound) run.mutate({ day });
      }}
      style={{ display: "contents" }}
      noValidate
    >
      <Part title={t("plan.what_if.part_day")} text={t("plan.what_if.part_day_text")}>
        <DayChoice days={days} day={day} onChange={setDay} />
      </Part>
      <Part title={t("plan.what_if.part_change")} text={t("plan.what_if.part_change_text")}>
        <ChangeEditor rows={rows} names={names} showsFaults={wasSent} onChange={setRows} />
      </Part>
      <Part title={t("plan.what_if.part_run")} text={t("plan.what_if.part_run_text")}>
        <Group gap="sm" align="flex-end">
          <TextInput
            label={t("fields.name")}
            placeholder={proposed}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={120}
            style={{ flex: "1 1 260px" }}
          />
          <NumberInput
            label={t("plan.what_if.runs")}
            value={replications}
            onChange={(value) => setReplications(Math.min(200, Math.max(2, Math.trunc(number(value)))))}
            min={2}
            max={200}
            w={120}
          />
          <NumberInput
            label={t("plan.what_if.per_agent_hour")}
            value={costs.perAgentHour}
            onChange={(value) => setCosts({ ...costs, perAgentHour: number(value) })}
            min={0}
            w={170}
          />
          <NumberInput
            label={t("plan.what_if.per_abandoned")}
            value={costs.perAbandoned}
            onChange={(value) => setCosts({ ...costs, perAbandoned: number(value) })}
            min={0}
            w={190}
          />
          <TextInput
            label={t("plan.what_if.currency")}
            value={costs.currency}
            onChange={(event) => setCosts({ ...costs, currency: event.currentTarget.value.toUpperCase() })}
            maxLength={3}
            w={100}
            error={/^[A-Z]{3}$/.test(costs.currency) ? undefined : t("plan.what_if.currency_hint")}
          />
        </Group>
        {failure !== null && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert" mt="md">
            {failure}
          </Alert>
        )}
        {job === null ? (
          <Group mt="md">
            <Button
              type="submit"
              leftSection={<IconPlayerPlay size={16} />}
              loading={run.isPending}
              disabled={day === undefined || !/^[A-Z]{3}$/.test(costs.currency)}
            >
              {t("plan.what_if.simulate")}
            </Button>
            {wasSent && !isSound && (
              <Text size="sm" c="red" role="alert">
                {t("plan.what_if.mend_rows")}
              </Text>
            )}
          </Group>
        ) : (
          <Box mt="md">
            <PlanJobProgress jobId={job} onEnd={ended} words={stepWords} />
          </Box>
        )}
      </Part>
    </form>
  );
}

function Part(props: { readonly title: string; readonly text: string; readonly children: ReactNode }) {
  return (
    <section className={`sv-surface ${classes.block}`}>
      <Title order={3}>{props.title}</Title>
      <Text size="sm" c="dimmed" mb="sm">
        {props.text}
      </Text>
      {props.children}
    </section>
  );
}
