import { Button, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api, type ContactDetail } from "@svara/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../api/notify.tsx";
import { useServices } from "../../services.ts";
import { dispositionName, dispositionsFor, useDispositions } from "../desk/dispositions.ts";

/** Notes and disposition; read-only for those who may not change them afterwards. */
export function ContactWork({ detail }: { readonly detail: ContactDetail }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const all = useDispositions();
  const current = all.find((each) => each.id === detail.dispositionId);
  const choices = dispositionsFor(all, { clientId: detail.clientId, queueId: detail.queue?.id });
  const form = useForm({ initialValues: { notes: detail.notes, dispositionId: detail.dispositionId } });
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      client.call(api.contacts.setWork, { params: { id: detail.id }, body: values }),
    onSuccess: async () => {
      form.resetDirty();
      notifyDone(t("common.saved"));
      await queries.invalidateQueries({ queryKey: ["contacts"] });
    },
  });
  if (!detail.may.edit) {
    return (
      <Stack gap="xs">
        <Text size="sm">
          <Text span className="sv-caption">
            {t("fields.disposition")}:{" "}
          </Text>
          {current ? dispositionName(current, t) : t("common.none")}
        </Text>
        <Text size="sm" style={{ whiteSpace: "pre-wrap" }} c={detail.notes === "" ? "dimmed" : undefined}>
          {detail.notes === "" ? t("contact.no_notes") : detail.notes}
        </Text>
      </Stack>
    );
  }
  const offered = current && !choices.includes(current) ? [current, ...choices] : choices;
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="sm">
        <Select
          label={t("fields.disposition")}
          placeholder={t("common.none")}
          clearable
          data={offered.map((each) => ({ value: each.id, label: dispositionName(each, t) }))}
          {...form.getInputProps("dispositionId")}
        />
        <Textarea label={t("fields.notes")} minRows={4} maxRows={14} {...form.getInputProps("notes")} />
        <Group justify="flex-end">
          <Button type="submit" disabled={!form.isDirty()} loading={save.isPending}>
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
