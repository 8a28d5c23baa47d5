import {
  ActionIcon,
  Alert,
  Anchor,
  Button,
  Group,
  Menu,
  SegmentedControl,
  Select,
  Skeleton,
  Stack,
  Tabs,
  Text,
} from "@mantine/core";
import { modals } from "@mantine/modals";
import type { PlanJob, RosterShiftView, RosterView } from "@svara/contracts";
import { api } from "@svara/contracts";
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowLeft,
  IconDotsVertical,
  IconFlask,
  IconHistory,
  IconInfoCircle,
  IconSend,
  IconTrash,
  IconUsers,
  IconWand,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { i18n } from "i18next";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { notifyDone, notifyProblem } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";
import { PageHeader } from "../../../kit/page-header.tsx";
import { QueryProblem } from "../../../kit/query-problem.tsx";
import { useServices } from "../../../services.ts";
import { planFormat } from "../kit/plan-format.ts";
import { PlanJobProgress } from "../plan-job-progress.tsx";
import { CoverChart } from "./cover-chart.tsx";
import { DayGrid } from "./day-grid.tsx";
import { GridLegend } from "./grid-legend.tsx";
import { PublishDialog } from "./publish-dialog.tsx";
import { RequirementEditor } from "./requirement-editor.tsx";
import { RosterState } from "./roster-list.tsx";
import { blankShift } from "./roster-model.ts";
import { ShiftEditor } from "./shift-editor.tsx";
import { SolveDialog } from "./solve-dialog.tsx";
import { TotalsTable } from "./totals-table.tsx";
import { useRoster } from "./use-roster.ts";
import { VerifiedPanel } from "./verified-panel.tsx";
import { VerifyDialog } from "./verify-dialog.tsx";
import { VersionsDialog } from "./versions-dialog.tsx";
import { ViolationList } from "./violation-list.tsx";
import { WeekGrid } from "./week-grid.tsx";
import { addDays, datesFrom, dayWords } from "./zone-time.ts";

type Dialog = "requirement" | "solve" | "verify" | "publish" | "versions";

interface Opened {
  readonly shift: RosterShiftView;
  /** The begin of the shift that is there already. */
  readonly instead: number | null;
}

