import { Group, MultiSelect, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ChangeRow } from "./change-rows.ts";
import type { Choice, PlanNames } from "./use-plan-names.ts";

interface FieldsProps<Row extends ChangeRow = ChangeRow> {
  readonly row: Row;
  readonly names: PlanNames;
  readonly onChange: (row: ChangeRow) => void;
}

type RowOf<Kind extends ChangeRow["kind"]> = Extract<ChangeRow, { readonly kind: Kind }>;

const STRATEGIES = [
  "longest_idle",
  "least_occupied",
  "highest_proficiency",
  "round_robin",
  "balanced",
] as const;
const ORDERS = ["priority_then_oldest", "service_level_race", "fqr", "gcmu"] as const;

/** The fields of one change, by its kind. */
export function ChangeRowFields({ row, names, onChange }: FieldsProps) {
  switch (row.kind) {
    case "volume":
    case "handling":
    case "patience":
      return <ScalingFields row={row} names={names} onChange={onChange} />;
    case "staff":
      return <StaffFields row={row} names={names} onChange={onChange} />;
    case "skill":
      return <SkillFields row={row} names={names} onChange={onChange} />;
    case "hours":
      return <HoursFields row={row} names={names} onChange={onChange} />;
    case "queue":
      return <QueueFields row={row} names={names} onChange={onChange} />;
    case "order":
      return <OrderFields row={row} names={names} onChange={onChange} />;
    case "rules":
      return <RulesFields row={row} names={names} onChange={onChange} />;
  }
}

function QueueField(props: {
  readonly value: string | null;
  readonly queues: readonly Choice[];
  readonly onChange: (value: string | null) => void;
  /** Words for no queue; absent: one must be chosen. */
  readonly all?: string;
}) {
  const { t } = useTranslation();
  return (
    <Select
      size="xs"
      label={t("fields.queue")}
      placeholder={props.all ?? t("plan.what_if.choose_queue")}
      data={[...props.queues]}
      value={props.value}
      onChange={props.onChange}
      clearable={props.all !== undefined}
      searchable
      w={220}
    />
  );
}

function number(value: string | number): number {
  return typeof value === "number" ? value : Number(value) || 0;
}

function ScalingFields({ row, names, onChange }: FieldsProps<RowOf<"volume" | "handling" | "patience">>) {
  const { t } = useTranslation();
  return (
    <Group gap="sm" align="flex-end">
      <QueueField
        value={row.queueId}
        queues={names.queues}
        all={t("plan.what_if.all_queues")}
        onChange={(queueId) => onChange({ ...row, queueId })}
      />
      <NumberInput
        size="xs"
        label={t("plan.what_if.percent")}
        value={row.percent}
        onChange={(value) => onChange({ ...row, percent: number(value) })}
        min={row.kind === "volume" ? -95 : -80}
        max={row.kind === "patience" ? 900 : 400}
        step={5}
        suffix=" %"
        w={120}
      />
    </Group>
  );
}

function Times(props: {
  readonly from: string;
  readonly to: string;
  readonly onChange: (times: { readonly from: string; readonly to: string }) => void;
}) {
  const { t } = useTranslation();
  const { from, to, onChange } = props;
  return (
    <>
      <TextInput
        type="time"
        size="xs"
        label={t("fields.from")}
        value={from}
        onChange={(event) => onChange({ from: event.currentTarget.value, to })}
        w={110}
      />
      <TextInput
        type="time"
        size="xs"
        label={t("fields.to")}
        value={to === "24:00" ? "00:00" : to}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onChange({ from, to: value === "00:00" ? "24:00" : value });
        }}
        w={110}
      />
    </>
  );
}

function StaffFields({ row, names, onChange }: FieldsProps<RowOf<"staff">>) {
  const { t } = useTranslation();
  return (
    <Group gap="sm" align="flex-end">
      <NumberInput
        size="xs"
        label={t("plan.what_if.agents_more")}
        value={row.count}
        onChange={(value) => onChange({ ...row, count: Math.trunc(number(value)) })}
        min={-200}
        max={200}
        w={150}
      />
      <QueueField
        value={row.queueId}
        queues={names.queues}
        onChange={(queueId) => onChange({ ...row, queueId })}
      />
      <Times from={row.from} to={row.to} onChange={(times) => onChange({ ...row, ...times })} />
    </Group>
  );
}

