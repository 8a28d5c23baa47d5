import { Alert, Button, Group, Modal, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { api, type DeskState, type Diversions } from "@svara/contracts";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../api/notify.tsx";
import { useServices } from "../../services.ts";
import { DIVERSIONS, type DiversionDraft, diversionsOf, draftOf } from "./diversion-draft.ts";
import type { DeskCommands } from "./use-desk-commands.ts";

type Drafts = Readonly<Record<keyof Diversions, DiversionDraft>>;

/** Do not disturb, and where one's direct calls go instead. */
export function CallingDialog(props: {
  readonly calling: DeskState["calling"];
  readonly commands: DeskCommands;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { calling, commands, onClose } = props;
  const [doNotDisturb, setDoNotDisturb] = useState(calling.doNotDisturb);
  const [drafts, setDrafts] = useState<Drafts>(() => ({
    always: draftOf(calling.diversions.always),
    busy: draftOf(calling.diversions.busy),
    no_answer: draftOf(calling.diversions.no_answer),
    unreachable: draftOf(calling.diversions.unreachable),
  }));
  const [problem, setProblem] = useState<string>();
  const complete = diversionsOf(drafts);

  async function save(): Promise<void> {
    if ("missing" in complete) {
      setProblem(t("calling.target_missing", { when: t(`calling.when_${complete.missing}`) }));
      return;
    }
    const before = { doNotDisturb: calling.doNotDisturb, diversions: calling.diversions };
    const refusal = await commands.setCalling({ doNotDisturb, diversions: complete.diversions });
    if (refusal !== undefined) return setProblem(refusal);
    notifyDone(t("common.saved"), {
      label: t("common.undo"),
      run: () => void commands.setCalling(before),
    });
    onClose();
  }
  return (
    <Modal opened onClose={onClose} title={t("calling.title")} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack gap="lg">
          <Switch
            data-autofocus
            label={t("calling.do_not_disturb")}
            description={t("calling.do_not_disturb_hint")}
            checked={doNotDisturb}
            onChange={(event) => setDoNotDisturb(event.currentTarget.checked)}
            data-testid="do-not-disturb"
          />
          <Stack gap="sm">
            <div>
              <Text fw={600}>{t("calling.diversions")}</Text>
              <Text size="sm" c="dimmed">
                {t("calling.diversions_hint")}
              </Text>
            </div>
            {DIVERSIONS.map((when) => (
              <DiversionFields
                key={when}
                label={t(`calling.when_${when}`)}
                draft={drafts[when]}
                mayOutside={calling.mayDivertOutside}
                onChange={(draft) => {
                  setProblem(undefined);
                  setDrafts({ ...drafts, [when]: draft });
                }}
              />
            ))}
            {!calling.mayDivertOutside && (
              <Text size="xs" c="dimmed">
                {t("calling.outside_not_allowed")}
              </Text>
            )}
          </Stack>
          {problem !== undefined && (
            <Alert color="red" icon={<IconAlertTriangle />} role="alert">
              {problem}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button type="submit" loading={commands.busy("setCalling")} data-testid="save-calling">
              {t("common.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const KINDS = ["none", "agent", "queue", "number"] as const;

function DiversionFields(props: {
  readonly label: string;
  readonly draft: DiversionDraft;
  readonly mayOutside: boolean;
  readonly onChange: (draft: DiversionDraft) => void;
}) {
  const { t } = useTranslation();
  const { label, draft, mayOutside, onChange } = props;
  const choices = useTargets();
  return (
    <Group gap="xs" align="flex-end" wrap="wrap">
      <Select
        label={label}
        style={{ flex: "1 1 12rem" }}
        allowDeselect={false}
        data={KINDS.filter((kind) => kind !== "number" || mayOutside || draft.kind === "number").map(
          (kind) => ({ value: kind, label: t(`calling.to_${kind}`) }),
        )}
        value={draft.kind}
        onChange={(kind) => kind && onChange({ ...draft, kind: kind as DiversionDraft["kind"] })}
      />
      {draft.kind === "agent" && (
        <Select
          aria-label={t("calling.to_agent")}
          placeholder={t("office.choose")}
          style={{ flex: "1 1 12rem" }}
          searchable
          data={choices.agents}
          value={draft.agentId}
          onChange={(agentId) => onChange({ ...draft, agentId })}
        />
      )}
      {draft.kind === "queue" && (
        <Select
          aria-label={t("calling.to_queue")}
          placeholder={t("office.choose")}
          style={{ flex: "1 1 12rem" }}
          searchable
          data={choices.queues}
          value={draft.queueId}
          onChange={(queueId) => onChange({ ...draft, queueId })}
        />
      )}
      {draft.kind === "number" && (
        <TextInput
          aria-label={t("fields.number")}
          placeholder="+46 70 123 45 67"
          inputMode="tel"
          style={{ flex: "1 1 12rem" }}
          value={draft.number}
          onChange={(event) => onChange({ ...draft, number: event.currentTarget.value })}
        />
      )}
    </Group>
  );
}

/** Colleagues and queues as the desk's own directory has them: agents may not read the office. */
function useTargets() {
  const { client } = useServices();
  const directory = useQuery({
    queryKey: ["desk", "directory", "for-diversions"],
    queryFn: () => client.call(api.desk.directory, {}),
  });
  const items = directory.data?.items ?? [];
  const of = (kind: "agent" | "queue") =>
    items.filter((entry) => entry.kind === kind).map(({ id, name }) => ({ value: id, label: name }));
  return { agents: of("agent"), queues: of("queue") };
}
