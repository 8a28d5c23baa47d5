import { Chip, Group, Stack, Text } from "@mantine/core";
import { WEEKDAYS } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { dayName } from "../../../office/hours/day-name.ts";

type Weekday = (typeof WEEKDAYS)[number];

/** Some days of the week; none means all. */
export function WeekdayChoice(props: {
  readonly label: string;
  readonly value: readonly Weekday[];
  readonly onChange: (days: Weekday[]) => void;
}) {
  const { i18n } = useTranslation();
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500}>
        {props.label}
      </Text>
      <Chip.Group
        multiple
        value={[...props.value]}
        onChange={(days) => props.onChange(WEEKDAYS.filter((day) => days.includes(day)))}
      >
        <Group gap={6}>
          {WEEKDAYS.map((day) => (
            <Chip key={day} value={day} size="xs">
              {dayName(day, i18n.language)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Stack>
  );
}
