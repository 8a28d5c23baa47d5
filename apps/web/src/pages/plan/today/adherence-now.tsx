import { Badge, Group, SegmentedControl, Text, Title } from "@mantine/core";
import type { PlanToday, TodayAgent } from "@svara/contracts";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatSpan } from "../../../format/duration.ts";
import { formatMoment } from "../../../format/moment.ts";
import classes from "./today.module.css";

const GRAVE: readonly NonNullable<TodayAgent["problem"]>[] = [
  "late",
  "left",
  "break_long",
  "break_unplanned",
  "off_queue",
];

/** Who should be where now, and is not. */
export function AdherenceNow({ day }: { readonly day: PlanToday }) {
  const { t } = useTranslation();
  const [view, setView] = useState<"problems" | "all">("problems");
  const problems = day.agents.filter(({ problem }) => problem !== null);
  const shown = view === "all" ? day.agents : problems;
  const order = (one: TodayAgent): number => (one.problem === null ? 2 : GRAVE.includes(one.problem) ? 0 : 1);
  return (
    <section className={`sv-surface ${classes.block}`} aria-labelledby="today-adherence">
      <Group justify="space-between" mb="xs">
        <Title order={3} id="today-adherence">
          {t("plan.today.adherence")}
        </Title>
        <SegmentedControl
          size="xs"
          value={view}
          onChange={(value) => setView(value === "all" ? "all" : "problems")}
          data={[
            { value: "problems", label: t("plan.today.problems", { n: problems.length }) },
            { value: "all", label: t("plan.today.everybody", { n: day.agents.length }) },
          ]}
        />
      </Group>
      {shown.length === 0 && (
        <Text size="sm" c="dimmed">
          {t(day.agents.length === 0 ? "plan.today.nobody" : "plan.today.all_well")}
        </Text>
      )}
      {[...shown]
        .sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name))
        .map((agent) => (
          <AgentRow key={agent.agentId} agent={agent} day={day} />
        ))}
    </section>
  );
}

function AgentRow({ agent, day }: { readonly agent: TodayAgent; readonly day: PlanToday }) {
  const { t, i18n } = useTranslation();
  const { scheduled, scheduledUntil, state, problem, problemSince } = agent;
  const should =
    scheduled === null || scheduledUntil === null
      ? t("plan.today.no_shift")
      : t(`plan.today.should.${scheduled}`, {
          until: formatMoment(scheduledUntil, day.now, i18n.language, day.timeZone),
        });
  const key = `plan.today.state.${state ?? "logged_out"}`;
  const does = i18n.exists(key) ? String(t(key as never)) : (state ?? "");
  const since = problemSince === null ? "" : formatSpan(day.now - problemSince, i18n.language);
  return (
    <div className={classes.agent}>
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={560} truncate>
          {agent.name}
        </Text>
        <Text size="xs" c="dimmed">
          {should} · {does}
        </Text>
      </div>
      {problem !== null && (
        <Badge
          variant="light"
          color={GRAVE.includes(problem) ? "red" : "gray"}
          style={{ flex: "none", textTransform: "none" }}
        >
          {t(`plan.today.problem.${problem}`)} {since}
        </Badge>
      )}
    </div>
  );
}
