import {
  Alert,
  NumberInput,
  SegmentedControl,
  SimpleGrid,
  Slider,
  Stack,
  Switch,
  Text,
  Title,
} from "@mantine/core";
import type { StaffingTarget } from "@svara/contracts";
import {
  agentsFor,
  erlangB,
  erlangBLines,
  type QueueDemand,
  queueFigures,
  waitQuantile,
} from "@svara/workforce/queueing";
import { IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatSpan } from "../../../format/duration.ts";
import { Figure } from "../../../kit/figure.tsx";
import classes from "../forecast/forecast.module.css";
import { ChartWithTable } from "../kit/chart-with-table.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { curveOf } from "./curve-of.ts";
import { FigureCurve } from "./figure-curve.tsx";
import { TargetFields } from "./inputs-fields.tsx";
import { reckoned } from "./reckoned.ts";
import { targetsIn } from "./targets-in.ts";
import { useCurveColumns } from "./use-curve-columns.ts";

type Question = "agents" | "figures" | "lines";

const TARGET: StaffingTarget = {
  serviceLevel: { share: 0.8, thresholdS: 20, basis: "all" },
  maxMeanWaitS: null,
  maxAbandon: null,
  maxOccupancy: null,
};

/** Erlang's questions in plain words: how many agents, what they would give, how many telephone lines. */
export function ErlangCalculator() {
  const { t, i18n } = useTranslation();
  const { count, percent } = usePlanFormat();
  const [question, setQuestion] = useState<Question>("agents");
  const [perHour, setPerHour] = useState(200);
  const [handleS, setHandleS] = useState(180);
  const [givesUp, setGivesUp] = useState(true);
  const [patienceS, setPatienceS] = useState(300);
  const [limited, setLimited] = useState(false);
  const [lines, setLines] = useState(30);
  const [shrinkage, setShrinkage] = useState(30);
  const [target, setTarget] = useState(TARGET);
  const [agents, setAgents] = useState(14);
  const [blocking, setBlocking] = useState(1);
  const demand: QueueDemand = {
    lambdaPerHour: perHour,
    ahtS: handleS,
    patience: givesUp ? patienceS : null,
    ...(limited ? { lines } : {}),
  };
  const thresholdS = target.serviceLevel?.thresholdS ?? 20;
  const basis = target.serviceLevel?.basis ?? "all";
  const columns = useCurveColumns();
  const number = (
    label: string,
    value: number,
    set: (value: number) => void,
    more: { min: number; max: number; suffix?: string; hint?: string },
  ) => (
    <NumberInput
      inputWrapperOrder={["label", "input", "description", "error"]}
      label={label}
      description={more.hint}
      min={more.min}
      max={more.max}
      suffix={more.suffix ?? ""}
      value={value}
      onChange={(next) => set(Math.min(more.max, Math.max(more.min, Number(next) || more.min)))}
    />
  );
  const span = (seconds: number): string => formatSpan(seconds * 1000, i18n.language);
  const answer = reckoned(() => agentsFor(demand, targetsIn(target), { shrinkage: shrinkage / 100 }));
  const shownAgents = question === "agents" && answer.value ? answer.value.agents : agents;
  const figures = reckoned(() => queueFigures(demand, shownAgents, [thresholdS]));
  const nine = reckoned(() => waitQuantile(demand, shownAgents, 0.9));
  const points = reckoned(() =>
    curveOf(demand, { thresholdS, basis, around: shownAgents, shrinkage: shrinkage / 100 }),
  );
  const load = (perHour * handleS) / 3600;
  const fault = question === "agents" ? (answer.error ?? figures.error) : figures.error;
  return (
    <Stack gap="md">
      <section className="sv-surface" style={{ padding: "1.125rem 1.25rem" }}>
        <Title order={3} mb={2}>
          {t("plan.calc.erlang_title")}
        </Title>
        <Text size="sm" c="dimmed" mb="md" maw={760}>
          {t("plan.calc.erlang_text")}
        </Text>
        <div style={{ overflowX: "auto", marginBottom: "1rem" }}>
          <SegmentedControl
            value={question}
            onChange={(value) => setQuestion(value as Question)}
            data={(["agents", "figures", "lines"] as const).map((value) => ({
              value,
              label: t(`plan.calc.question.${value}`),
            }))}
          />
        </div>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" mb="md">
          {number(t("plan.calc.per_hour"), perHour, setPerHour, { min: 1, max: 1_000_000 })}
          {number(t("plan.staffing.handle_s"), handleS, setHandleS, { min: 1, max: 86_400 })}
          {question === "lines" ? (
            number(t("plan.calc.blocking"), blocking, setBlocking, {
              min: 0.01,
              max: 50,
              suffix: " %",
              hint: t("plan.calc.blocking_hint"),
            })
          ) : (
            <>
              {question === "figures" &&
                number(t("plan.staffing.agents"), agents, setAgents, { min: 1, max: 100_000 })}
              {question === "agents" &&
                number(t("plan.staffing.shrinkage"), shrinkage, setShrinkage, {
                  min: 0,
                  max: 90,
                  suffix: " %",
                })}
            </>
          )}
        </SimpleGrid>
        {question !== "lines" && (
          <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" mb="md">
            <Switch
              label={t("plan.calc.gives_up")}
              description={t("plan.calc.gives_up_hint")}
              checked={givesUp}
              onChange={(event) => setGivesUp(event.currentTarget.checked)}
            />
            {givesUp &&
              number(t("plan.staffing.patience_s"), patienceS, setPatienceS, { min: 1, max: 604_800 })}
            <Switch
              label={t("plan.calc.limited")}
              description={t("plan.calc.limited_hint")}
              checked={limited}
              onChange={(event) => setLimited(event.currentTarget.checked)}
            />
            {limited && number(t("plan.calc.lines"), lines, setLines, { min: 1, max: 100_000 })}
          </SimpleGrid>
        )}
        {question === "agents" && <TargetFields value={target} onChange={setTarget} />}
      </section>
      {question === "lines" ? (
        <Lines load={load} blocking={blocking / 100} />
      ) : fault ? (
        <Alert color="orange" icon={<IconInfoCircle />} role="alert" title={t("plan.calc.no_answer")}>
          {fault.code === "queueing.unstable"
            ? t("plan.calc.unstable", { load: count(load) })
            : fault.message}
        </Alert>
      ) : (
        figures.value && (
          <ChartWithTable
            title={
              question === "agents"
                ? t("plan.calc.answer_agents", { n: shownAgents })
                : t("plan.calc.answer_figures", { n: shownAgents })
            }
            description={
              question === "agents" && answer.value
                ? t("plan.calc.decided_by", {
                    target: t(`plan.calc.target_names.${answer.value.decidedBy as "serviceLevel"}`),
                    headcount: answer.value.headcount,
                    load: count(load),
                  })
                : t("plan.calc.load_is", { load: count(load) })
            }
            fileName="erlang"
            rows={points.value ?? []}
            rowKey={(one) => one.agents}
            columns={columns}
            chart={
              <>
                <div className={classes.figures} style={{ padding: "0 0 1rem" }}>
                  <Figure
                    size="lg"
                    label={t("plan.calc.within", { time: span(thresholdS) })}
                    value={percent(figures.value.within[0]?.serviceLevel[basis])}
                    hint={t(`plan.staffing.bases.${basis}`)}
                  />
                  <Figure
                    size="lg"
                    label={t("plan.calc.have_to_wait")}
                    value={percent(figures.value.pWait)}
                  />
                  <Figure
                    size="lg"
                    label={t("plan.staffing.mean_wait")}
                    value={span(figures.value.meanWaitAllS)}
                  />
                  <Figure
                    size="lg"
                    label={t("plan.calc.nine_of_ten")}
                    value={nine.value === undefined ? "–" : span(nine.value)}
                  />
                  <Figure
                    size="lg"
                    label={t("plan.staffing.occupancy")}
                    value={percent(figures.value.occupancy)}
                  />
                  {givesUp && (
                    <Figure label={t("plan.staffing.abandon")} value={percent(figures.value.pAbandon)} />
                  )}
                  {limited && (
                    <Figure label={t("plan.calc.blocked")} value={percent(figures.value.pBlock, 2)} />
                  )}
                  <Figure label={t("plan.calc.mean_queue")} value={count(figures.value.meanQueue)} />
                </div>
                {points.value && points.value.length > 1 && (
                  <FigureCurve points={points.value} agents={shownAgents} />
                )}
                {question === "figures" && points.value && points.value.length > 1 && (
                  <Slider
                    mt="md"
                    aria-label={t("plan.staffing.agents")}
                    min={points.value[0]?.agents ?? 1}
                    max={points.value.at(-1)?.agents ?? 1}
                    value={agents}
                    onChange={setAgents}
                  />
                )}
              </>
            }
          />
        )
      )}
    </Stack>
  );
}

