import { ActionIcon, Button, Group, TextInput, Title, Tooltip } from "@mantine/core";
import { api, type DeskContact } from "@svara/contracts";
import { IconPencil } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../api/notify.tsx";
import { useMay } from "../../api/rights.ts";
import { useServices } from "../../services.ts";
import { contactTitle } from "./contact-title.ts";

/** The customer's name, corrected in place: the person on the line has just spelt it. */
export function CustomerName({ contact }: { readonly contact: DeskContact }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const may = useMay("customers.edit");
  const [draft, setDraft] = useState<string>();
  const customerId = contact.customer?.id;
  const rename = useMutation({
    mutationFn: async (name: string) => {
      if (!customerId) return;
      const { company, language, type, segment, value, notes, identifiers } = await client.call(
        api.customers.get,
        { params: { id: customerId } },
      );
      const body = {
        name: name.trim() || null,
        company,
        language,
        type,
        segment,
        value,
        notes,
        identifiers,
      };
      await client.call(api.customers.replace, { params: { id: customerId }, body });
    },
    onSuccess: async () => {
      setDraft(undefined);
      notifyDone(t("desk.name_saved"));
      await queries.invalidateQueries({ queryKey: ["customers"] });
    },
  });
  if (draft !== undefined) {
    return (
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate(draft);
        }}
      >
        <Group gap="xs">
          <TextInput
            aria-label={t("fields.customer_name")}
            value={draft}
            autoFocus
            maxLength={120}
            onChange={(event) => setDraft(event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Escape" && setDraft(undefined)}
            style={{ flex: 1 }}
          />
          <Button type="submit" loading={rename.isPending}>
            {t("common.save")}
          </Button>
          <Button variant="default" onClick={() => setDraft(undefined)}>
            {t("common.cancel")}
          </Button>
        </Group>
      </form>
    );
  }
  return (
    <Group gap={6} wrap="nowrap" style={{ minWidth: 0 }}>
      <Title order={2} style={{ fontSize: "1.5rem" }} lineClamp={1} data-testid="customer-name">
        {contactTitle(contact, t)}
      </Title>
      {may && customerId !== undefined && (
        <Tooltip label={t("desk.edit_name")}>
          <ActionIcon aria-label={t("desk.edit_name")} onClick={() => setDraft(contact.customer?.name ?? "")}>
            <IconPencil size={17} />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}
