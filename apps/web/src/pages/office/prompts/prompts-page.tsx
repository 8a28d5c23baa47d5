import { Button, Select, Stack, TextInput } from "@mantine/core";
import { api, LANGUAGES } from "@svara/contracts";
import { IconMusic, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../../../api/rights.ts";
import { formatClock } from "../../../format/duration.ts";
import { formatBytes } from "../../../format/figures.ts";
import { LANGUAGE_NAMES } from "../../../i18n/i18n.ts";
import { useServices } from "../../../services.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import { PlayButton, usePlayer } from "./play-button.tsx";
import { PromptDialog } from "./prompt-dialog.tsx";
import { promptRoutes } from "./prompt-routes.ts";
import { ShippedPrompts } from "./shipped-prompts.tsx";

/** What callers hear: announcements and music, uploaded or recorded here, and those that come with Svara. */
export function PromptsPage() {
  const { t, i18n } = useTranslation();
  const mayEdit = useMay("entry_points.edit");
  const [creating, setCreating] = useState(false);
  const player = usePlayer();
  const { client } = useServices();
  return (
    <Stack gap="md">
      <EntityPage
        kind="prompt"
        routes={promptRoutes}
        edit="entry_points.edit"
        icon={IconMusic}
        words={{
          title: t("office.prompts"),
          description: t("prompts.description"),
          create: t("prompts.create"),
          emptyTitle: t("prompts.empty_title"),
          emptyText: t("prompts.empty_text"),
        }}
        createAction={
          mayEdit && (
            <Button leftSection={<IconPlus size={17} />} onClick={() => setCreating(true)}>
              {t("prompts.create")}
            </Button>
          )
        }
        nameOf={(prompt) => prompt.name}
        columns={[
          {
            label: t("prompts.listen"),
            render: (prompt) => (
              <PlayButton
                id={prompt.id}
                name={prompt.name}
                src={client.url(api.prompts.audio, { params: { id: prompt.id } })}
                player={player}
              />
            ),
          },
          { label: t("prompts.kind"), render: (prompt) => t(`prompts.${prompt.kind}`) },
          {
            label: t("fields.language"),
            render: (prompt) => (prompt.language === null ? "–" : LANGUAGE_NAMES[prompt.language]),
          },
          { label: t("prompts.source"), render: (prompt) => t(`prompts.source_${prompt.source}`) },
          { label: t("prompts.length"), end: true, render: (prompt) => formatClock(prompt.durationMs) },
          {
            label: t("prompts.size"),
            end: true,
            render: (prompt) => formatBytes(prompt.bytes, i18n.language),
          },
        ]}
        blank={() => ({ clientId: null, name: "", kind: "announcement" as const, language: null })}
        toDraft={({ clientId, name, kind, language }) => ({ clientId, name, kind, language })}
        fields={(form) => (
          <>
            <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
            <Select
              label={t("prompts.kind")}
              data={[
                { value: "announcement", label: t("prompts.announcement") },
                { value: "music", label: t("prompts.music") },
              ]}
              {...form.getInputProps("kind")}
            />
            <Select
              label={t("fields.language")}
              clearable
              data={LANGUAGES.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] }))}
              {...form.getInputProps("language")}
            />
          </>
        )}
      />
      <ShippedPrompts player={player} />
      {creating && <PromptDialog onClose={() => setCreating(false)} />}
    </Stack>
  );
}
