import { Group, NativeSelect, NumberInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DURATION_UNITS, type DurationUnit, unitFor } from "./duration-unit.ts";

/** A span of time in the unit that fits it, to be changed by the person; milliseconds in the contract. */
export function DurationInput(props: {
  readonly label: string;
  readonly description?: string;
  readonly value: number;
  readonly onChange: (ms: number) => void;
  readonly minMs: number;
  readonly maxMs: number;
  readonly error?: ReactNode;
  readonly maw?: number;
}) {
  const { t } = useTranslation();
  const { label, value, onChange, minMs, maxMs } = props;
  const [unit, setUnit] = useState<DurationUnit>(() => unitFor(value));
  const size = DURATION_UNITS[unit];
  return (
    <Group gap={6} wrap="nowrap" align="flex-end" maw={props.maw ?? 260}>
      <NumberInput
        flex={1}
        label={label}
        description={props.description}
        error={props.error}
        min={minMs / size}
        max={maxMs / size}
        decimalScale={unit === "s" ? 0 : 2}
        hideControls
        value={value / size}
        onChange={(next) => onChange(typeof next === "number" ? Math.round(next * size) : minMs)}
      />
      <NativeSelect
        w={84}
        aria-label={t("duration.unit_of", { label })}
        value={unit}
        onChange={(event) => setUnit(event.currentTarget.value as DurationUnit)}
        data={(Object.keys(DURATION_UNITS) as DurationUnit[]).map((each) => ({
          value: each,
          label: t(`duration.${each}`),
        }))}
      />
    </Group>
  );
}
