import {
  Alert,
  Group,
  MultiSelect,
  NumberInput,
  Radio,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import type { AnswerOf, api, WhatIfDay } from "@svara/contracts";
import { IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { dayName } from "./day-name.ts";

export type WhatIfDays = AnswerOf<(typeof api.planWhatIf)["days"]>;
type Planned = Extract<WhatIfDay, { readonly kind: "forecast" }>;

/** The day that is offered first: the newest recorded one that is over, else the next one with a forecast. */
export function firstDay(days: WhatIfDays, today: string): WhatIfDay | undefined {
  const recorded = days.recorded.find(({ date }) => date < today) ?? days.recorded[0];
  if (recorded) return { kind: "recorded", date: recorded.date };
  return plannedDay(days, days.planned[0]?.date);
}

function plannedDay({ planned }: WhatIfDays, date: string | undefined): Planned | undefined {
  const day = planned.find((one) => one.date === date);
  if (!day) return undefined;
  return {
    kind: "forecast",
    date: day.date,
    queueIds: day.queues.map(({ id }) => id),
    staff: day.hasRoster
      ? { kind: "roster" }
      : day.hasRequirement
        ? { kind: "required" }
        : { kind: "fixed", agents: 10, from: "08:00", to: "18:00" },
  };
}

/** Which day is simulated: one that was, or one to come. */
export function DayChoice(props: {
  readonly days: WhatIfDays;
  readonly day: WhatIfDay | undefined;
  readonly onChange: (day: WhatIfDay | undefined) => void;
}) {
  const { days, day, onChange } = props;
  const { t, i18n } = useTranslation();
  const kind = day?.kind ?? (days.recorded.length > 0 ? "recorded" : "forecast");
  const dates =
    kind === "recorded"
      ? days.recorded.map(({ date, contacts }) => ({
          value: date,
          label: `${dayName(date, i18n.language)} · ${t("plan.what_if.contacts", { n: contacts })}`,
        }))
      : days.planned.map(({ date, queues }) => ({
          value: date,
          label: `${dayName(date, i18n.language)} · ${t("plan.what_if.queues", { n: queues.length })}`,
        }));
  const first = (wanted: "recorded" | "forecast"): WhatIfDay | undefined =>
    wanted === "recorded"
      ? days.recorded[0] && { kind: "recorded", date: days.recorded[0].date }
      : plannedDay(days, days.planned[0]?.date);
  return (
    <Stack gap="sm">
      <SegmentedControl
        value={kind}
        onChange={(wanted) => onChange(first(wanted === "recorded" ? "recorded" : "forecast"))}
        data={[
          { value: "recorded", label: t("plan.what_if.kind_recorded"), disabled: days.recorded.length === 0 },
          { value: "forecast", label: t("plan.what_if.kind_planned"), disabled: days.planned.length === 0 },
        ]}
        style={{ alignSelf: "flex-start" }}
      />
      {!days.wholeCentre && (
        <Alert color="gray" icon={<IconInfoCircle />}>
          {t("plan.what_if.needs_centre")}
        </Alert>
      )}
      {days.wholeCentre && days.recorded.length === 0 && (
        <Alert color="gray" icon={<IconInfoCircle />}>
          {t("plan.what_if.no_recorded")}
        </Alert>
      )}
      {days.planned.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("plan.what_if.no_planned")} <Link href="/plan/forecast">{t("plan.what_if.make_forecast")}</Link>
        </Text>
      )}
      {dates.length > 0 && (
        <Select
          label={t("plan.what_if.day")}
          data={dates}
          value={day?.date ?? null}
          onChange={(date) =>
            onChange(
              date === null
                ? undefined
                : kind === "recorded"
                  ? { kind: "recorded", date }
                  : plannedDay(days, date),
            )
          }
          allowDeselect={false}
          searchable
          maw={420}
        />
      )}
      {day?.kind === "forecast" && <PlannedFields days={days} day={day} onChange={onChange} />}
    </Stack>
  );
}

function PlannedFields(props: {
  readonly days: WhatIfDays;
  readonly day: Planned;
  readonly onChange: (day: WhatIfDay) => void;
}) {
  const { days, day, onChange } = props;
  const { t } = useTranslation();
  const chosen = days.planned.find(({ date }) => date === day.date);
  const { staff } = day;
  return (
    <>
      <MultiSelect
        label={t("plan.what_if.queues_of_day")}
        data={(chosen?.queues ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={day.queueIds}
        onChange={(queueIds) => onChange({ ...day, queueIds })}
        maw={620}
      />
      <Radio.Group
        label={t("plan.what_if.staff_of_day")}
        value={staff.kind}
        onChange={(kind) =>
          onChange({
            ...day,
            staff:
              kind === "fixed"
                ? { kind: "fixed", agents: 10, from: "08:00", to: "18:00" }
                : { kind: kind === "roster" ? "roster" : "required" },
          })
        }
      >
        <Stack gap={6} mt={6}>
          <Radio value="roster" label={t("plan.what_if.staff_roster")} disabled={!chosen?.hasRoster} />
          <Radio
            value="required"
            label={t("plan.what_if.staff_required")}
            disabled={!chosen?.hasRequirement}
          />
          <Radio value="fixed" label={t("plan.what_if.staff_fixed")} />
        </Stack>
      </Radio.Group>
      {staff.kind === "fixed" && (
        <Group gap="sm" align="flex-end">
          <NumberInput
            size="xs"
            label={t("plan.what_if.agents_each")}
            value={staff.agents}
            onChange={(value) =>
              onChange({ ...day, staff: { ...staff, agents: Math.max(1, Math.trunc(Number(value) || 1)) } })
            }
            min={1}
            max={2000}
            w={170}
          />
          <TextInput
            type="time"
            size="xs"
            label={t("fields.from")}
            value={staff.from}
            onChange={(event) => onChange({ ...day, staff: { ...staff, from: event.currentTarget.value } })}
            w={110}
          />
          <TextInput
            type="time"
            size="xs"
            label={t("fields.to")}
            value={staff.to}
            onChange={(event) => onChange({ ...day, staff: { ...staff, to: event.currentTarget.value } })}
            w={110}
          />
        </Group>
      )}
    </>
  );
}
