import { Badge, Group, Stack, Text } from "@mantine/core";
import type { PlanRequest } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { formatMoment } from "../../../format/moment.ts";
import { useServices } from "../../../services.ts";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { useViolationWords } from "../roster/violation-words.ts";
import { dayWords, spanWords, wallDate } from "../roster/zone-time.ts";

const STATE_COLOURS = {
  with_colleague: "blue",
  asked: "orange",
  granted: "green",
  refused: "red",
  withdrawn: "gray",
  declined: "gray",
} as const;

export function RequestState({ request }: { readonly request: PlanRequest }) {
  const { t } = useTranslation();
  return (
    <Badge color={STATE_COLOURS[request.state]} style={{ flexShrink: 0 }}>
      {t(`plan.requests.state.${request.state}`)}
    </Badge>
  );
}

/** `Mon 23 Nov 08:00–16:30`, or both days where it goes over several. */
export function useSpanWords(timeZone: string): (span: { from: number; to: number }) => string {
  const { i18n } = useTranslation();
  return ({ from, to }) => {
    const first = wallDate(from, timeZone);
    const last = wallDate(to - 1, timeZone);
    const wholeDays = spanWords({ from, to }, timeZone) === "00:00–00:00";
    if (first === last)
      return wholeDays
        ? dayWords(first, i18n.language)
        : `${dayWords(first, i18n.language)}, ${spanWords({ from, to }, timeZone)}`;
    return `${dayWords(first, i18n.language)} – ${dayWords(last, i18n.language)}`;
  };
}

/** What is asked for, in a sentence. */
export function RequestSentence(props: { readonly request: PlanRequest; readonly timeZone: string }) {
  const { t } = useTranslation();
  const { request, timeZone } = props;
  const span = useSpanWords(timeZone);
  switch (request.kind) {
    case "leave":
      return (
        <>
          {request.leaveKind ? `${t(`plan.requests.leave_kind.${request.leaveKind}`)}: ` : ""}
          {span(request)}
        </>
      );
    case "overtime":
      return <>{span(request)}</>;
    case "swap":
      return (
        <>
          {t(request.theirs ? "plan.requests.swap_with" : "plan.requests.give_to", {
            mine: request.mine ? span(request.mine) : "",
            name: request.colleague?.name ?? "",
            theirs: request.theirs ? span(request.theirs) : "",
          })}
        </>
      );
  }
}

/** What granting breaks and does to the cover. */
export function RequestEffect({ request }: { readonly request: PlanRequest }) {
  const { t } = useTranslation();
  const words = useViolationWords();
  const { count, signed } = usePlanFormat();
  const { decision } = request;
  if (!decision)
    return (
      <Text size="sm" c="dimmed">
        {t("plan.requests.no_roster")}
      </Text>
    );
  const lowest = decision.effects.intervals
    .filter(({ required }) => required > 0)
    .reduce((least, { required, after }) => Math.min(least, after / required), Number.POSITIVE_INFINITY);
  return (
    <Stack gap={4}>
      {decision.violations.length === 0 && (
        <Text size="sm" c="green">
          {t("plan.requests.breaks_nothing")}
        </Text>
      )}
      {decision.violations.map((violation) => (
        <Text key={`${violation.rule}${violation.agentId}${violation.date}`} size="sm" c="red">
          {words(violation)}
        </Text>
      ))}
      <Text size="sm" c="dimmed">
        {t("plan.roster.effect", {
          short: signed(decision.effects.shortHoursDelta),
          over: signed(decision.effects.overHoursDelta),
          paid: signed(decision.effects.paidMinutesDelta / 60),
        })}
        {Number.isFinite(lowest) &&
          ` ${t("plan.requests.lowest_cover", { percent: count(Math.round(lowest * 100)) })}`}
      </Text>
    </Stack>
  );
}

/** Who did what, oldest first. */
export function RequestHistory(props: { readonly request: PlanRequest; readonly timeZone: string }) {
  const { t, i18n } = useTranslation();
  const { serverClock } = useServices();
  const { request, timeZone } = props;
  return (
    <Stack gap={6}>
      {request.steps.map((step) => (
        <Group key={`${step.at}${step.what}`} gap="xs" wrap="nowrap" align="flex-start">
          <Text size="xs" c="dimmed" w={96} style={{ flexShrink: 0 }} className="sv-num">
            {formatMoment(step.at, serverClock.now(), i18n.language, timeZone)}
          </Text>
          <Text size="sm">
            {i18n.exists(`plan.requests.step.${step.what}`)
              ? (t(`plan.requests.step.${step.what}` as never) as string)
              : step.what}
            {` (${step.by ?? t("plan.requests.by_rules")})`}
            {step.note !== "" && `: ${step.note}`}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}
