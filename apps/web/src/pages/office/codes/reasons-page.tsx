import { NumberInput, Switch, TextInput } from "@mantine/core";
import { api } from "@svara/contracts";
import { IconClockPause } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { reasonName } from "../../desk/reasons.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import { codeOf } from "./code-of.ts";

/** Why an agent is not ready. */
export function ReasonsPage() {
  const { t } = useTranslation();
  const yes = (value: boolean): string => (value ? t("common.yes") : t("common.no"));
  return (
    <EntityPage
      kind="not_ready_reason"
      routes={api.reasons}
      edit="organisation.edit"
      icon={IconClockPause}
      words={{
        title: t("office.reasons"),
        description: t("reasons.description"),
        create: t("reasons.create"),
        emptyTitle: t("reasons.empty_title"),
        emptyText: t("reasons.empty_text"),
      }}
      nameOf={(reason) => reasonName(reason, t)}
      columns={[
        { label: t("reasons.paid"), render: (reason) => yes(reason.paid) },
        { label: t("reasons.productive"), render: (reason) => yes(reason.productive) },
        { label: t("codes.position"), end: true, render: (reason) => reason.position },
      ]}
      blank={() => ({ code: "", name: "" as string | null, paid: true, productive: false, position: 100 })}
      toDraft={({ code, name, paid, productive, position }) => ({ code, name, paid, productive, position })}
      fields={(form, reason) => (
        <>
          <TextInput
            label={t("fields.name")}
            description={reason?.name === null ? t("codes.shipped_name") : undefined}
            placeholder={reason && reasonName(reason, t)}
            required={reason?.name !== null}
            error={form.errors.name ?? form.errors.code}
            value={form.getValues().name ?? ""}
            onChange={(event) => {
              const name = event.currentTarget.value;
              form.setFieldValue("name", name === "" && reason?.name === null ? null : name);
              if (!reason) form.setFieldValue("code", codeOf(name));
            }}
          />
          <Switch
            label={t("reasons.paid")}
            description={t("reasons.paid_hint")}
            {...form.getInputProps("paid", { type: "checkbox" })}
          />
          <Switch
            label={t("reasons.productive")}
            description={t("reasons.productive_hint")}
            {...form.getInputProps("productive", { type: "checkbox" })}
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
