import { Textarea, TextInput } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconStars } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { EntityPage } from "../entity/entity-page.tsx";

/** What agents can do; queues ask for it. */
export function SkillsPage() {
  const { t } = useTranslation();
  return (
    <EntityPage
      kind="skill"
      routes={api.skills}
      edit="organisation.edit"
      icon={IconStars}
      words={{
        title: t("office.skills"),
        description: t("skills.description"),
        create: t("skills.create"),
        emptyTitle: t("skills.empty_title"),
        emptyText: t("skills.empty_text"),
      }}
      nameOf={(skill) => skill.name}
      columns={[{ label: t("fields.description"), render: (skill) => skill.description || "–" }]}
      blank={() => ({ name: "", description: "" })}
      toDraft={({ name, description }) => ({ name, description })}
      fields={(form) => (
        <>
          <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
          <Textarea
            label={t("fields.description")}
            description={t("skills.description_hint")}
            {...form.getInputProps("description")}
          />
        </>
      )}
    />
  );
}
