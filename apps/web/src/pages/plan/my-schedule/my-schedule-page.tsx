import { ActionIcon, Alert, Button, Card, Group, Menu, Skeleton, Stack, Text } from "@mantine/core";
import { type AnswerOf, api, type RosterShiftView } from "@svara/contracts";
import {
  IconBeach,
  IconBell,
  IconCalendarUser,
  IconChevronLeft,
  IconChevronRight,
  IconHeart,
  IconHeartFilled,
  IconSwitchHorizontal,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyProblem } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";
import { formatShare } from "../../../format/figures.ts";
import { Empty } from "../../../kit/empty.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useNow } from "../../../kit/use-now.ts";
import { useServices, useSession } from "../../../services.ts";
import { DayChange } from "../roster/publish-dialog.tsx";
import {
  addDays,
  datesFrom,
  dayWords,
  mondayOf,
  spanWords,
  wallDate,
  wallTime,
} from "../roster/zone-time.ts";
import { AskLeave } from "./ask-leave.tsx";
import { AskSwap } from "./ask-swap.tsx";
import { CalendarFeed } from "./calendar-feed.tsx";
import { MyRequests } from "./my-requests.tsx";
import classes from "./my-schedule.module.css";
import { Offers } from "./offers.tsx";

export type MyWeek = AnswerOf<typeof api.mySchedule.week>;
type Wish = MyWeek["wishes"][number]["kind"];

const WISHES = ["day_off", "work", "early", "late"] as const;

/** The agent's own week: shifts, breaks, what changed, wishes, requests, calendar. Made for a phone first. */
export function MySchedulePage() {
  const { t, i18n } = useTranslation();
  const { client, serverClock } = useServices();
  const { centre } = useSession();
  const [from, setFrom] = useState(() => mondayOf(wallDate(serverClock.now(), centre.timeZone)));
  const [asking, setAsking] = useState<"leave" | RosterShiftView>();
  const week = useQuery({
    queryKey: ["plan", "my", "week", from],
    queryFn: () => client.call(api.mySchedule.week, { query: { from, days: 7 } }),
    refetchInterval: 60_000,
  });
  const data = week.data;
  return (
    <div className={classes.page}>
      <PageHeader
        title={t("plan.my.title")}
        description={
          data?.publishedUntil
            ? t("plan.my.published_until", { day: dayWords(data.publishedUntil, i18n.language, "long") })
            : t("plan.my.description")
        }
        actions={
          <Button
            variant="default"
            leftSection={<IconBeach size={17} />}
            onClick={() => setAsking("leave")}
            data-testid="ask-leave"
          >
            {t("plan.my.ask_leave")}
          </Button>
        }
      />
      {week.isError && <QueryProblem error={week.error} onRetry={() => void week.refetch()} />}
      {week.isPending && <Skeleton height={320} radius="lg" aria-busy="true" />}
      {data && (
        <>
          <News week={data} />
          {data.next && (
            <Next
              shift={data.next}
              timeZone={data.timeZone}
              onShow={mondayOf(data.next.date) === from ? undefined : setFrom}
            />
          )}
          <Group justify="space-between">
            <ActionIcon
              size="lg"
              variant="default"
              aria-label={t("plan.my.week_before")}
              onClick={() => setFrom(addDays(from, -7))}
            >
              <IconChevronLeft size={18} />
            </ActionIcon>
            <Text fw={600}>
              {dayWords(from, i18n.language)} – {dayWords(addDays(from, 6), i18n.language)}
            </Text>
            <ActionIcon
              size="lg"
              variant="default"
              aria-label={t("plan.my.week_after")}
              onClick={() => setFrom(addDays(from, 7))}
            >
              <IconChevronRight size={18} />
            </ActionIcon>
          </Group>
          {data.publishedUntil === null && data.shifts.length === 0 && (
            <div className="sv-surface">
              <Empty
                compact
                icon={IconCalendarUser}
                title={t("plan.my.empty_title")}
                text={t("plan.my.empty_text")}
              />
            </div>
          )}
          <Days week={data} onSwap={setAsking} />
          {data.adherence.scheduledMs > 0 && (
            <Text size="sm" c="dimmed">
              {t("plan.my.kept", {
                adherence: formatShare(data.adherence.adherence, i18n.language),
                conformance: formatShare(data.adherence.conformance, i18n.language),
              })}
            </Text>
          )}
          <Offers week={data} />
          <MyRequests timeZone={data.timeZone} />
          <CalendarFeed feed={data.feed} />
        </>
      )}
      {asking === "leave" && <AskLeave onClose={() => setAsking(undefined)} />}
      {asking !== undefined && asking !== "leave" && (
        <AskSwap
          shift={asking}
          timeZone={data?.timeZone ?? centre.timeZone}
          onClose={() => setAsking(undefined)}
        />
      )}
    </div>
  );
}

