import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import type { DeskContact, DirectoryEntry, TransferTargetChoice } from "@svara/contracts";
import { IconAlertTriangle, IconArrowRight, IconSearch, IconUserQuestion } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { dialString, formatPhone } from "../../format/phone-number.ts";
import { DIRECTORY_KEY, DirectoryList } from "./directory-list.tsx";
import type { DeskCommands } from "./use-desk-commands.ts";
import { useTransferKeys } from "./use-transfer-keys.ts";

/** Whom to give the call to, and how: at once, or after asking. */
export function TransferDialog(props: {
  readonly contact: DeskContact;
  readonly commands: DeskCommands;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { contact, commands, onClose } = props;
  const [search, setSearch] = useState("");
  const [picked, setPicked] = useState<DirectoryEntry>();
  const [problem, setProblem] = useState<string>();
  const queries = useQueryClient();
  const typedNumber = /^[+\d][\d\s().\-/]{1,}$/.test(search.trim()) ? dialString(search) : undefined;
  const target = targetOf(picked, typedNumber);
  const name = picked?.name ?? (typedNumber === undefined ? undefined : formatPhone(typedNumber));

  async function act(how: "transfer" | "consult"): Promise<void> {
    if (!target) return;
    const refusal = await commands[how](contact, target);
    if (refusal === undefined) return onClose();
    setProblem(refusal);
    void queries.invalidateQueries({ queryKey: DIRECTORY_KEY });
  }

  function pick(entry: DirectoryEntry | undefined): void {
    setPicked(entry);
    setProblem(undefined);
  }
  useTransferKeys({ blind: () => void act("transfer"), consult: () => void act("consult") });

  return (
    <Modal opened onClose={onClose} title={t("desk.transfer_title")} size="lg">
      <Stack gap="md">
        <TextInput
          data-autofocus
          aria-label={t("desk.transfer_search")}
          placeholder={t("desk.transfer_search")}
          leftSection={<IconSearch size={17} />}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            pick(undefined);
          }}
        />
        <div style={{ minHeight: 280 }}>
          <DirectoryList search={search} selected={picked?.id} onPick={pick} />
        </div>
        {problem !== undefined && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert">
            {problem}
          </Alert>
        )}
        <Group justify="space-between" wrap="wrap">
          <Text size="sm" c="dimmed" style={{ flex: "1 1 10rem" }} aria-live="polite">
            {name === undefined ? t("desk.transfer_pick") : t("desk.transfer_to", { name })}
          </Text>
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={<IconUserQuestion size={17} />}
              disabled={!target || target.kind === "queue"}
              loading={commands.busy("consult")}
              onClick={() => void act("consult")}
              data-testid="consult"
            >
              {t("desk.transfer_consult")}
            </Button>
            <Button
              rightSection={<IconArrowRight size={17} />}
              disabled={!target}
              loading={commands.busy("transfer")}
              onClick={() => void act("transfer")}
              data-testid="transfer-blind"
            >
              {t("desk.transfer_blind")}
            </Button>
          </Group>
        </Group>
        <Text size="xs" c="dimmed">
          {t("desk.transfer_hint")}
        </Text>
      </Stack>
    </Modal>
  );
}

function targetOf(
  picked: DirectoryEntry | undefined,
  number: string | undefined,
): TransferTargetChoice | undefined {
  switch (picked?.kind) {
    case "agent":
      return { kind: "agent", agentId: picked.id };
    case "queue":
      return { kind: "queue", queueId: picked.id };
    case "number":
      return { kind: "number", number: picked.number };
    case "entry_point":
      return { kind: "entry_point", entryPointId: picked.id };
    case undefined:
      return number === undefined ? undefined : { kind: "number", number };
  }
}