function SkillFields({ row, names, onChange }: FieldsProps<RowOf<"skill">>) {
  const { t } = useTranslation();
  return (
    <Group gap="sm" align="flex-end">
      <MultiSelect
        size="xs"
        label={t("plan.what_if.agents")}
        placeholder={row.agentIds.length === 0 ? t("plan.what_if.choose_agents") : ""}
        data={names.agents}
        value={[...row.agentIds]}
        onChange={(agentIds) => onChange({ ...row, agentIds })}
        searchable
        maw={420}
        miw={220}
      />
      <Select
        size="xs"
        label={t("plan.what_if.skill")}
        placeholder={t("plan.what_if.choose_skill")}
        data={names.skills}
        value={row.skillId}
        onChange={(skillId) => onChange({ ...row, skillId })}
        searchable
        w={180}
      />
      <NumberInput
        size="xs"
        label={t("plan.what_if.level")}
        description={t("plan.what_if.level_hint")}
        inputWrapperOrder={["label", "input", "description"]}
        value={row.level}
        onChange={(value) => onChange({ ...row, level: Math.trunc(number(value)) })}
        min={0}
        max={5}
        w={150}
      />
    </Group>
  );
}

function HoursFields({ row, names, onChange }: FieldsProps<RowOf<"hours">>) {
  const { t } = useTranslation();
  return (
    <Group gap="sm" align="flex-end">
      <QueueField
        value={row.queueId}
        queues={names.queues}
        all={t("plan.what_if.all_queues")}
        onChange={(queueId) => onChange({ ...row, queueId })}
      />
      <Times from={row.from} to={row.to} onChange={(times) => onChange({ ...row, ...times })} />
      <NumberInput
        size="xs"
        label={t("plan.what_if.new_hours_share")}
        value={row.sharePercent}
        onChange={(value) => onChange({ ...row, sharePercent: number(value) })}
        min={0}
        max={100}
        step={10}
        suffix=" %"
        w={220}
      />
    </Group>
  );
}

function QueueFields({ row, names, onChange }: FieldsProps<RowOf<"queue">>) {
  const { t } = useTranslation();
  const optional = (value: string | number): number | null => (value === "" ? null : number(value));
  const numberField = (
    name: "priority" | "ringTimeoutSec" | "wrapUpSec",
    label: string,
    limits: { min: number; max: number },
  ) => (
    <NumberInput
      size="xs"
      label={label}
      placeholder={t("plan.what_if.as_is")}
      value={row[name] ?? ""}
      onChange={(value) => onChange({ ...row, [name]: optional(value) })}
      {...limits}
      w={150}
    />
  );
  return (
    <Group gap="sm" align="flex-end">
      <QueueField
        value={row.queueId}
        queues={names.queues}
        onChange={(queueId) => onChange({ ...row, queueId })}
      />
      {numberField("priority", t("plan.what_if.priority"), { min: -100, max: 100 })}
      <Select
        size="xs"
        label={t("plan.what_if.agent_strategy")}
        placeholder={t("plan.what_if.as_is")}
        data={STRATEGIES.map((value) => ({ value, label: t(`strategy.${value}`) }))}
        value={row.agentStrategy ?? null}
        onChange={(value) =>
          onChange({ ...row, agentStrategy: STRATEGIES.find((strategy) => strategy === value) ?? null })
        }
        clearable
        w={200}
      />
      {numberField("ringTimeoutSec", t("plan.what_if.ring_sec"), { min: 5, max: 120 })}
      {numberField("wrapUpSec", t("plan.what_if.wrap_up_sec"), { min: 0, max: 3600 })}
    </Group>
  );
}

function OrderFields({ row, onChange }: FieldsProps<RowOf<"order">>) {
  const { t } = useTranslation();
  return (
    <Select
      size="xs"
      label={t("plan.what_if.order")}
      description={t(`work_strategy.${row.strategy}_hint`)}
      data={ORDERS.map((value) => ({ value, label: t(`work_strategy.${value}`) }))}
      value={row.strategy}
      onChange={(value) =>
        onChange({ ...row, strategy: ORDERS.find((order) => order === value) ?? row.strategy })
      }
      maw={420}
    />
  );
}

function RulesFields({ row, onChange }: FieldsProps<RowOf<"rules">>) {
  const { t } = useTranslation();
  return (
    <Textarea
      size="xs"
      label={t("plan.what_if.rules_json")}
      description={t("plan.what_if.rules_json_hint")}
      value={row.text}
      onChange={(event) => onChange({ ...row, text: event.currentTarget.value })}
      autosize
      minRows={5}
      maxRows={20}
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
    />
  );
}
