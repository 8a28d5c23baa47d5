import { NumberInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** Minutes of the contract, given in hours. Nothing given is null where that is allowed. */
export function HoursInput(props: {
  readonly label: string;
  readonly description?: string;
  readonly minutes: number | null;
  readonly onChange: (minutes: number | null) => void;
  readonly max: number;
  readonly step?: number;
  readonly error?: ReactNode;
}) {
  const { t } = useTranslation();
  const { minutes, onChange, error } = props;
  return (
    <NumberInput
      label={props.label}
      description={props.description}
      error={error}
      min={0}
      max={props.max}
      step={props.step ?? 0.25}
      decimalScale={2}
      suffix={` ${t("plan.roster.hour_unit")}`}
      value={minutes === null ? "" : minutes / 60}
      onChange={(hours) => onChange(typeof hours === "number" ? Math.round(hours * 60) : null)}
    />
  );
}
