import { Group, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { api, SPECIAL_DAY_KINDS, type SpecialDayDraft } from "@svara/contracts";
import { IconCalendarStar } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { dayKey } from "../../../format/moment.ts";
import { useServices, useSession } from "../../../services.ts";
import { EntityPage } from "../../office/entity/entity-page.tsx";
import { ClientSelect, EntityMultiSelect } from "../../office/entity/fields.tsx";
import { usePlanFormat } from "../kit/use-plan-format.ts";

/** Holidays, campaigns, outages: days whose effect is told, or learnt from past days of the same name. */
export function SpecialDaysSection() {
  const { t } = useTranslation();
  const { serverClock } = useServices();
  const { clients, centre } = useSession();
  const { dayLong } = usePlanFormat();
  const effectOf = (effect: number | null): string =>
    effect === null ? t("plan.special.learnt") : t("plan.special.times", { n: effect });
  return (
    <EntityPage
      nested
      kind="special_day"
      routes={api.planSpecialDays}
      edit="plan.edit"
      icon={IconCalendarStar}
      words={{
        title: t("plan.special.title"),
        description: t("plan.special.description"),
        create: t("plan.special.create"),
        emptyTitle: t("plan.special.empty_title"),
        emptyText: t("plan.special.empty_text"),
      }}
      nameOf={({ name }) => name}
      columns={[
        { label: t("plan.special.kind"), render: ({ kind }) => t(`plan.special.kinds.${kind}`) },
        {
          label: t("plan.forecast.days"),
          render: ({ firstDay, lastDay }) =>
            firstDay === lastDay ? dayLong(firstDay) : `${dayLong(firstDay)} – ${dayLong(lastDay)}`,
        },
        { label: t("plan.special.effect"), end: true, render: ({ effect }) => effectOf(effect) },
      ]}
      blank={() => {
        const today = dayKey(serverClock.now(), centre.timeZone);
        return {
          clientId: clients[0]?.id ?? "",
          name: "",
          kind: "campaign",
          queueIds: [],
          firstDay: today,
          lastDay: today,
          effect: null,
          fromTime: null,
          toTime: null,
        } satisfies SpecialDayDraft as SpecialDayDraft;
      }}
      toDraft={({ id: _, revision: _r, archived: _a, ...draft }) => draft}
      fields={(form) => {
        const values = form.getValues();
        return (
          <>
            <TextInput
              label={t("fields.name")}
              description={t("plan.special.name_hint")}
              required
              maxLength={120}
              {...form.getInputProps("name")}
            />
            <Select
              label={t("plan.special.kind")}
              data={SPECIAL_DAY_KINDS.map((kind) => ({
                value: kind,
                label: t(`plan.special.kinds.${kind}`),
              }))}
              {...form.getInputProps("kind")}
              onChange={(kind) => {
                form.setFieldValue("kind", (kind ?? "other") as SpecialDayDraft["kind"]);
                if (kind === "closed") form.setFieldValue("effect", 0);
              }}
            />
            <ClientSelect {...form.getInputProps("clientId")} />
            <EntityMultiSelect
              label={t("plan.forecast.queues")}
              description={t("plan.special.queues_hint")}
              kind="queue"
              routes={api.queues}
              keep={(queue: { clientId: string }) => queue.clientId === values.clientId}
              {...form.getInputProps("queueIds")}
            />
            <Group grow>
              <TextInput type="date" label={t("fields.from")} required {...form.getInputProps("firstDay")} />
              <TextInput type="date" label={t("fields.to")} required {...form.getInputProps("lastDay")} />
            </Group>
            <Switch
              label={t("plan.special.learn")}
              description={t("plan.special.learn_hint")}
              checked={values.effect === null}
              onChange={(event) => form.setFieldValue("effect", event.currentTarget.checked ? null : 1)}
            />
            {values.effect !== null && (
              <NumberInput
                label={t("plan.special.effect")}
                description={t("plan.special.effect_hint")}
                min={0}
                max={20}
                step={0.1}
                decimalScale={2}
                {...form.getInputProps("effect")}
              />
            )}
            <Group grow>
              <TextInput
                type="time"
                label={t("plan.special.from_time")}
                value={values.fromTime ?? ""}
                error={form.errors.fromTime}
                onChange={(event) => form.setFieldValue("fromTime", event.currentTarget.value || null)}
              />
              <TextInput
                type="time"
                label={t("plan.special.to_time")}
                value={values.toTime ?? ""}
                error={form.errors.toTime}
                onChange={(event) => form.setFieldValue("toTime", event.currentTarget.value || null)}
              />
            </Group>
          </>
        );
      }}
    />
  );
}
