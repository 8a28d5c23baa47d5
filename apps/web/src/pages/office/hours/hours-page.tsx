import { Select, TextInput } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconCalendarTime } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { timeZoneOptions } from "../../../kit/time-zone-options.ts";
import { useSession } from "../../../services.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import { ClientSelect, FormSection } from "../entity/fields.tsx";
import { ExceptionList } from "./exception-list.tsx";
import { HolidayFields } from "./holiday-fields.tsx";
import { WeekEditor } from "./week-editor.tsx";
import { WeekPicture } from "./week-picture.tsx";

/** When somebody answers: the week, and the days that differ. */
export function HoursPage() {
  const { t } = useTranslation();
  const { clients, centre } = useSession();
  return (
    <EntityPage
      wide
      kind="hours"
      routes={api.hours}
      edit="entry_points.edit"
      icon={IconCalendarTime}
      words={{
        title: t("office.hours"),
        description: t("hours.description"),
        create: t("hours.create"),
        emptyTitle: t("hours.empty_title"),
        emptyText: t("hours.empty_text"),
      }}
      nameOf={(hours) => hours.name}
      columns={[
        { label: t("hours.week"), render: (hours) => <WeekPicture weekly={hours.weekly} small /> },
        { label: t("fields.time_zone"), render: (hours) => hours.timeZone },
        { label: t("hours.exceptions"), end: true, render: (hours) => hours.exceptions.length },
      ]}
      blank={() => ({
        clientId: clients[0]?.id ?? "",
        name: "",
        timeZone: clients[0]?.timeZone ?? centre.timeZone,
        weekly: Object.fromEntries(
          (["mon", "tue", "wed", "thu", "fri"] as const).map((day) => [
            day,
            [{ from: "09:00", to: "17:00" }],
          ]),
        ),
        holidays: null,
        exceptions: [],
      })}
      toDraft={({ id: _id, revision: _revision, archived: _archived, ...draft }) => draft}
      fields={(form) => (
        <>
          <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
          <ClientSelect {...form.getInputProps("clientId")} />
          <Select
            label={t("fields.time_zone")}
            description={t("hours.time_zone_hint")}
            searchable
            data={timeZoneOptions()}
            {...form.getInputProps("timeZone")}
          />
          <FormSection title={t("hours.week")}>
            <WeekEditor
              weekly={form.getValues().weekly}
              errors={form.errors}
              onChange={(weekly) => form.setFieldValue("weekly", weekly)}
            />
          </FormSection>
          <FormSection title={t("hours.holidays")}>
            <HolidayFields
              holidays={form.getValues().holidays}
              onChange={(holidays) => form.setFieldValue("holidays", holidays)}
            />
          </FormSection>
          <FormSection title={t("hours.exceptions")}>
            <ExceptionList
              exceptions={form.getValues().exceptions}
              errors={form.errors}
              onChange={(exceptions) => form.setFieldValue("exceptions", exceptions)}
            />
          </FormSection>
        </>
      )}
    />
  );
}
