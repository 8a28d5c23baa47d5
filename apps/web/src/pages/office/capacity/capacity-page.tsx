import {
  ActionIcon,
  Group,
  MultiSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api } from "@svara/contracts";
import { IconStack2, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../../api/rights.ts";
import { useEntities } from "../entity/crud.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import { AddRow, FormSection } from "../entity/fields.tsx";
import {
  blankProfile,
  type CapacityDraft,
  MEDIA,
  type Medium,
  MOST,
  withInterrupts,
  withSlots,
} from "./capacity-draft.ts";
import { capacitySentence } from "./capacity-words.ts";

/** What agents may have in hand at once. */
export function CapacityPage() {
  const { t, i18n } = useTranslation();
  const users = useEntities("user", api.users, { enabled: useMay("users.view") });
  return (
    <EntityPage
      wide
      kind="capacity_profile"
      routes={api.capacityProfiles}
      edit="organisation.edit"
      icon={IconStack2}
      words={{
        title: t("office.capacity"),
        description: t("capacity.description"),
        create: t("capacity.create"),
        emptyTitle: t("capacity.empty_title"),
        emptyText: t("capacity.empty_text"),
      }}
      nameOf={(profile) => profile.name}
      columns={[
        { label: t("capacity.allows"), render: (profile) => capacitySentence(profile, i18n) },
        {
          label: t("capacity.agents"),
          end: true,
          render: (profile) =>
            users.data?.filter(({ agent }) => agent?.capacityProfileId === profile.id).length ?? "–",
        },
      ]}
      blank={blankProfile}
      toDraft={({ name, slots, apart, interrupts }) => ({ name, slots, apart, interrupts })}
      fields={(form) => <CapacityFields form={form} />}
    />
  );
}

function CapacityFields({ form }: { readonly form: UseFormReturnType<CapacityDraft> }) {
  const { t, i18n } = useTranslation();
  const draft = form.getValues();
  const held = MEDIA.filter((medium) => (draft.slots[medium] ?? 0) > 0);
  const choices = held.map((medium) => ({ value: medium, label: t(`medium.${medium}`) }));
  const apart = draft.apart ?? [];
  const setApart = (next: Medium[][]): void => form.setFieldValue("apart", next);
  return (
    <>
      <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
      <Text size="sm" p="sm" className="sv-surface" role="status" aria-label={t("capacity.allows")}>
        {capacitySentence(draft, i18n)}
      </Text>
      <FormSection title={t("capacity.slots")}>
        <Text size="xs" c="dimmed">
          {t("capacity.slots_hint")}
        </Text>
        <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
          {MEDIA.map((medium) => (
            <NumberInput
              key={medium}
              label={t(`medium.${medium}`)}
              min={0}
              max={MOST[medium]}
              allowDecimal={false}
              value={draft.slots[medium] ?? 0}
              error={form.errors[`slots.${medium}`]}
              onChange={(count) =>
                form.setValues(withSlots(draft, medium, typeof count === "number" ? count : 0))
              }
            />
          ))}
        </SimpleGrid>
        {form.errors.slots !== undefined && (
          <Text size="sm" c="red">
            {form.errors.slots}
          </Text>
        )}
      </FormSection>
      <FormSection title={t("capacity.apart")}>
        <Text size="xs" c="dimmed">
          {t("capacity.apart_hint")}
        </Text>
        {apart.map((set, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sets have no identity of their own
          <Group key={index} wrap="nowrap" align="flex-start" gap="xs">
            <MultiSelect
              style={{ flex: 1 }}
              aria-label={t("capacity.apart_set", { number: index + 1 })}
              data={choices}
              value={set}
              error={form.errors[`apart.${index}`]}
              onChange={(next) =>
                setApart(apart.map((other, at) => (at === index ? (next as Medium[]) : other)))
              }
            />
            <ActionIcon
              mt={5}
              aria-label={`${t("common.remove")}: ${t("capacity.apart_set", { number: index + 1 })}`}
              onClick={() => setApart(apart.filter((_, at) => at !== index))}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        {held.length > 1 && (
          <AddRow label={t("capacity.add_apart")} onClick={() => setApart([...apart, held.slice(0, 2)])} />
        )}
      </FormSection>
      <FormSection title={t("capacity.interrupts")}>
        <Text size="xs" c="dimmed">
          {t("capacity.interrupts_hint")}
        </Text>
        {held.length < 2 && (
          <Text size="sm" c="dimmed">
            {t("capacity.interrupts_none")}
          </Text>
        )}
        <Stack gap="sm">
          {held.length > 1 &&
            held.map((by) => (
              <MultiSelect
                key={by}
                label={t("capacity.interrupts_by", { medium: t(`medium.${by}`) })}
                data={choices.filter(({ value }) => value !== by)}
                placeholder={
                  (draft.interrupts?.[by]?.length ?? 0) === 0 ? t("capacity.sets_nothing_aside") : ""
                }
                value={draft.interrupts?.[by] ?? []}
                error={form.errors[`interrupts.${by}`]}
                onChange={(aside) => form.setValues(withInterrupts(draft, by, aside as Medium[]))}
              />
            ))}
        </Stack>
      </FormSection>
    </>
  );
}
