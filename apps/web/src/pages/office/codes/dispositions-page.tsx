import { NumberInput, TextInput } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconTags } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../../services.ts";
import { dispositionName } from "../../desk/dispositions.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import { ClientSelect, EntityMultiSelect, useChoices } from "../entity/fields.tsx";
import { codeOf } from "./code-of.ts";

/** How contacts ended, as agents code it. */
export function DispositionsPage() {
  const { t } = useTranslation();
  const { clients } = useSession();
  const queues = useChoices("queue", api.queues);
  return (
    <EntityPage
      kind="disposition"
      routes={api.dispositions}
      edit="queues.edit"
      icon={IconTags}
      words={{
        title: t("office.dispositions"),
        description: t("dispositions.description"),
        create: t("dispositions.create"),
        emptyTitle: t("dispositions.empty_title"),
        emptyText: t("dispositions.empty_text"),
      }}
      nameOf={(disposition) => dispositionName(disposition, t)}
      columns={[
        ...(clients.length > 1
          ? [
              {
                label: t("fields.client"),
                render: (each: { clientId: string }) =>
                  clients.find((client) => client.id === each.clientId)?.name ?? "–",
              },
            ]
          : []),
        {
          label: t("office.queues"),
          render: (each: { queueIds: string[] }) =>
            each.queueIds.length === 0
              ? t("common.all")
              : each.queueIds
                  .map((id) => queues.find((queue) => queue.value === id)?.label ?? "…")
                  .join(", "),
        },
        { label: t("codes.position"), end: true, render: (each: { position: number }) => each.position },
      ]}
      blank={() => ({
        clientId: clients[0]?.id ?? "",
        code: "",
        name: "" as string | null,
        queueIds: [] as string[],
        position: 100,
      })}
      toDraft={({ clientId, code, name, queueIds, position }) => ({
        clientId,
        code,
        name,
        queueIds,
        position,
      })}
      fields={(form, disposition) => (
        <>
          <TextInput
            label={t("fields.name")}
            description={disposition?.name === null ? t("codes.shipped_name") : undefined}
            placeholder={disposition && dispositionName(disposition, t)}
            required={disposition?.name !== null}
            error={form.errors.name ?? form.errors.code}
            value={form.getValues().name ?? ""}
            onChange={(event) => {
              const name = event.currentTarget.value;
              form.setFieldValue("name", name === "" && disposition?.name === null ? null : name);
              if (!disposition) form.setFieldValue("code", codeOf(name));
            }}
          />
          <ClientSelect {...form.getInputProps("clientId")} />
          <EntityMultiSelect
            kind="queue"
            routes={api.queues}
            label={t("office.queues")}
            description={t("dispositions.queues_hint")}
            {...form.getInputProps("queueIds")}
          />
          <NumberInput
            label={t("codes.position")}
            description={t("codes.position_hint")}
            min={0}
            max={1000}
            {...form.getInputProps("position")}
          />
        </>
      )}
    />
  );
}
