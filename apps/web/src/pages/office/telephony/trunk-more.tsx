import {
  Collapse,
  Group,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  Textarea,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { INCOMING_NUMBERS, NUMBER_FORMATS, SRTP_POLICIES } from "@svara/contracts";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { allCountryOptions } from "../../../kit/all-country-options.ts";
import { type OutboundDraft, readPeer, type TrunkDraft } from "./trunk-outbound.ts";

interface FieldsProps {
  readonly form: UseFormReturnType<TrunkDraft>;
  readonly outbound: OutboundDraft;
}

/** How numbers are written, which calls the trunk gets, and how the carrier is spoken with; most trunks need none of it. */
export function TrunkMore({ form, outbound }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Folded title={t("trunks.more_numbers")} summary={t(`trunks.format_${outbound.format ?? "e164_plus"}`)}>
        <NumberFields form={form} outbound={outbound} />
      </Folded>
      <Folded
        title={t("trunks.more_calls")}
        summary={t(outbound.countries ? "trunks.some_countries" : "trunks.all_countries")}
      >
        <CallFields form={form} outbound={outbound} />
      </Folded>
      <Folded
        title={t("trunks.more_connection")}
        summary={t("trunks.doors", { count: 1 + (outbound.morePeers?.length ?? 0) })}
      >
        <ConnectionFields form={form} outbound={outbound} />
      </Folded>
    </Stack>
  );
}

function NumberFields({ form, outbound }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Select
        label={t("trunks.format")}
        description={t("trunks.format_hint")}
        allowDeselect={false}
        data={NUMBER_FORMATS.map((value) => ({ value, label: t(`trunks.format_${value}`) }))}
        {...form.getInputProps("outbound.format")}
      />
      <TextInput
        label={t("trunks.prefix")}
        description={t("trunks.prefix_hint")}
        maw={240}
        {...form.getInputProps("outbound.prefix")}
      />
      <Select
        label={t("trunks.policy")}
        description={t("trunks.policy_hint")}
        allowDeselect={false}
        data={(["own", "trunk"] as const).map((value) => ({ value, label: t(`trunks.policy_${value}`) }))}
        value={outbound.callerIdPolicy ?? "own"}
        onChange={(policy) =>
          form.setFieldValue("outbound.callerIdPolicy", (policy ?? "own") as "own" | "trunk")
        }
      />
    </>
  );
}

function CallFields({ form, outbound }: FieldsProps) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <NumberInput
        label={t("trunks.order")}
        description={t("trunks.order_hint")}
        min={1}
        max={99}
        {...form.getInputProps("outbound.order")}
      />
      <MultiSelect
        label={t("trunks.countries")}
        description={t("trunks.countries_hint")}
        placeholder={outbound.countries?.length ? undefined : t("trunks.all_countries")}
        searchable
        clearable
        hidePickedOptions
        data={allCountryOptions(i18n.language)}
        value={outbound.countries ?? []}
        onChange={(countries) =>
          form.setFieldValue("outbound.countries", countries.length > 0 ? countries : null)
        }
      />
      <Switch
        label={t("trunks.emergency")}
        description={t("trunks.emergency_hint")}
        {...form.getInputProps("outbound.emergency", { type: "checkbox" })}
      />
    </>
  );
}

function ConnectionFields({ form, outbound }: FieldsProps) {
  const { t } = useTranslation();
  const { tlsTrust = { kind: "system" as const }, morePeers = [] } = outbound;
  return (
    <>
      <TagsInput
        label={t("trunks.more_peers")}
        description={t("trunks.more_peers_hint")}
        placeholder="sip2.example.net:5060"
        value={morePeers.map(({ host, port }) => `${host}:${port}`)}
        onChange={(texts) =>
          form.setFieldValue(
            "outbound.morePeers",
            texts.flatMap((text) => readPeer(text) ?? []),
          )
        }
      />
      {outbound.transport === "tls" && (
        <>
          <div>
            <Text size="sm" fw={500} mb={4}>
              {t("trunks.srtp")}
            </Text>
            <SegmentedControl
              aria-label={t("trunks.srtp")}
              data={SRTP_POLICIES.map((value) => ({ value, label: t(`trunks.srtp_${value}`) }))}
              {...form.getInputProps("outbound.srtp")}
            />
          </div>
          <Select
            label={t("trunks.trust")}
            allowDeselect={false}
            data={(["system", "pinned", "unverified"] as const).map((value) => ({
              value,
              label: t(`trunks.trust_${value}`),
            }))}
            value={tlsTrust.kind}
            onChange={(kind) =>
              form.setFieldValue(
                "outbound.tlsTrust",
                kind === "pinned" ? { kind, ca: "" } : { kind: kind === "unverified" ? kind : "system" },
              )
            }
          />
          {tlsTrust.kind === "pinned" && (
            <Textarea
              label={t("trunks.certificate")}
              placeholder="-----BEGIN CERTIFICATE-----"
              autosize
              minRows={3}
              maxRows={8}
              className="sv-num"
              {...form.getInputProps("outbound.tlsTrust.ca")}
            />
          )}
        </>
      )}
      <NumberInput
        label={t("trunks.keep_alive")}
        description={t("trunks.keep_alive_hint")}
        min={0}
        max={3600}
        maw={240}
        {...form.getInputProps("outbound.keepAliveSec")}
      />
    </>
  );
}

/** How the numbers of calls in are read. */
export function IncomingNumberFields({ form }: { readonly form: UseFormReturnType<TrunkDraft> }) {
  const { t, i18n } = useTranslation();
  const { country, incomingNumbers = "national" } = form.getValues();
  return (
    <Group grow align="flex-start">
      <Select
        label={t("trunks.incoming_numbers")}
        description={t("trunks.incoming_numbers_hint")}
        allowDeselect={false}
        data={INCOMING_NUMBERS.map((value) => ({ value, label: t(`trunks.incoming_${value}`) }))}
        value={incomingNumbers}
        onChange={(value) =>
          form.setFieldValue("incomingNumbers", (value ?? "national") as typeof incomingNumbers)
        }
      />
      <Select
        label={t("fields.country")}
        description={t("trunks.country_hint")}
        placeholder={t("trunks.country_of_centre")}
        searchable
        clearable
        data={allCountryOptions(i18n.language)}
        value={country ?? null}
        onChange={(value) => form.setFieldValue("country", value)}
      />
    </Group>
  );
}

/** Opened on demand; what is in it is told in a few words. */
function Folded(props: { readonly title: string; readonly summary: string; readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <UnstyledButton onClick={() => setOpen(!open)} aria-expanded={open} w="100%" py={6}>
        <Group gap="xs" wrap="nowrap">
          {open ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}
          <Text size="sm" fw={560}>
            {props.title}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {props.summary}
          </Text>
        </Group>
      </UnstyledButton>
      <Collapse expanded={open}>
        <Stack gap="sm" pl="lg" pb="sm">
          {props.children}
        </Stack>
      </Collapse>
    </div>
  );
}
