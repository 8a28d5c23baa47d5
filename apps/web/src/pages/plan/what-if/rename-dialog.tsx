import { Button, Group, Modal, TextInput } from "@mantine/core";
import { api } from "@svara/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useServices } from "../../../services.ts";

/** Gives a simulation another name. */
export function RenameDialog(props: {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const { id, onClose } = props;
  const { t } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const [name, setName] = useState(props.name);
  const rename = useMutation({
    mutationFn: () => client.call(api.planWhatIf.rename, { params: { id }, body: { name: name.trim() } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["plan", "what-if"] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t("plan.what_if.rename")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate();
        }}
      >
        <TextInput
          label={t("fields.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={120}
          required
          data-autofocus
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={rename.isPending} disabled={name.trim() === ""}>
            {t("common.save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
