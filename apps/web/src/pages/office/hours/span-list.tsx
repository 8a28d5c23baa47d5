import { ActionIcon, Group, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Span } from "./week.ts";

/** Periods of one day as pairs of times. */
export function SpanList(props: {
  readonly spans: readonly Span[];
  readonly label: string;
  readonly onChange: (spans: Span[]) => void;
}) {
  const { t } = useTranslation();
  const { spans, label, onChange } = props;
  const set = (index: number, change: Partial<Span>): void =>
    onChange(spans.map((span, at) => (at === index ? { ...span, ...change } : span)));
  return (
    <Group gap="xs">
      {spans.map((span, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: spans have no identity of their own
        <Group key={index} gap={4} wrap="nowrap">
          <TextInput
            size="xs"
            type="time"
            aria-label={`${label}: ${t("fields.from")}`}
            value={span.from}
            onChange={(event) => set(index, { from: event.currentTarget.value })}
          />
          –
          <TextInput
            size="xs"
            type="time"
            aria-label={`${label}: ${t("fields.to")}`}
            // browsers know no 24:00; midnight at the end of the day is shown as 00:00
            value={span.to === "24:00" ? "00:00" : span.to}
            onChange={(event) =>
              set(index, { to: event.currentTarget.value === "00:00" ? "24:00" : event.currentTarget.value })
            }
          />
          <ActionIcon
            size="sm"
            aria-label={`${t("common.remove")}: ${label} ${span.from}`}
            onClick={() => onChange(spans.filter((_, at) => at !== index))}
          >
            <IconX size={14} />
          </ActionIcon>
        </Group>
      ))}
      <ActionIcon
        size="sm"
        variant="light"
        color="fjord"
        aria-label={t("hours.add_period", { day: label })}
        onClick={() =>
          onChange([
            ...spans,
            spans.length === 0 ? { from: "09:00", to: "17:00" } : { from: "18:00", to: "20:00" },
          ])
        }
      >
        <IconPlus size={14} />
      </ActionIcon>
    </Group>
  );
}
