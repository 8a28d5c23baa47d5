import { Stack } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconHash, IconPhoneIncoming } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatPhone } from "../../../format/phone-number.ts";
import { LANGUAGE_NAMES } from "../../../i18n/i18n.ts";
import { useSession } from "../../../services.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import { useChoices } from "../entity/fields.tsx";
import { type EntryPointDraft, EntryPointFieldset } from "./entry-point-fieldset.tsx";
import { NumberFields } from "./number-fields.tsx";

/** What a number leads to, and the numbers that do. */
export function EntryPointsPage() {
  const { t } = useTranslation();
  const { clients } = useSession();
  const entryPoints = useChoices("entry_point", api.entryPoints);
  const agents = useChoices("user", api.users, (user: { agent: unknown }) => user.agent !== null);
  const queues = useChoices("queue", api.queues);
  return (
    <Stack gap="xl">
      <EntityPage
        wide
        kind="entry_point"
        routes={api.entryPoints}
        edit="entry_points.edit"
        icon={IconPhoneIncoming}
        words={{
          title: t("entry_points.title"),
          description: t("entry_points.description"),
          create: t("entry_points.create"),
          emptyTitle: t("entry_points.empty_title"),
          emptyText: t("entry_points.empty_text"),
        }}
        nameOf={(entryPoint) => entryPoint.name}
        columns={[
          { label: t("fields.language"), render: (entryPoint) => LANGUAGE_NAMES[entryPoint.form.language] },
          {
            label: t("fields.queue"),
            render: (entryPoint) =>
              queues.find((queue) => queue.value === entryPoint.form.queueId)?.label ?? "–",
          },
          { label: t("entry_points.version"), end: true, render: (entryPoint) => entryPoint.version },
        ]}
        blank={(): EntryPointDraft => ({
          clientId: clients[0]?.id ?? "",
          name: "",
          form: {
            language: clients[0]?.language ?? "en",
            greeting: "default",
            recordingNotice: true,
            queueId: "",
            music: "default",
            announcePosition: true,
            announceEstimatedWait: true,
            announceEverySec: 45,
            closedThen: { kind: "hangup" },
          },
        })}
        toDraft={({ clientId, name, form }) => ({ clientId, name, form })}
        fields={(form) => <EntryPointFieldset form={form} />}
      />
      <EntityPage
        nested
        kind="number"
        routes={api.numbers}
        edit="entry_points.edit"
        icon={IconHash}
        words={{
          title: t("numbers.title"),
          description: t("numbers.description"),
          create: t("numbers.create"),
          emptyTitle: t("numbers.empty_title"),
          emptyText: t("numbers.empty_text"),
        }}
        nameOf={(number) => formatPhone(number.number)}
        columns={[
          { label: t("numbers.label"), render: (number) => number.label || "–" },
          {
            label: t("numbers.target"),
            render: ({ target }) =>
              (target.kind === "entry_point"
                ? entryPoints.find((each) => each.value === target.entryPointId)?.label
                : agents.find((each) => each.value === target.agentId)?.label) ?? "…",
          },
        ]}
        blank={() => ({
          clientId: clients[0]?.id ?? "",
          number: "",
          label: "",
          target: { kind: "entry_point" as const, entryPointId: "" },
          outbound: true,
        })}
        toDraft={({ clientId, number, label, target, outbound }) => ({
          clientId,
          number,
          label,
          target,
          outbound,
        })}
        fields={(form) => <NumberFields form={form} />}
      />
    </Stack>
  );
}
