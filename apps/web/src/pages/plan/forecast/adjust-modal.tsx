import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type AdjustmentChange, api, type ForecastDetail } from "@svara/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";
import { dayKey } from "../../../format/moment.ts";
import { useServices } from "../../../services.ts";
import { usePlanFormat } from "../kit/use-plan-format.ts";
import { type DaySpan, intervalsOf } from "./day-span.ts";

/** What a planner knows better than the method, with the reason; the total is shown before it is stored. */
export function AdjustModal(props: {
  readonly forecast: ForecastDetail;
  readonly queueId: string;
  readonly day: string;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { client, ids } = useServices();
  const { count } = usePlanFormat();
  const cache = useQueryClient();
  const { forecast, onClose } = props;
  const [queueId, setQueueId] = useState<string>(props.queueId);
  const [span, setSpan] = useState<DaySpan>({
    firstDay: props.day,
    lastDay: props.day,
    fromTime: "",
    toTime: "",
  });
  const [wholeDays, setWholeDays] = useState(true);
  const [kind, setKind] = useState<AdjustmentChange["kind"]>("percent");
  const [percent, setPercent] = useState(10);
  const [total, setTotal] = useState<number>();
  const [reason, setReason] = useState("");
  const series = forecast.series.filter(({ queue }) => queueId === "all" || queue.id === queueId);
  const touched = series.flatMap(({ intervals }) =>
    intervalsOf(intervals, wholeDays ? { ...span, fromTime: "", toTime: "" } : span, (at) =>
      clockOf(at, forecast.timeZone),
    ),
  );
  const before = touched.reduce((sum, { mean }) => sum + mean, 0);
  const after = kind === "percent" ? before * (1 + percent / 100) : (total ?? before);
  const spans = wholeDays ? [wholeSpan(touched)] : spansOf(touched);
  const save = useMutation({
    mutationFn: async () => {
      for (const one of spans) {
        if (!one) continue;
        const part = touched
          .filter(({ at }) => at >= one.from && at < one.to)
          .reduce((sum, { mean }) => sum + mean, 0);
        const change: AdjustmentChange =
          kind === "percent"
            ? { kind, percent }
            : { kind, contacts: before > 0 ? (after * part) / before : after / spans.length };
        await client.call(api.planForecasts.adjust, {
          params: { id: forecast.id },
          body: { queueId: queueId === "all" ? null : queueId, ...one, change, reason },
          idempotencyKey: ids.next(),
        });
      }
    },
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["plan"] });
      notifyDone(t("plan.forecast.changed"));
      onClose();
    },
    meta: { handlesErrors: true },
  });
  const day = (label: string, key: "firstDay" | "lastDay") => (
    <TextInput
      type="date"
      label={label}
      min={forecast.firstDay}
      max={forecast.lastDay}
      value={span[key]}
      onChange={(event) => {
        const value = event.currentTarget.value;
        setSpan((was) => {
          const next = { ...was, [key]: value };
          return next.lastDay < next.firstDay ? { ...next, firstDay: value, lastDay: value } : next;
        });
      }}
    />
  );
  const time = (label: string, key: "fromTime" | "toTime") => (
    <TextInput
      type="time"
      step={900}
      label={label}
      value={span[key]}
      onChange={(event) => {
        const value = event.currentTarget.value;
        setSpan((was) => ({ ...was, [key]: value }));
      }}
    />
  );
  return (
    <Modal opened onClose={onClose} title={t("plan.forecast.adjust")} size="md">
      <Stack gap="md">
        {forecast.series.length > 1 && (
          <Select
            label={t("fields.queue")}
            data={[
              ...forecast.series.map(({ queue }) => ({ value: queue.id, label: queue.name })),
              { value: "all", label: t("plan.forecast.all_queues") },
            ]}
            value={queueId}
            onChange={(value) => value && setQueueId(value)}
          />
        )}
        <Group grow>
          {day(t("fields.from"), "firstDay")}
          {day(t("fields.to"), "lastDay")}
        </Group>
        <Checkbox
          label={t("plan.forecast.whole_days")}
          checked={wholeDays}
          onChange={(event) => setWholeDays(event.currentTarget.checked)}
        />
        {!wholeDays && (
          <Group grow>
            {time(t("plan.special.from_time"), "fromTime")}
            {time(t("plan.special.to_time"), "toTime")}
          </Group>
        )}
        <SegmentedControl
          value={kind}
          onChange={(value) => setKind(value === "total" ? "total" : "percent")}
          data={[
            { value: "percent", label: t("plan.forecast.by_percent") },
            { value: "total", label: t("plan.forecast.to_total") },
          ]}
          aria-label={t("plan.forecast.how_changed")}
        />
        {kind === "percent" ? (
          <NumberInput
            label={t("plan.forecast.percent")}
            description={t("plan.forecast.percent_hint")}
            suffix=" %"
            min={-100}
            max={1000}
            value={percent}
            onChange={(value) => setPercent(Number(value) || 0)}
          />
        ) : (
          <NumberInput
            label={t("plan.forecast.total")}
            description={t("plan.forecast.total_hint")}
            min={0}
            value={total ?? Math.round(before)}
            onChange={(value) => setTotal(Number(value) || 0)}
          />
        )}
        <Textarea
          label={t("plan.forecast.reason")}
          placeholder={t("plan.forecast.reason_example")}
          required
          maxLength={500}
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Text size="sm" role="status">
          {touched.length === 0
            ? t("plan.forecast.nothing_there")
            : t("plan.forecast.from_to_contacts", { before: count(before), after: count(after) })}
        </Text>
        {save.isError && (
          <Alert color="red" role="alert">
            {problemText(save.error, i18n)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button
            onClick={() => save.mutate()}
            loading={save.isPending}
            disabled={touched.length === 0 || reason.trim() === ""}
          >
            {t("plan.forecast.change")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const QUARTER_MS = 900_000;
type Touched = readonly { readonly at: number; readonly mean: number }[];

/** From the first to the last interval touched. */
function wholeSpan(touched: Touched): { from: number; to: number } | undefined {
  if (touched.length === 0) return undefined;
  const instants = touched.map(({ at }) => at);
  return { from: Math.min(...instants), to: Math.max(...instants) + QUARTER_MS };
}

/** Hours of several days are a stretch on each of them. */
function spansOf(touched: Touched): { from: number; to: number }[] {
  const instants = [...new Set(touched.map(({ at }) => at))].toSorted((a, b) => a - b);
  const spans: { from: number; to: number }[] = [];
  for (const at of instants) {
    const last = spans.at(-1);
    if (last && last.to === at) last.to = at + QUARTER_MS;
    else spans.push({ from: at, to: at + QUARTER_MS });
  }
  return spans;
}

/** The date and the time that a zone's clocks show. */
function clockOf(at: number, timeZone: string): { date: string; time: string } {
  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return { date: dayKey(at, timeZone), time: time.format(at) };
}
