import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import type { DeskContact, DirectoryEntry, TransferTargetChoice } from "@svara/contracts";
import {
  IconAlertTriangle,
  IconArrowRight,
  IconSearch,
  IconUserPlus,
  IconUserQuestion,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { dialString, formatPhone } from "../../format/phone-number.ts";
import { DIRECTORY_KEY, DirectoryList } from "./directory-list.tsx";
import type { DeskCommands } from "./use-desk-commands.ts";
import { useTransferKeys } from "./use-transfer-keys.ts";

const EVERYBODY = ["agent", "queue", "entry_point", "number"] as const;
const PEOPLE = ["agent", "number"] as const;

/** Whom to give the call to, and how: at once, or after asking. Or whom to call into it. */
export function TransferDialog(props: {
  readonly contact: DeskContact;
  readonly commands: DeskCommands;
  readonly purpose: "transfer" | "add";
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { contact, commands, purpose, onClose } = props;
  const adding = purpose === "add";
  const [search, setSearch] = useState("");
  const [picked, setPicked] = useState<DirectoryEntry>();
  const [problem, setProblem] = useState<string>();
  const queries = useQueryClient();
  const typedNumber = /^[+\d][\d\s().\-/]{1,}$/.test(search.trim()) ? dialString(search) : undefined;
  const target = targetOf(picked, typedNumber);
  const name = picked?.name ?? (typedNumber === undefined ? undefined : formatPhone(typedNumber));

  async function act(how: "transfer" | "consult" | "add"): Promise<void> {
    if (!target) return;
    const guest = target.kind === "agent" || target.kind === "number" ? target : undefined;
    if (how === "add" && !guest) return;
    const refusal =
      how === "add"
        ? guest && (await commands.addToConference(contact, guest))
        : await commands[how](contact, target);
    if (refusal === undefined) return onClose();
    setProblem(refusal);
    void queries.invalidateQueries({ queryKey: DIRECTORY_KEY });
  }

  function pick(entry: DirectoryEntry | undefined): void {
    setPicked(entry);
    setProblem(undefined);
  }
  useTransferKeys({
    blind: () => void act(adding ? "add" : "transfer"),
    consult: () => void act(adding ? "add" : "consult"),
  });

  return (
    <Modal
      opened
      onClose={onClose}
      title={adding ? t("conference.add_title") : t("desk.transfer_title")}
      size="lg"
    >
      <Stack gap="md">
        <TextInput
          data-autofocus
          aria-label={adding ? t("conference.search") : t("desk.transfer_search")}
          placeholder={adding ? t("conference.search") : t("desk.transfer_search")}
          leftSection={<IconSearch size={17} />}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            pick(undefined);
          }}
        />
        <div style={{ minHeight: 280 }}>
          <DirectoryList
            search={search}
            selected={picked?.id}
            onPick={pick}
            kinds={adding ? PEOPLE : EVERYBODY}
          />
        </div>
        {problem !== undefined && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert">
            {problem}
          </Alert>
        )}
        <Group justify="space-between" wrap="wrap">
          <Text size="sm" c="dimmed" style={{ flex: "1 1 10rem" }} aria-live="polite">
            {name === undefined
              ? t(adding ? "conference.pick" : "desk.transfer_pick")
              : t(adding ? "conference.picked" : "desk.transfer_to", { name })}
          </Text>
          {adding ? (
            <Button
              leftSection={<IconUserPlus size={17} />}
              disabled={!target}
              loading={commands.busy("addToConference")}
              onClick={() => void act("add")}
              data-testid="conference-add"
            >
              {t("conference.call_in")}
            </Button>
          ) : (
            <Group gap="xs">
              <Button
                variant="default"
                leftSection={<IconUserQuestion size={17} />}
                disabled={!target || target.kind === "queue" || target.kind === "entry_point"}
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
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {adding ? t("conference.add_hint") : t("desk.transfer_hint")}
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
