import {
  Group,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { api, type Trunk } from "@svara/contracts";
import { IconRouteAltLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Pill } from "../../../kit/agent-state.tsx";
import { useServices } from "../../../services.ts";
import { EntityPage } from "../entity/entity-page.tsx";
import { FormSection } from "../entity/fields.tsx";
import { IncomingNumberFields, TrunkMore } from "./trunk-more.tsx";
import { blankOutbound, type TrunkDraft, withTransport } from "./trunk-outbound.ts";

/** The links to carriers. */
export function TrunksPage() {
  const { t } = useTranslation();
  return (
    <EntityPage
      wide
      kind="trunk"
      routes={api.trunks}
      edit="telephony.edit"
      icon={IconRouteAltLeft}
      words={{
        title: t("office.trunks"),
        description: t("trunks.description"),
        create: t("trunks.create"),
        emptyTitle: t("trunks.empty_title"),
        emptyText: t("trunks.empty_text"),
      }}
      nameOf={(trunk) => trunk.name}
      columns={[
        { label: t("trunks.inbound"), render: (trunk) => t(`trunks.inbound_${trunk.inbound.kind}`) },
        {
          label: t("trunks.outbound"),
          render: (trunk) =>
            trunk.outbound === null ? "–" : `${trunk.outbound.host}:${trunk.outbound.port}`,
        },
        { label: t("fields.state"), render: (trunk) => <TrunkState trunk={trunk} /> },
        { label: t("trunks.max_calls"), end: true, render: (trunk) => trunk.maxCalls },
      ]}
      blank={() => ({
        name: "",
        inbound: { kind: "address" as const, addresses: [] as string[] },
        outbound: null,
        maxCalls: 30,
        country: null,
        incomingNumbers: "national" as const,
      })}
      toDraft={({ name, inbound, outbound, maxCalls, country, incomingNumbers }) => ({
        name,
        inbound,
        outbound,
        maxCalls,
        country,
        incomingNumbers,
      })}
      fields={(form, trunk) => <TrunkFields form={form} trunk={trunk} />}
    />
  );
}

function TrunkState({ trunk }: { readonly trunk: Trunk }) {
  const { t } = useTranslation();
  const { client } = useServices();
  const status = useQuery({
    queryKey: ["trunks", "status", trunk.id],
    queryFn: () => client.call(api.trunks.status, { params: { id: trunk.id } }),
    refetchInterval: 10_000,
    retry: false,
  });
  const data = status.data;
  if (!data) return <>–</>;
  if (data.registration === "failed" || data.reachable === false) {
    return <Pill tone="trouble">{data.detail ?? t("trunks.unreachable")}</Pill>;
  }
  if (data.registration === "registering") return <Pill tone="ringing">{t("trunks.registering")}</Pill>;
  if (data.reachable === null && data.registration === "none")
    return <Pill tone="away">{t("trunks.unknown")}</Pill>;
  return <Pill tone="available">{t("trunks.calls", { count: data.calls })}</Pill>;
}

function TrunkFields(props: {
  readonly form: UseFormReturnType<TrunkDraft>;
  readonly trunk: Trunk | undefined;
}) {
  const { t } = useTranslation();
  const { form, trunk } = props;
  const { inbound, outbound } = form.getValues();
  return (
    <>
      <TextInput label={t("fields.name")} required {...form.getInputProps("name")} />
      <NumberInput
        label={t("trunks.max_calls")}
        description={t("trunks.max_calls_hint")}
        min={1}
        max={10_000}
        maw={240}
        {...form.getInputProps("maxCalls")}
      />
      <FormSection title={t("trunks.inbound")}>
        <Text size="xs" c="dimmed">
          {t("trunks.inbound_hint")}
        </Text>
        <SegmentedControl
          aria-label={t("trunks.inbound")}
          value={inbound.kind}
          onChange={(kind) =>
            form.setFieldValue(
              "inbound",
              kind === "address"
                ? { kind, addresses: [] }
                : kind === "digest"
                  ? { kind, username: "" }
                  : { kind: "none" },
            )
          }
          data={(["address", "digest", "none"] as const).map((kind) => ({
            value: kind,
            label: t(`trunks.inbound_${kind}`),
          }))}
        />
        {inbound.kind === "address" && (
          <TagsInput
            label={t("trunks.addresses")}
            description={t("trunks.addresses_hint")}
            value={inbound.addresses}
            onChange={(addresses) => form.setFieldValue("inbound", { kind: "address", addresses })}
            error={firstError(form.errors, "inbound.addresses")}
          />
        )}
        {inbound.kind === "digest" && (
          <Group grow align="flex-start">
            <TextInput label={t("sign_in.username")} required {...form.getInputProps("inbound.username")} />
            <SecretInput
              stored={trunk?.inboundPasswordSet ?? false}
              value={form.getValues().inboundPassword}
              error={form.errors.inboundPassword}
              onChange={(password) => form.setFieldValue("inboundPassword", password)}
            />
          </Group>
        )}
        {inbound.kind !== "none" && <IncomingNumberFields form={form} />}
      </FormSection>
      <FormSection title={t("trunks.outbound")}>
        <Switch
          label={t("trunks.outbound_use")}
          checked={outbound !== null}
          onChange={(event) =>
            form.setFieldValue("outbound", event.currentTarget.checked ? blankOutbound() : null)
          }
        />
        {outbound && (
          <Stack gap="sm">
            <Group grow align="flex-start">
              <TextInput label={t("trunks.host")} required {...form.getInputProps("outbound.host")} />
              <NumberInput
                label={t("trunks.port")}
                description={t("trunks.port_hint")}
                min={0}
                max={65_535}
                {...form.getInputProps("outbound.port")}
              />
            </Group>
            <SegmentedControl
              aria-label={t("trunks.transport")}
              data={[
                { value: "udp", label: "UDP" },
                { value: "tcp", label: "TCP" },
                { value: "tls", label: "TLS" },
              ]}
              value={outbound.transport}
              onChange={(transport) => form.setFieldValue("outbound", withTransport(outbound, transport))}
            />
            <Group grow align="flex-start">
              <TextInput
                label={t("sign_in.username")}
                description={t("trunks.username_hint")}
                value={outbound.username ?? ""}
                error={form.errors["outbound.username"]}
                onChange={(event) =>
                  form.setFieldValue("outbound.username", event.currentTarget.value || null)
                }
              />
              <SecretInput
                stored={trunk?.outboundPasswordSet ?? false}
                value={form.getValues().outboundPassword}
                error={form.errors.outboundPassword}
                onChange={(password) => form.setFieldValue("outboundPassword", password)}
              />
            </Group>
            <TextInput
              label={t("trunks.caller_id")}
              description={t("trunks.caller_id_hint")}
              value={outbound.callerId ?? ""}
              error={form.errors["outbound.callerId"]}
              onChange={(event) => form.setFieldValue("outbound.callerId", event.currentTarget.value || null)}
            />
            <Switch
              label={t("trunks.register")}
              description={t("trunks.register_hint")}
              {...form.getInputProps("outbound.register", { type: "checkbox" })}
            />
            <TrunkMore form={form} outbound={outbound} />
          </Stack>
        )}
      </FormSection>
    </>
  );
}

/** A password that is stored is never shown; left empty it stays. */
function SecretInput(props: {
  readonly stored: boolean;
  readonly value: string | null | undefined;
  readonly error: React.ReactNode;
  readonly onChange: (value: string | undefined) => void;
}) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      label={t("sign_in.password")}
      description={props.stored ? t("trunks.password_kept") : t("trunks.password_hint")}
      autoComplete="new-password"
      value={props.value ?? ""}
      error={props.error}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
    />
  );
}

function firstError(errors: Record<string, React.ReactNode>, field: string): React.ReactNode {
  return errors[field] ?? Object.entries(errors).find(([key]) => key.startsWith(`${field}.`))?.[1];
}
