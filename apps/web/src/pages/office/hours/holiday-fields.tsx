import { Group, Select, Stack, Text } from "@mantine/core";
import { HOLIDAY_COUNTRIES } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { SpanList } from "./span-list.tsx";
import type { Hours } from "./week.ts";

/** Public holidays of a country and the hours that hold on them. */
export function HolidayFields(props: {
  readonly holidays: Hours["holidays"];
  readonly onChange: (holidays: Hours["holidays"]) => void;
}) {
  const { t, i18n } = useTranslation();
  const { holidays, onChange } = props;
  const names = new Intl.DisplayNames(i18n.language, { type: "region" });
  return (
    <Stack gap="sm">
      <Select
        label={t("hours.holidays_of")}
        description={t("hours.holidays_hint")}
        placeholder={t("common.none")}
        clearable
        data={HOLIDAY_COUNTRIES.map((code) => ({ value: code, label: names.of(code) ?? code }))}
        value={holidays?.country ?? null}
        onChange={(country) =>
          onChange(country === null ? null : { country: country as Country, spans: holidays?.spans ?? [] })
        }
      />
      {holidays && (
        <Group gap="xs">
          <Text size="sm">{holidays.spans.length === 0 ? t("hours.closed") : t("hours.open")}</Text>
          <SpanList
            label={t("hours.holiday")}
            spans={holidays.spans}
            onChange={(spans) => onChange({ ...holidays, spans })}
          />
        </Group>
      )}
    </Stack>
  );
}

type Country = (typeof HOLIDAY_COUNTRIES)[number];