/** What was published or changed and not read yet. */
function News({ week }: { readonly week: MyWeek }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const news = week.notices.filter(({ seen }) => !seen);
  const read = useMutation({
    mutationFn: () => client.call(api.mySchedule.seen, {}),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["plan", "my"] }),
  });
  if (news.length === 0) return null;
  return (
    <Alert icon={<IconBell />} color="fjord" title={t("plan.my.news")} role="status">
      <Stack gap="xs">
        {news.map((notice) => (
          <div key={notice.id}>
            <Text size="sm">
              {t(notice.changes.length === 0 ? "plan.my.was_published" : "plan.my.was_changed", {
                day: dayWords(notice.from, i18n.language),
              })}
            </Text>
            {notice.changes.map((day) => (
              <DayChange key={`${day.date}${day.before?.from}`} day={day} timeZone={week.timeZone} />
            ))}
          </div>
        ))}
        <Button
          size="xs"
          variant="default"
          style={{ alignSelf: "flex-start" }}
          loading={read.isPending}
          onClick={() => read.mutate()}
        >
          {t("plan.my.read")}
        </Button>
      </Stack>
    </Alert>
  );
}

function Next(props: {
  readonly shift: RosterShiftView;
  readonly timeZone: string;
  /** Goes to its week, where another one is shown. */
  readonly onShow: ((monday: string) => void) | undefined;
}) {
  const { shift, timeZone, onShow } = props;
  const { t, i18n } = useTranslation();
  const now = useNow();
  const running = shift.from <= now;
  const part = shift.parts.find(({ to }) => to > now);
  const minutes = Math.round((shift.from - now) / 60_000);
  const hours = Math.floor(minutes / 60);
  return (
    <Card padding="md" className={classes.next}>
      <Text size="xs" tt="uppercase" fw={600} c="dimmed">
        {t(running ? "plan.my.now" : "plan.my.next")}
      </Text>
      <Text size="xl" fw={640} className="sv-num">
        {dayWords(shift.date, i18n.language)} · {spanWords(shift, timeZone)}
      </Text>
      <Text size="sm" c="dimmed">
        {running
          ? part
            ? t("plan.my.next_break", {
                part: t(`plan.roster.part.${part.kind}`),
                time: wallTime(part.from, timeZone),
              })
            : t("plan.my.until", { time: wallTime(shift.to, timeZone) })
          : hours < 48
            ? t("plan.my.in_hours", { hours, minutes: minutes % 60 })
            : t("plan.my.in_days", { count: Math.floor(hours / 24) })}
      </Text>
      {onShow && (
        <Button
          size="compact-sm"
          variant="default"
          mt="xs"
          style={{ alignSelf: "flex-start" }}
          onClick={() => onShow(mondayOf(shift.date))}
        >
          {t("plan.my.show_week")}
        </Button>
      )}
    </Card>
  );
}

