import { SegmentedControl, Stack, Switch, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import type { DraftOf } from "../entity/crud.ts";
import { ClientSelect, EntitySelect } from "../entity/fields.tsx";

/** A number and where it leads. */
export function NumberFields({ form }: { readonly form: UseFormReturnType<DraftOf<typeof api.numbers>> }) {
  const { t } = useTranslation();
  const { target } = form.getValues();
  return (
    <>
      <TextInput
        label={t("fields.number")}
        description={t("numbers.number_hint")}
        required
        inputMode="tel"
        {...form.getInputProps("number")}
        onChange={(event) =>
          form.setFieldValue("number", event.currentTarget.value.replace(/[\s()./-]/g, ""))
        }
      />
      <TextInput
        label={t("numbers.label")}
        description={t("numbers.label_hint")}
        {...form.getInputProps("label")}
      />
      <ClientSelect {...form.getInputProps("clientId")} />
      <Stack gap="xs">
        <SegmentedControl
          aria-label={t("numbers.target")}
          value={target.kind}
          onChange={(kind) =>
            form.setFieldValue(
              "target",
              kind === "agent" ? { kind: "agent", agentId: "" } : { kind: "entry_point", entryPointId: "" },
            )
          }
          data={[
            { value: "entry_point", label: t("fields.entry_point") },
            { value: "agent", label: t("fields.agent") },
          ]}
        />
        {target.kind === "entry_point" ? (
          <EntitySelect
            kind="entry_point"
            routes={api.entryPoints}
            label={t("numbers.target")}
            required
            {...form.getInputProps("target.entryPointId")}
          />
        ) : (
          <EntitySelect
            kind="user"
            routes={api.users}
            keep={(user: { agent: unknown }) => user.agent !== null}
            label={t("numbers.target")}
            required
            {...form.getInputProps("target.agentId")}
          />
        )}
      </Stack>
      {form.getValues().number.startsWith("+") && (
        <Switch
          label={t("numbers.outbound")}
          description={t(target.kind === "agent" ? "numbers.outbound_own_hint" : "numbers.outbound_hint")}
          {...form.getInputProps("outbound", { type: "checkbox" })}
        />
      )}
    </>
  );
}
