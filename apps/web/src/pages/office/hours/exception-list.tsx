import { ActionIcon, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { dayKey } from "../../../format/moment.ts";
import { useServices } from "../../../services.ts";
import { AddRow } from "../entity/fields.tsx";
import { SpanList } from "./span-list.tsx";
import type { Hours } from "./week.ts";

type Exception = Hours["exceptions"][number];

/** Holidays and other days that differ from the week. */
export function ExceptionList(props: {
  readonly exceptions: readonly Exception[];
  readonly errors: Readonly<Record<string, React.ReactNode>>;
  readonly onChange: (exceptions: Exception[]) => void;
}) {
  const { t } = useTranslation();
  const { serverClock } = useServices();
  const { exceptions, onChange } = props;
  const set = (index: number, change: Partial<Exception>): void =>
    onChange(exceptions.map((each, at) => (at === index ? { ...each, ...change } : each)));
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">
        {t("hours.exceptions_hint")}
      </Text>
      {exceptions.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: exceptions have no identity of their own
        <Stack key={index} gap={6} p="sm" className="sv-surface">
          <Group gap="xs" wrap="nowrap">
            <TextInput
              size="xs"
              type="date"
              aria-label={t("hours.date")}
              value={each.date}
              error={props.errors[`exceptions.${index}.date`]}
              onChange={(event) => set(index, { date: event.currentTarget.value })}
            />
            <TextInput
              size="xs"
              style={{ flex: 1 }}
              aria-label={t("fields.name")}
              placeholder={t("hours.holiday")}
              value={each.name ?? ""}
              onChange={(event) => set(index, { name: event.currentTarget.value })}
            />
            <ActionIcon
              aria-label={`${t("common.remove")}: ${each.name || each.date}`}
              onClick={() => onChange(exceptions.filter((_, at) => at !== index))}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
          <Group justify="space-between">
            <Group gap="xs">
              {each.spans.length === 0 && (
                <Text size="xs" c="dimmed">
                  {t("hours.closed")}
                </Text>
              )}
              <SpanList
                label={each.name || each.date}
                spans={each.spans}
                onChange={(spans) => set(index, { spans })}
              />
            </Group>
          </Group>
        </Stack>
      ))}
      <AddRow
        label={t("hours.add_exception")}
        onClick={() => onChange([...exceptions, { date: dayKey(serverClock.now()), name: "", spans: [] }])}
      />
    </Stack>
  );
}