function Days(props: { readonly week: MyWeek; readonly onSwap: (shift: RosterShiftView) => void }) {
  const { t, i18n } = useTranslation();
  const { serverClock } = useServices();
  const { week } = props;
  const { timeZone } = week;
  const now = serverClock.now();
  const today = wallDate(now, timeZone);
  const wishes = new Map(week.wishes.map(({ date, kind }) => [date, kind]));
  return (
    <ol className={classes.days} aria-label={t("plan.my.title")}>
      {datesFrom(week.from, week.days).map((date) => {
        const shifts = week.shifts.filter((shift) => shift.date === date);
        const onLeave = week.leave.some(
          ({ from, to }) => wallDate(from, timeZone) <= date && wallDate(to - 1, timeZone) >= date,
        );
        return (
          <li key={date} className={classes.day} {...(date === today ? { "data-today": true } : {})}>
            <div className={classes.date}>
              <Text size="sm" fw={600}>
                {dayWords(date, i18n.language)}
              </Text>
              {date === today && (
                <Text size="xs" c="dimmed">
                  {t("plan.my.today")}
                </Text>
              )}
            </div>
            <div className={classes.body}>
              {onLeave && <Text size="sm">{t("plan.roster.on_leave")}</Text>}
              {shifts.length === 0 && !onLeave && (
                <Text size="sm" c="dimmed">
                  {t(week.publishedDays.includes(date) ? "plan.roster.free" : "plan.my.not_published")}
                </Text>
              )}
              {shifts.map((shift) => (
                <div key={shift.from}>
                  <Text fw={620} className="sv-num" data-testid="own-shift">
                    {spanWords(shift, timeZone)}
                    {shift.overtime && ` · ${t("plan.requests.kind.overtime")}`}
                  </Text>
                  <Text size="xs" c="dimmed" className="sv-num">
                    {[
                      ...(shift.patternName ? [shift.patternName] : []),
                      ...shift.parts.map(
                        (part) => `${t(`plan.roster.part.${part.kind}`)} ${spanWords(part, timeZone)}`,
                      ),
                    ].join(" · ")}
                  </Text>
                </div>
              ))}
              {wishes.has(date) && (
                <Text size="xs" c="dimmed">
                  {t(`plan.roster.wish.${wishes.get(date) ?? "work"}`)}
                </Text>
              )}
            </div>
            <Group gap={4} wrap="nowrap">
              {shifts.map(
                (shift) =>
                  shift.from > now && (
                    <ActionIcon
                      key={shift.from}
                      size="lg"
                      aria-label={t("plan.my.swap_on", { day: dayWords(date, i18n.language) })}
                      onClick={() => props.onSwap(shift)}
                      data-testid="swap"
                    >
                      <IconSwitchHorizontal size={18} />
                    </ActionIcon>
                  ),
              )}
              {date > today && <WishMenu date={date} wish={wishes.get(date) ?? null} />}
            </Group>
          </li>
        );
      })}
    </ol>
  );
}

function WishMenu({ date, wish }: { readonly date: string; readonly wish: Wish | null }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: (kind: Wish | null) =>
      client.call(api.mySchedule.setWish, { params: { date }, body: { kind } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["plan", "my", "week"] }),
    onError: (error) => notifyProblem(problemText(error, i18n)),
    meta: { handlesErrors: true },
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          size="lg"
          variant={wish === null ? "subtle" : "light"}
          color={wish === null ? "gray" : "fjord"}
          aria-label={
            wish === null
              ? t("plan.my.wish_on", { day: dayWords(date, i18n.language) })
              : `${t("plan.my.wish_on", { day: dayWords(date, i18n.language) })}: ${t(`plan.roster.wish.${wish}`)}`
          }
        >
          {wish === null ? <IconHeart size={18} /> : <IconHeartFilled size={18} />}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("plan.my.wish")}</Menu.Label>
        {WISHES.map((kind) => (
          <Menu.Item key={kind} onClick={() => set.mutate(kind)}>
            {t(`plan.roster.wish.${kind}`)}
          </Menu.Item>
        ))}
        {wish !== null && (
          <Menu.Item c="dimmed" onClick={() => set.mutate(null)}>
            {t("plan.my.no_wish")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
