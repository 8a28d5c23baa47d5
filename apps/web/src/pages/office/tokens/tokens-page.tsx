import { Button, Group, Modal, MultiSelect, Skeleton, Stack, Table, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { modals } from "@mantine/modals";
import { api, type Permission, type Scope } from "@svara/contracts";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { notifyDone } from "../../../api/notify.tsx";
import { fieldProblems, problemText } from "../../../api/problem-text.ts";
import { formatMoment } from "../../../format/moment.ts";
import { CopyField } from "../../../kit/copy-field.tsx";
import { Empty } from "../../../kit/empty.tsx";
import { PageHeader } from "../../../kit/page-header.tsx";
import { useServices, useSession } from "../../../services.ts";
import { permissionKey } from "../roles/permission-key.ts";
import { ScopeSelect } from "../users/grant-fields.tsx";

/** Keys with which other programs use the API. */
export function TokensPage() {
  const { t, i18n } = useTranslation();
  const { client, serverClock } = useServices();
  const queries = useQueryClient();
  const [creating, setCreating] = useState(false);
  const list = useQuery({ queryKey: ["tokens"], queryFn: () => client.call(api.tokens.list, {}) });
  const remove = useMutation({
    mutationFn: (id: string) => client.call(api.tokens.remove, { params: { id } }),
    onSuccess: async () => {
      notifyDone(t("tokens.removed"));
      await queries.invalidateQueries({ queryKey: ["tokens"] });
    },
  });
  const items = list.data?.items ?? [];
  const create = (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setCreating(true)}>
      {t("tokens.create")}
    </Button>
  );
  const when = (at: number | null, otherwise: string): string =>
    at === null ? otherwise : formatMoment(at, serverClock.now(), i18n.language);
  return (
    <Stack gap="md">
      <PageHeader
        title={t("office.tokens")}
        description={t("tokens.description")}
        actions={items.length > 0 && create}
      />
      {list.isPending && <Skeleton height={160} radius="lg" />}
      {list.isSuccess && items.length === 0 && (
        <div className="sv-surface">
          <Empty
            icon={IconKey}
            title={t("tokens.empty_title")}
            text={t("tokens.empty_text")}
            action={create}
          />
        </div>
      )}
      {items.length > 0 && (
        <div className="sv-surface" style={{ overflowX: "auto" }}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("fields.name")}</Table.Th>
                <Table.Th>{t("tokens.created_by")}</Table.Th>
                <Table.Th>{t("tokens.last_used")}</Table.Th>
                <Table.Th>{t("tokens.expires")}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((token) => (
                <Table.Tr key={token.id}>
                  <Table.Td fw={600}>{token.name}</Table.Td>
                  <Table.Td>{token.createdBy}</Table.Td>
                  <Table.Td className="sv-num">{when(token.lastUsedAt, t("tokens.never"))}</Table.Td>
                  <Table.Td className="sv-num">{when(token.expiresAt, t("tokens.no_end"))}</Table.Td>
                  <Table.Td ta="right">
                    <Button
                      size="xs"
                      variant="subtle"
                      color="red"
                      onClick={() =>
                        modals.openConfirmModal({
                          title: t("tokens.remove_title", { name: token.name }),
                          children: <Text size="sm">{t("tokens.remove_text")}</Text>,
                          labels: { confirm: t("tokens.remove"), cancel: t("common.cancel") },
                          confirmProps: { color: "red" },
                          onConfirm: () => remove.mutate(token.id),
                        })
                      }
                    >
                      {t("tokens.remove")}
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {creating && <TokenDialog onClose={() => setCreating(false)} />}
    </Stack>
  );
}

function TokenDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const session = useSession();
  const queries = useQueryClient();
  const [token, setToken] = useState<string>();
  const form = useForm({
    initialValues: {
      name: "",
      permissions: [] as Permission[],
      scope: { kind: "centre" } as Scope,
      expires: "",
    },
  });
  const create = useMutation({
    mutationFn: ({ expires, ...values }: typeof form.values) =>
      client.call(api.tokens.create, {
        body: { ...values, expiresAt: expires === "" ? null : Date.parse(`${expires}T23:59:59Z`) },
      }),
    onSuccess: async (created) => {
      setToken(created.token);
      await queries.invalidateQueries({ queryKey: ["tokens"] });
    },
    onError: (error) => form.setErrors({ name: problemText(error, i18n), ...fieldProblems(error, i18n) }),
    meta: { handlesErrors: true },
  });
  if (token !== undefined) {
    return (
      <Modal opened onClose={onClose} title={t("tokens.told_title")} closeOnClickOutside={false}>
        <Stack>
          <Text size="sm">{t("tokens.told_text")}</Text>
          <CopyField label={t("tokens.token")} value={token} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{t("common.close")}</Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title={t("tokens.create")} size="lg">
      <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
        <Stack>
          <TextInput
            label={t("fields.name")}
            description={t("tokens.name_hint")}
            required
            {...form.getInputProps("name")}
          />
          <MultiSelect
            label={t("roles.permissions")}
            description={t("tokens.permissions_hint")}
            required
            searchable
            hidePickedOptions
            data={session.permissions.map(({ permission }) => ({
              value: permission,
              label: t(`permission.${permissionKey(permission)}`),
            }))}
            {...form.getInputProps("permissions")}
          />
          <div>
            <Text size="sm" fw={500} mb={2}>
              {t("scope.label")}
            </Text>
            <ScopeSelect
              scope={form.getValues().scope}
              onChange={(scope) => form.setFieldValue("scope", scope)}
            />
          </div>
          <TextInput type="date" label={t("tokens.expires")} {...form.getInputProps("expires")} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button type="submit" loading={create.isPending}>
              {t("common.create")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
