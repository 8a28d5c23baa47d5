import { Group, Stack, Table, Text } from "@mantine/core";
import type { ContactSummary } from "@svara/contracts";
import { IconArrowDownLeft, IconArrowsLeftRight, IconArrowUpRight, IconWaveSine } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { formatSpan } from "../../format/duration.ts";
import { formatMoment } from "../../format/moment.ts";
import { formatPhone } from "../../format/phone-number.ts";
import { Pill } from "../../kit/agent-state.tsx";
import { PhoneLink } from "../../kit/phone-link.tsx";
import { useServices } from "../../services.ts";
import { dispositionName, useDispositions } from "../desk/dispositions.ts";
import { outcomeName, outcomeTone } from "./outcome.ts";

const DIRECTION_ICONS = {
  inbound: IconArrowDownLeft,
  outbound: IconArrowUpRight,
  internal: IconArrowsLeftRight,
} as const;

/** Contacts as rows; on phones as short entries. The whole row leads to the contact. */
export function ContactTable({ items }: { readonly items: readonly ContactSummary[] }) {
  const { t } = useTranslation();
  return (
    <>
      <Table visibleFrom="md" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("fields.customer")}</Table.Th>
            <Table.Th>{t("fields.outcome")}</Table.Th>
            <Table.Th>{t("fields.queue")}</Table.Th>
            <Table.Th>{t("fields.agent")}</Table.Th>
            <Table.Th>{t("fields.disposition")}</Table.Th>
            <Table.Th ta="right">{t("fields.wait")}</Table.Th>
            <Table.Th ta="right">{t("fields.talk")}</Table.Th>
            <Table.Th ta="right">{t("fields.started")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </Table.Tbody>
      </Table>
      <Stack hiddenFrom="md" gap={0}>
        {items.map((item) => (
          <Entry key={item.id} item={item} />
        ))}
      </Stack>
    </>
  );
}

function Row({ item }: { readonly item: ContactSummary }) {
  const { t, i18n } = useTranslation();
  const { serverClock } = useServices();
  const [, go] = useLocation();
  const dispositions = useDispositions();
  const disposition = dispositions.find((each) => each.id === item.dispositionId);
  const span = (ms: number | null): string => (ms === null ? "–" : formatSpan(ms, i18n.language));
  const href = `/contacts/${item.id}`;
  return (
    <Table.Tr className="sv-rowlink" onClick={() => go(href)}>
      <Table.Td maw={260}>
        <Who item={item} href={href} />
      </Table.Td>
      <Table.Td>
        <Pill tone={outcomeTone(item.outcome)}>{outcomeName(item.outcome, t)}</Pill>
      </Table.Td>
      <Table.Td>{item.queue?.name ?? "–"}</Table.Td>
      <Table.Td>{item.agent?.name ?? "–"}</Table.Td>
      <Table.Td>{disposition ? dispositionName(disposition, t) : "–"}</Table.Td>
      <Table.Td ta="right" className="sv-num">
        {span(item.waitMs)}
      </Table.Td>
      <Table.Td ta="right" className="sv-num">
        <Group gap={6} justify="flex-end" wrap="nowrap">
          {item.hasRecording && <IconWaveSine size={15} aria-label={t("contact.recording")} />}
          {span(item.talkMs)}
        </Group>
      </Table.Td>
      <Table.Td ta="right" className="sv-num" style={{ whiteSpace: "nowrap" }}>
        {formatMoment(item.startedAt, serverClock.now(), i18n.language)}
      </Table.Td>
    </Table.Tr>
  );
}

function Who({ item, href }: { readonly item: ContactSummary; readonly href: string }) {
  const { t } = useTranslation();
  const Icon = DIRECTION_ICONS[item.direction];
  const number = item.remoteNumber === null ? t("desk.withheld") : formatPhone(item.remoteNumber);
  return (
    <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
      <Icon
        size={17}
        aria-label={t(`direction.${item.direction}`)}
        style={{ flex: "none", color: "var(--mantine-color-dimmed)" }}
      />
      <div style={{ minWidth: 0 }}>
        <Text
          component={Link}
          href={href}
          size="sm"
          fw={600}
          truncate
          display="block"
          style={{ color: "inherit", textDecoration: "none" }}
          onClick={(event: React.MouseEvent) => event.stopPropagation()}
        >
          {item.customer?.name ?? number}
        </Text>
        <Text size="xs" c="dimmed" truncate className="sv-num">
          #{item.shortNumber}
          {item.remoteNumber !== null && (
            <>
              {" · "}
              <PhoneLink number={item.remoteNumber} />
            </>
          )}
          {item.remoteNumber === null && item.customer?.name ? ` · ${number}` : ""}
        </Text>
      </div>
    </Group>
  );
}

function Entry({ item }: { readonly item: ContactSummary }) {
  const { t, i18n } = useTranslation();
  const { serverClock } = useServices();
  return (
    <Stack gap={6} p="sm" style={{ borderBottom: "1px solid var(--sv-line)" }}>
      <Group justify="space-between" wrap="nowrap">
        <Who item={item} href={`/contacts/${item.id}`} />
        <Text size="xs" c="dimmed" className="sv-num" style={{ whiteSpace: "nowrap" }}>
          {formatMoment(item.startedAt, serverClock.now(), i18n.language)}
        </Text>
      </Group>
      <Group justify="space-between" wrap="nowrap">
        <Pill tone={outcomeTone(item.outcome)}>{outcomeName(item.outcome, t)}</Pill>
        <Text size="xs" c="dimmed" truncate>
          {[item.queue?.name, item.agent?.name].filter(Boolean).join(" · ")}
        </Text>
      </Group>
    </Stack>
  );
}
