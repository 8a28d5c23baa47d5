import { NumberInput } from "@mantine/core";
import type { FieldProps } from "./fields.tsx";

/** Milliseconds in the contract, seconds for people. */
export function SecondsInput(
  props: FieldProps & {
    readonly label: string;
    readonly description?: string;
    readonly min: number;
    readonly max: number;
  },
) {
  const { value, onChange, ...rest } = props;
  return (
    <NumberInput
      {...rest}
      suffix=" s"
      allowDecimal={false}
      value={typeof value === "number" ? value / 1000 : ""}
      onChange={(seconds) => onChange((typeof seconds === "number" ? seconds * 1000 : 0) as never)}
    />
  );
}
