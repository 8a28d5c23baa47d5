import { Button, Group, Stack, Text } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { dayName } from "./day-name.ts";
import { SpanList } from "./span-list.tsx";
import { copyMonday, DAYS, type Week, withDay } from "./week.ts";
import { WeekPicture } from "./week-picture.tsx";

/** The week: a picture of it, and the times of each day. */
export function WeekEditor(props: {
  readonly weekly: Week;
  readonly errors: Readonly<Record<string, React.ReactNode>>;
  readonly onChange: (weekly: Week) => void;
}) {
  const { t, i18n } = useTranslation();
  const { weekly, onChange } = props;
  const problem = Object.entries(props.errors).find(([field]) => field.startsWith("weekly"))?.[1];
  return (
    <Stack gap="sm">
      <WeekPicture weekly={weekly} />
      {DAYS.map((day) => {
        const name = dayName(day, i18n.language, "long");
        const spans = weekly[day] ?? [];
        return (
          <Group key={day} gap="sm" wrap="nowrap" align="flex-start" mih={30}>
            <Text size="sm" w={96} pt={4} style={{ flex: "none" }}>
              {name}
            </Text>
            <div style={{ flex: 1 }}>
              <SpanList
                label={name}
                spans={spans}
                onChange={(next) => onChange(withDay(weekly, day, next))}
              />
            </div>
            {spans.length === 0 && (
              <Text size="xs" c="dimmed" pt={6}>
                {t("hours.closed")}
              </Text>
            )}
          </Group>
        );
      })}
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconCopy size={14} />}
          onClick={() => onChange(copyMonday(weekly))}
        >
          {t("hours.copy_monday")}
        </Button>
      </Group>
      {problem && (
        <Text size="sm" c="red" role="alert">
          {problem}
        </Text>
      )}
    </Stack>
  );
}
