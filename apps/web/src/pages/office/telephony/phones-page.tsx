import { Button, Group, Modal, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { type AnswerOf, api, SRTP_POLICIES } from "@svara/contracts";
import { IconDeviceLandlinePhone, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Pill } from "../../../kit/agent-state.tsx";
import { CopyField } from "../../../kit/copy-field.tsx";
import { useServices } from "../../../services.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import { EntitySelect, useChoices } from "../entity/fields.tsx";

type Created = AnswerOf<typeof api.phones.create>;

/** SIP phones that stand on desks. Their passwords are told once. */
export function PhonesPage() {
  const { t } = useTranslation();
  const { client } = useServices();
  const agents = useChoices("user", api.users, (user: { agent: unknown }) => user.agent !== null);
  const [told, setTold] = useState<Created>();
  const renew = useMutation({
    mutationFn: (id: string) => client.call(api.phones.renewPassword, { params: { id } }),
    onSuccess: setTold,
  });
  return (
    <>
      <EntityPage
        kind="phone"
        routes={api.phones}
        edit="telephony.edit"
        icon={IconDeviceLandlinePhone}
        words={{
          title: t("office.phones"),
          description: t("phones.description"),
          create: t("phones.create"),
          emptyTitle: t("phones.empty_title"),
          emptyText: t("phones.empty_text"),
        }}
        nameOf={(phone) => phone.name}
        columns={[
          { label: t("phones.username"), render: (phone) => phone.username },
          {
            label: t("fields.agent"),
            render: (phone) =>
              agents.find((agent) => agent.value === phone.agentId)?.label ?? t("phones.any_agent"),
          },
          { label: t("fields.state"), render: (phone) => <PhoneState id={phone.id} /> },
        ]}
        blank={() => ({
          name: "",
          username: "",
          agentId: null,
          siteId: null,
          maxDevices: 2,
          srtp: null,
        })}
        toDraft={({ name, username, agentId, siteId, maxDevices, srtp }) => ({
          name,
          username,
          agentId,
          siteId,
          maxDevices,
          srtp,
        })}
        onSaved={(saved, created) => created && "password" in saved && setTold(saved as Created)}
        fields={(form) => (
          <>
            <TextInput
              label={t("fields.name")}
              description={t("phones.name_hint")}
              required
              {...form.getInputProps("name")}
            />
            <TextInput
              label={t("phones.username")}
              description={t("phones.username_hint")}
              required
              autoCapitalize="none"
              {...form.getInputProps("username")}
            />
            <EntitySelect
              kind="user"
              routes={api.users}
              keep={(user: { agent: unknown }) => user.agent !== null}
              label={t("fields.agent")}
              placeholder={t("phones.any_agent")}
              clearable
              {...form.getInputProps("agentId")}
            />
            <EntitySelect
              kind="site"
              routes={api.sites}
              label={t("fields.site")}
              clearable
              {...form.getInputProps("siteId")}
            />
            <NumberInput
              label={t("phones.max_devices")}
              description={t("phones.max_devices_hint")}
              min={1}
              max={5}
              maw={240}
              {...form.getInputProps("maxDevices")}
            />
            <Select
              label={t("trunks.srtp")}
              description={t("phones.srtp_hint")}
              placeholder={t("phones.srtp_as_phone")}
              clearable
              data={SRTP_POLICIES.map((value) => ({ value, label: t(`trunks.srtp_${value}`) }))}
              {...form.getInputProps("srtp")}
            />
          </>
        )}
        extra={(phone) => (
          <Stack gap="xs">
            <Text size="sm" c="dimmed">
              {t("phones.renew_hint")}
            </Text>
            <Group>
              <Button
                variant="default"
                leftSection={<IconRefresh size={16} />}
                loading={renew.isPending}
                onClick={() => renew.mutate(phone.id)}
              >
                {t("phones.renew")}
              </Button>
            </Group>
          </Stack>
        )}
      />
      {told && <PhonePassword phone={told} onClose={() => setTold(undefined)} />}
    </>
  );
}

function PhonePassword({ phone, onClose }: { readonly phone: Created; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("phones.told_title", { name: phone.name })}
      closeOnClickOutside={false}
    >
      <Stack gap="md">
        <Text size="sm">{t("phones.told_text")}</Text>
        <CopyField label={t("phones.server")} value={phone.realm} />
        <CopyField label={t("sign_in.username")} value={phone.username} />
        <CopyField label={t("sign_in.password")} value={phone.password} />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("phones.told_done")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function PhoneState({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const status = useQuery({
    queryKey: ["phones", "status", id],
    queryFn: () => client.call(api.phones.status, { params: { id } }),
    refetchInterval: 10_000,
    retry: false,
  });
  if (!status.data) return <>–</>;
  return status.data.registered ? (
    <Pill tone="available">{t("phones.registered")}</Pill>
  ) : (
    <Pill tone="away">{t("phones.not_registered")}</Pill>
  );
}
