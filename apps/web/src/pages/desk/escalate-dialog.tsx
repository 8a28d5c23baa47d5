import {
  Alert,
  Button,
  Group,
  Modal,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { api, type DeskContact } from "@svara/contracts";
import { IconAlertTriangle, IconStairsUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useServices } from "../../services.ts";
import { DIRECTORY_KEY } from "./directory-list.tsx";
import type { DeskCommands } from "./use-desk-commands.ts";

const TIERS = ["1", "2", "3", "4"] as const;
type TierKey = (typeof TIERS)[number];
const CODE = /^[a-z][a-z0-9_-]{0,39}$/;

/** Which line of support is to have the contact, in which queue, and what it should know. */
export function EscalateDialog(props: {
  readonly contact: DeskContact;
  readonly commands: DeskCommands;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { client } = useServices();
  const { contact, commands, onClose } = props;
  const [problem, setProblem] = useState<string>();
  const queues = useQuery({
    queryKey: [...DIRECTORY_KEY, ""],
    queryFn: () => client.call(api.desk.directory, { query: {} }),
    select: ({ items }) => items.filter((entry) => entry.kind === "queue"),
  });
  const form = useForm({
    initialValues: {
      tier: "2" as TierKey,
      queueId: null as string | null,
      reason: "",
      notes: contact.notes ?? "",
    },
    validate: {
      reason: (value) => (value.trim() === "" || CODE.test(value.trim()) ? null : t("escalate.reason_wrong")),
    },
  });

  async function submit({ tier, queueId, reason, notes }: typeof form.values): Promise<void> {
    const refusal = await commands.escalate(contact, {
      tier: Number(tier) as 1 | 2 | 3 | 4,
      ...(queueId === null ? {} : { queueId }),
      ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
      ...(notes === (contact.notes ?? "") ? {} : { notes }),
    });
    if (refusal === undefined) onClose();
    else setProblem(refusal);
  }
  return (
    <Modal opened onClose={onClose} title={t("escalate.title")} size="lg">
      <form onSubmit={form.onSubmit((values) => void submit(values))}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t("escalate.text")}
          </Text>
          <div>
            <Text size="sm" fw={560} mb={4} id="escalate-tier">
              {t("escalate.tier")}
            </Text>
            <SegmentedControl
              fullWidth
              aria-labelledby="escalate-tier"
              data={TIERS.map((tier) => ({ value: tier, label: t(`tier.n${tier}`) }))}
              {...form.getInputProps("tier")}
            />
          </div>
          <Select
            label={t("escalate.queue")}
            placeholder={contact.queue?.name ?? t("escalate.same_queue")}
            clearable
            searchable
            data={(queues.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps("queueId")}
          />
          <Textarea
            label={t("escalate.notes")}
            minRows={3}
            maxLength={20_000}
            {...form.getInputProps("notes")}
          />
          <TextInput
            label={t("escalate.reason")}
            description={t("escalate.reason_hint")}
            {...form.getInputProps("reason")}
          />
          {problem !== undefined && (
            <Alert color="red" icon={<IconAlertTriangle />} role="alert">
              {problem}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button
              type="submit"
              leftSection={<IconStairsUp size={17} aria-hidden="true" />}
              loading={commands.busy("escalate")}
              data-testid="escalate-submit"
            >
              {t("escalate.submit")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
