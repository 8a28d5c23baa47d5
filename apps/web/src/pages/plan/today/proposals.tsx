import { Button, Text, Title } from "@mantine/core";
import type { PlanToday, TodayProposal } from "@svara/contracts";
import { type Icon, IconArrowsExchange, IconClockPlus, IconCoffee, IconHome } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../../api/rights.ts";
import { formatShare } from "../../../format/figures.ts";
import { formatMoment } from "../../../format/moment.ts";
import classes from "./today.module.css";
import { shortHours, whole } from "./today-figures.ts";
import { useProposal } from "./use-proposal.ts";

const ICONS: Readonly<Record<TodayProposal["kind"], Icon>> = {
  move_break: IconCoffee,
  overtime: IconClockPlus,
  leave_early: IconHome,
  move_skill: IconArrowsExchange,
};

/** What could be done now for the rest of the day, each with its effect and a button that does it. */
export function Proposals({ day }: { readonly day: PlanToday }) {
  const { t } = useTranslation();
  const isPlanned = day.hasRequirement && day.hasRoster;
  return (
    <section className={`sv-surface ${classes.block}`} aria-labelledby="today-proposals">
      <Title order={3} id="today-proposals" mb="xs">
        {t("plan.today.proposals")}
      </Title>
      {day.proposals.length === 0 && (
        <Text size="sm" c="dimmed">
          {t(isPlanned ? "plan.today.nothing_to_do" : "plan.today.proposals_need_plan")}
        </Text>
      )}
      {day.proposals.map((proposal) => (
        <ProposalRow
          key={`${proposal.kind}-${proposal.agentId}-${proposal.from}-${proposal.to}-${proposal.toQueue?.id ?? ""}`}
          proposal={proposal}
          day={day}
        />
      ))}
    </section>
  );
}

function ProposalRow({ proposal, day }: { readonly proposal: TodayProposal; readonly day: PlanToday }) {
  const { t, i18n } = useTranslation();
  const { run, isRunning } = useProposal();
  const may = {
    move_break: useMay("plan.edit"),
    overtime: useMay("plan.edit"),
    leave_early: useMay("plan.approve"),
    move_skill: useMay("users.edit"),
  }[proposal.kind];
  const KindIcon = ICONS[proposal.kind];
  const clock = (at: number): string => formatMoment(at, at, i18n.language, day.timeZone);
  const words = t(`plan.today.propose.${proposal.kind}`, {
    name: proposal.agentName,
    from: clock(proposal.from),
    to: clock(proposal.to),
    queue: (proposal.toQueue ?? queueOf(day, proposal))?.name ?? "",
    from_queue: proposal.fromQueue?.name ?? "",
  });
  const hours = shortHours(proposal.effects);
  const known = proposal.effects.filter(
    ({ serviceLevelBefore, serviceLevelAfter }) => serviceLevelBefore !== null && serviceLevelAfter !== null,
  );
  const worst = known.toSorted((a, b) => (a.serviceLevelBefore ?? 1) - (b.serviceLevelBefore ?? 1))[0];
  return (
    <div className={classes.proposal}>
      <div style={{ flex: "1 1 220px", minWidth: 0 }}>
        <Text size="sm" fw={560}>
          <KindIcon size={15} stroke={1.7} style={{ verticalAlign: -2, marginRight: 6 }} aria-hidden="true" />
          {words}
        </Text>
        <Text size="xs" c="dimmed">
          {hours.before > 0
            ? t("plan.today.effect_short", {
                before: whole(hours.before, i18n.language),
                after: whole(hours.after, i18n.language),
              })
            : t("plan.today.effect_over", { hours: whole(proposal.overHoursSaved, i18n.language) })}
          {worst &&
            ` · ${t("plan.today.effect_level", {
              at: clock(worst.from),
              before: formatShare(worst.serviceLevelBefore, i18n.language),
              after: formatShare(worst.serviceLevelAfter, i18n.language),
            })}`}
        </Text>
      </div>
      {may && (
        <Button size="xs" variant="light" loading={isRunning} onClick={() => run(proposal)}>
          {t(`plan.today.do.${proposal.kind}`)}
        </Button>
      )}
    </div>
  );
}

/** The queue that a proposal is about: the one that lacks most in what it changes. */
function queueOf({ queues }: PlanToday, { effects }: TodayProposal): { readonly name: string } | undefined {
  const [first] = effects.toSorted((a, b) => b.required - b.before - (a.required - a.before));
  return queues.find(({ queue }) => queue.id === first?.queueId)?.queue;
}