/** Telephone lines by Erlang B: who finds all of them busy is lost. */
function Lines({ load, blocking }: { readonly load: number; readonly blocking: number }) {
  const { t } = useTranslation();
  const { percent, count } = usePlanFormat();
  const needed = reckoned(() => erlangBLines(load, blocking));
  if (needed.value === undefined)
    return (
      <Alert color="orange" role="alert">
        {needed.error?.message}
      </Alert>
    );
  const lines = needed.value;
  const rows = Array.from({ length: 11 }, (_, i) => lines - 5 + i)
    .filter((n) => n >= 1)
    .map((n) => ({ lines: n, blocked: erlangB(n, load) }));
  return (
    <ChartWithTable
      title={t("plan.calc.answer_lines", { n: lines })}
      description={t("plan.calc.load_is", { load: count(load) })}
      fileName="lines"
      rows={rows}
      rowKey={(one) => one.lines}
      columns={[
        { key: "lines", label: t("plan.calc.lines"), align: "left", value: (one) => one.lines },
        {
          key: "blocked",
          label: t("plan.calc.blocked"),
          value: (one) => one.blocked,
          shown: (one) => percent(one.blocked, 3),
        },
      ]}
      chart={
        <div className={classes.figures} style={{ padding: 0 }}>
          {rows
            .filter((one) => Math.abs(one.lines - lines) <= 2)
            .map((one) => (
              <Figure
                key={one.lines}
                size="lg"
                label={t("plan.calc.n_lines", { n: one.lines })}
                value={percent(one.blocked, 2)}
                tone={one.blocked > blocking ? "warn" : "plain"}
              />
            ))}
        </div>
      }
    />
  );
}