/** A roster: its week, its days, its cover, its totals; the way from an empty week to a published one. */
export function RosterOne({ id }: { readonly id: string }) {
  const { t, i18n } = useTranslation();
  const { query, change, undo, show } = useRoster(id);
  const [date, setDate] = useState<string | null>(null);
  const [opened, setOpened] = useState<Opened>();
  const [dialog, setDialog] = useState<Dialog>();
  const [started, setStarted] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const [problem, setProblem] = useState<string>();
  const view = query.data;
  // work that was begun here, or before this page was opened, or by somebody else
  const jobId = started ?? (view?.jobId === over ? null : (view?.jobId ?? null));

  const refetch = query.refetch;
  const takeBack = undo.mutate;
  const onEnd = useCallback(
    (job: PlanJob) => {
      void refetch();
      setStarted(null);
      setOver(job.id);
      setProblem(job.problem?.message);
      if (job.problem !== null || !job.result) return;
      if (job.kind === "roster")
        notifyDone(solvedWords(job.result, i18n), { label: t("common.undo"), run: () => takeBack() });
      else notifyDone(t("plan.roster.was_verified"));
    },
    [refetch, takeBack, t, i18n],
  );
  const onLost = useCallback(() => {
    setStarted(null);
    setOver(jobId);
    void refetch();
  }, [refetch, jobId]);
  if (query.isError) return <QueryProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (!view) return <Skeleton height={420} radius="lg" aria-busy="true" />;
  const editable = view.may.edit && jobId === null;
  const begin = (job: PlanJob): void => {
    setProblem(undefined);
    setStarted(job.id);
  };
  const remove = (shift: RosterShiftView): void => {
    setOpened(undefined);
    change.mutate({ type: "remove_shift", agentId: shift.agentId, from: shift.from });
  };
  const put = (shift: RosterShiftView, instead: number | null): void => {
    setOpened(undefined);
    change.mutate({ type: "put_shift", shift, ...(instead !== null && { instead }) });
  };
  const grid = {
    view,
    editable,
    busy: change.isPending,
    onOpen: (shift: RosterShiftView) => setOpened({ shift, instead: shift.from }),
    onAdd: (agentId: string, day: string) =>
      setOpened({ shift: blankShift(agentId, day, view.timeZone), instead: null }),
    onRemove: remove,
  };
  return (
    <Stack gap="md">
      <PageHeader
        before={
          <Anchor component={Link} href="/plan/roster" size="sm">
            <Group gap={4}>
              <IconArrowLeft size={15} aria-hidden="true" />
              {t("plan.roster.title")}
            </Group>
          </Anchor>
        }
        title={`${view.placeName}: ${dayWords(view.from, i18n.language)} – ${dayWords(addDays(view.from, view.days - 1), i18n.language)}`}
        description={<RosterState roster={view} />}
        actions={
          <Actions view={view} editable={editable} onUndo={() => undo.mutate()} onDialog={setDialog} />
        }
      />
      <Gaps view={view} onRequirement={() => setDialog("requirement")} />
      {problem !== undefined && (
        <Alert
          color="red"
          role="alert"
          icon={<IconAlertTriangle />}
          withCloseButton
          closeButtonLabel={t("common.close")}
          onClose={() => setProblem(undefined)}
        >
          {problem}
        </Alert>
      )}
      {jobId !== null && (
        <PlanJobProgress
          jobId={jobId}
          onEnd={onEnd}
          onLost={onLost}
          stopLabel={t("plan.roster.stop_keep")}
          words={(job) => progressWords(job, i18n)}
        />
      )}
      <Group justify="space-between">
        <SegmentedControl
          value={date === null ? "week" : "day"}
          aria-label={t("plan.roster.seen_as")}
          onChange={(as) => setDate(as === "day" ? view.from : null)}
          data={[
            { value: "week", label: t("plan.roster.week") },
            { value: "day", label: t("plan.roster.day") },
          ]}
        />
        {date !== null && (
          <Select
            w={190}
            aria-label={t("plan.roster.day")}
            data={datesFrom(view.from, view.days).map((each) => ({
              value: each,
              label: dayWords(each, i18n.language),
            }))}
            value={date}
            onChange={setDate}
          />
        )}
        <GridLegend />
      </Group>
      {date === null ? <WeekGrid {...grid} onDay={setDate} /> : <DayGrid {...grid} date={date} onPut={put} />}
      <Tabs defaultValue="cover" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="cover">{t("plan.roster.cover")}</Tabs.Tab>
          <Tabs.Tab value="broken">
            {t("plan.roster.broken_count", { count: view.violations.length })}
          </Tabs.Tab>
          <Tabs.Tab value="totals">{t("plan.roster.totals")}</Tabs.Tab>
          <Tabs.Tab value="verified">{t("plan.roster.verified")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="cover" pt="md">
          <CoverChart view={view} date={date} />
        </Tabs.Panel>
        <Tabs.Panel value="broken" pt="md">
          <ViolationList view={view} />
        </Tabs.Panel>
        <Tabs.Panel value="totals" pt="md">
          <TotalsTable view={view} />
        </Tabs.Panel>
        <Tabs.Panel value="verified" pt="md">
          <VerifiedPanel view={view} onVerify={() => setDialog("verify")} />
        </Tabs.Panel>
      </Tabs>
      {opened && (
        <ShiftEditor
          key={`${opened.shift.agentId}${opened.shift.from}`}
          view={view}
          {...opened}
          editable={editable}
          onClose={() => setOpened(undefined)}
          onPut={put}
          onRemove={remove}
        />
      )}
      {dialog === "requirement" && (
        <RequirementEditor view={view} onClose={() => setDialog(undefined)} onSaved={show} />
      )}
      {dialog === "solve" && (
        <SolveDialog
          view={view}
          onClose={() => setDialog(undefined)}
          onStarted={(job) => {
            setDialog(undefined);
            begin(job);
          }}
        />
      )}
      {dialog === "verify" && (
        <VerifyDialog
          view={view}
          onClose={() => setDialog(undefined)}
          onStarted={(job) => {
            setDialog(undefined);
            begin(job);
          }}
        />
      )}
      {dialog === "publish" && (
        <PublishDialog view={view} onClose={() => setDialog(undefined)} onPublished={show} />
      )}
      {dialog === "versions" && <VersionsDialog id={view.id} onClose={() => setDialog(undefined)} />}
    </Stack>
  );
}

function Actions(props: {
  readonly view: RosterView;
  readonly editable: boolean;
  readonly onUndo: () => void;
  readonly onDialog: (dialog: Dialog) => void;
}) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const { view, editable, onDialog } = props;
  const discard = useMutation({
    mutationFn: () => client.call(api.planRosters.remove, { params: { id: view.id } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["plan", "rosters"] });
      go("/plan/roster");
    },
    onError: (error) => notifyProblem(problemText(error, i18n)),
    meta: { handlesErrors: true },
  });
  return (
    <>
      {view.may.edit && (
        <>
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={16} />}
            disabled={!view.undo || !editable}
            onClick={props.onUndo}
          >
            {t("common.undo")}
          </Button>
          <Button
            variant="default"
            leftSection={<IconUsers size={16} />}
            onClick={() => onDialog("requirement")}
            data-testid="requirement"
          >
            {t("plan.roster.requirement")}
          </Button>
          <Button
            variant={view.shifts.length === 0 ? "filled" : "default"}
            leftSection={<IconWand size={16} />}
            disabled={!editable}
            onClick={() => onDialog("solve")}
            data-testid="solve"
          >
            {t("plan.roster.solve")}
          </Button>
        </>
      )}
      {view.may.publish && (
        <Button
          leftSection={<IconSend size={16} />}
          disabled={!view.unpublished || view.shifts.length === 0}
          onClick={() => onDialog("publish")}
          data-testid="publish"
        >
          {t("plan.roster.publish")}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size="lg" aria-label={t("common.actions")}>
            <IconDotsVertical size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconHistory size={16} />} onClick={() => onDialog("versions")}>
            {t("plan.roster.versions")}
          </Menu.Item>
          {view.may.edit && view.shifts.length > 0 && (
            <Menu.Item leftSection={<IconFlask size={16} />} onClick={() => onDialog("verify")}>
              {t("plan.roster.verify")}
            </Menu.Item>
          )}
          {view.may.edit && view.version === 0 && (
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} />}
              onClick={() =>
                modals.openConfirmModal({
                  title: t("plan.roster.discard"),
                  children: <Text size="sm">{t("plan.roster.discard_text")}</Text>,
                  labels: { confirm: t("plan.roster.discard"), cancel: t("common.cancel") },
                  confirmProps: { color: "red" },
                  onConfirm: () => discard.mutate(),
                })
              }
            >
              {t("plan.roster.discard")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

const LEADS: Readonly<Record<string, string>> = {
  no_contract: "/plan/roster/agents",
  no_patterns: "/plan/roster/contracts",
  no_rules: "/plan/roster/labour",
};

/** What is still missing, each with the way to it. */
function Gaps({ view, onRequirement }: { readonly view: RosterView; readonly onRequirement: () => void }) {
  const { t } = useTranslation();
  if (!view.may.edit || view.gaps.length === 0) return null;
  return (
    <Alert icon={<IconInfoCircle />} color="fjord" title={t("plan.roster.before_solving")}>
      <Stack gap={4}>
        {view.gaps.map(({ what, count }) => {
          const words = t(`plan.roster.gap.${what as "no_agents"}`, { count });
          const lead = LEADS[what];
          if (what === "no_requirement")
            return (
              <Anchor key={what} component="button" type="button" size="sm" ta="left" onClick={onRequirement}>
                {words}
              </Anchor>
            );
          return lead ? (
            <Anchor key={what} component={Link} href={lead} size="sm">
              {words}
            </Anchor>
          ) : (
            <Text key={what} size="sm">
              {words}
            </Text>
          );
        })}
      </Stack>
    </Alert>
  );
}

/** What a solver made, as far as it tells of it. */
interface Solved {
  readonly shortHours?: { readonly before: number; readonly after: number };
  readonly shifts?: { readonly before: number };
  readonly keptAgents?: number;
}

/** That it is made, and what a planner should know before going on. */
function solvedWords(result: object, { t, language }: i18n): string {
  const { shortHours, shifts, keptAgents = 0 } = result as Solved;
  const round = (hours: number): string => hours.toLocaleString(language, { maximumFractionDigits: 1 });
  if (shortHours && (shifts?.before ?? 0) > 0 && shortHours.after > shortHours.before + 0.05)
    return t("plan.roster.solved_worse", {
      before: round(shortHours.before),
      after: round(shortHours.after),
    });
  if (keptAgents > 0) return t("plan.roster.solved_kept", { n: keptAgents });
  return shortHours && shortHours.after >= 0.05
    ? t("plan.roster.solved_short", { after: round(shortHours.after) })
    : t("plan.roster.solved");
}

function progressWords(job: PlanJob, { t, language }: i18n): string {
  if (job.state === "queued") return t("plan.jobs.waiting");
  const phase = t(`plan.roster.phase.${(job.step ?? "begin") as "begin"}`);
  const gap = job.figures.gap;
  return gap === undefined
    ? phase
    : `${phase} · ${t("plan.roster.gap_now", { gap: planFormat(language).count(gap * 100) })}`;
}
