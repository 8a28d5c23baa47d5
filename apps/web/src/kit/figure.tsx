import { Text, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";

const SIZES = { sm: "1rem", md: "1.125rem", lg: "1.75rem" } as const;

/** One figure with its name; `hint` explains how it is counted. */
export function Figure(props: {
  readonly label: string;
  readonly value: ReactNode;
  readonly hint?: string;
  readonly tone?: "plain" | "warn" | "bad";
  readonly size?: "sm" | "md" | "lg";
}) {
  const color =
    props.tone === "bad"
      ? "var(--sv-state-trouble)"
      : props.tone === "warn"
        ? "var(--sv-state-ringing)"
        : undefined;
  const body = (
    <div style={{ minWidth: 0 }}>
      <Text component="div" className="sv-caption" truncate>
        {props.label}
      </Text>
      <Text
        component="div"
        className="sv-num"
        fw={620}
        {...(color === undefined ? {} : { c: color })}
        style={{
          fontSize: SIZES[props.size ?? "md"],
          lineHeight: 1.25,
          whiteSpace: "nowrap",
        }}
      >
        {props.value}
      </Text>
    </div>
  );
  return props.hint === undefined ? (
    body
  ) : (
    <Tooltip label={props.hint} multiline maw={280}>
      {body}
    </Tooltip>
  );
}
