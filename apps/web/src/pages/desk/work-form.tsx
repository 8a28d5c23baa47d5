import { Button, Group, Select, Stack, Text, Textarea, Tooltip } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import type { DeskContact } from "@svara/contracts";
import { IconCheck, IconCloudCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { dispositionName, dispositionsFor, useDispositions } from "./dispositions.ts";
import type { DeskCommands } from "./use-desk-commands.ts";

const SAVE_AFTER_MS = 700;

/** Notes and outcome. What is typed saves itself; Finish ends the wrap-up. */
export function WorkForm({
  contact,
  commands,
}: {
  readonly contact: DeskContact;
  readonly commands: DeskCommands;
}) {
  const { t } = useTranslation();
  const all = useDispositions();
  const [notes, setNotes] = useState(contact.notes ?? "");
  const [dispositionId, setDispositionId] = useState<string | null>(contact.dispositionId ?? null);
  const [saved, setSaved] = useState(true);
  const queueId = contact.queue?.id;
  const choices = dispositionsFor(all, { clientId: contact.clientId, queueId });
  const wrapping = contact.state === "wrap_up";
  const forced = contact.wrapUp?.forced === true;
  const missing = (contact.dispositionRequired ?? false) && dispositionId === null;

  const saveNotes = useDebouncedCallback(
    async (text: string) => setSaved(await commands.saveWork(contact, { notes: text })),
    { delay: SAVE_AFTER_MS, flushOnUnmount: true },
  );
  async function finish(): Promise<void> {
    saveNotes.cancel();
    const ok = saved || (await commands.saveWork(contact, { notes, dispositionId }));
    if (ok) commands.finishWrapUp(contact);
  }

  return (
    <Stack gap="sm">
      <Select
        label={t("fields.disposition")}
        placeholder={t("desk.choose_disposition")}
        data={choices.map((each) => ({ value: each.id, label: dispositionName(each, t) }))}
        value={dispositionId}
        onChange={(value) => {
          setDispositionId(value);
          void commands.saveWork(contact, { dispositionId: value });
        }}
        clearable
        searchable={choices.length > 8}
        nothingFoundMessage={t("common.nothing_found")}
        error={wrapping && missing ? t("desk.disposition_required") : undefined}
        data-testid="disposition"
      />
      <Textarea
        label={t("fields.notes")}
        placeholder={t("desk.notes_placeholder")}
        minRows={4}
        maxRows={12}
        maxLength={20_000}
        value={notes}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setNotes(text);
          setSaved(false);
          saveNotes(text);
        }}
        data-testid="notes"
      />
      <Group justify="space-between" mih={36}>
        <Group gap={6} aria-live="polite">
          {saved && notes !== "" && (
            <>
              <IconCloudCheck size={16} color="var(--mantine-color-dimmed)" aria-hidden="true" />
              <Text size="xs" c="dimmed">
                {t("desk.notes_saved")}
              </Text>
            </>
          )}
        </Group>
        {wrapping && (
          <Tooltip label={forced ? t("desk.wrap_up_forced_finish") : "Alt+Enter"} multiline maw={280}>
            <Button
              leftSection={<IconCheck size={17} />}
              disabled={missing}
              data-disabled={forced || undefined}
              aria-disabled={forced || undefined}
              loading={commands.busy("finishWrapUp")}
              onClick={() => !forced && void finish()}
              data-testid="finish"
              id="desk-finish"
            >
              {t("desk.finish")}
            </Button>
          </Tooltip>
        )}
      </Group>
    </Stack>
  );
}
