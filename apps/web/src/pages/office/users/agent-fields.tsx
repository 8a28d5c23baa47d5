import { Group, Stack, Switch, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { EntitySelect, SkillLevels } from "../entity/fields.tsx";
import { TierChoice } from "../entity/tier-choice.tsx";
import type { UserDraft } from "./users-page.tsx";

/** Whether the person takes contacts, where they sit and what they can do. */
export function AgentFields({ form }: { readonly form: UseFormReturnType<UserDraft> }) {
  const { t } = useTranslation();
  const { agent } = form.getValues();
  return (
    <Stack gap="md">
      <Switch
        label={t("users.takes_contacts")}
        description={t("users.takes_contacts_hint")}
        checked={agent !== null}
        onChange={(event) =>
          form.setFieldValue(
            "agent",
            event.currentTarget.checked
              ? {
                  teamId: null,
                  siteId: null,
                  extension: null,
                  skills: [],
                  tiers: [1],
                  capacityProfileId: null,
                  autoAnswer: false,
                }
              : null,
          )
        }
      />
      {agent && (
        <>
          <Group grow align="flex-start">
            <EntitySelect
              kind="team"
              routes={api.teams}
              label={t("fields.team")}
              clearable
              {...form.getInputProps("agent.teamId")}
            />
            <EntitySelect
              kind="site"
              routes={api.sites}
              label={t("fields.site")}
              clearable
              {...form.getInputProps("agent.siteId")}
            />
          </Group>
          <TextInput
            label={t("fields.extension")}
            description={t("users.extension_hint")}
            inputMode="numeric"
            maw={220}
            value={agent.extension ?? ""}
            error={form.errors["agent.extension"]}
            onChange={(event) => form.setFieldValue("agent.extension", event.currentTarget.value || null)}
          />
          <SkillLevels
            label={t("office.skills")}
            description={t("users.skills_hint")}
            levelKey="level"
            value={agent.skills}
            onChange={(skills) => form.setFieldValue("agent.skills", skills)}
          />
          <TierChoice
            label={t("users.tiers")}
            description={t("users.tiers_hint")}
            value={agent.tiers ?? [1]}
            error={form.errors["agent.tiers"]}
            onChange={(tiers) => form.setFieldValue("agent.tiers", tiers)}
          />
          <EntitySelect
            kind="capacity_profile"
            routes={api.capacityProfiles}
            label={t("users.capacity")}
            description={t("users.capacity_hint")}
            placeholder={t("users.capacity_none")}
            clearable
            {...form.getInputProps("agent.capacityProfileId")}
          />
          <Switch
            label={t("users.auto_answer")}
            description={t("users.auto_answer_hint")}
            {...form.getInputProps("agent.autoAnswer", { type: "checkbox" })}
          />
        </>
      )}
    </Stack>
  );
}
