import { Anchor, Group, Stack, Table, Text, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { formatSpan } from "../../format/duration.ts";
import { formatShare } from "../../format/figures.ts";
import classes from "./insight.module.css";
import { BAND_AIM, bandTone, errorWords, signedSpan, type WaitAccuracy } from "./wait-accuracy.ts";

const FILLS = {
  plain: "var(--sv-state-available)",
  warn: "var(--sv-state-ringing)",
  bad: "var(--sv-state-trouble)",
} as const;

/** A row for each queue and day, newest day first; on phones entries. */
export function WaitAccuracyTable({ items }: { readonly items: readonly WaitAccuracy[] }) {
  const rows = [...items].sort(
    (a, b) => b.date.localeCompare(a.date) || a.queueName.localeCompare(b.queueName),
  );
  return (
    <>
      <Wide rows={rows} />
      <Stack hiddenFrom="md" gap={0}>
        {rows.map((row) => (
          <Entry key={keyOf(row)} row={row} />
        ))}
      </Stack>
    </>
  );
}

function Wide({ rows }: { readonly rows: readonly WaitAccuracy[] }) {
  const { t, i18n } = useTranslation();
  const head = (label: string, hint?: string) => (
    <Table.Th ta="right">
      {hint === undefined ? (
        label
      ) : (
        <Tooltip label={hint} multiline maw={280}>
          <span>{label}</span>
        </Tooltip>
      )}
    </Table.Th>
  );
  return (
    <Table visibleFrom="md" highlightOnHover data-testid="wait-estimates">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("insight.day")}</Table.Th>
          <Table.Th>{t("fields.queue")}</Table.Th>
          {head(t("insight.predicted"))}
          {head(t("insight.unpredicted"), t("insight.unpredicted_hint"))}
          {head(t("insight.mean_error"), t("insight.mean_error_hint"))}
          {head(t("insight.absolute_error"), t("insight.absolute_error_hint"))}
          {head(t("insight.inside"), t("insight.inside_hint"))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={keyOf(row)}>
            <Table.Td className="sv-num">{dayName(row.date, i18n.language)}</Table.Td>
            <Table.Td>{row.queueName}</Table.Td>
            <Table.Td ta="right" className="sv-num">
              <Drill row={row}>{String(row.predicted)}</Drill>
            </Table.Td>
            <Table.Td ta="right" className="sv-num">
              {row.unpredicted}
            </Table.Td>
            <Table.Td ta="right" className="sv-num">
              {signedSpan(row.meanErrorMs, i18n.language)}
            </Table.Td>
            <Table.Td ta="right" className="sv-num">
              {row.meanAbsoluteErrorMs === null ? "–" : formatSpan(row.meanAbsoluteErrorMs, i18n.language)}
            </Table.Td>
            <Table.Td>
              <Inside share={row.insideBand} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Entry({ row }: { readonly row: WaitAccuracy }) {
  const { t, i18n } = useTranslation();
  return (
    <div className={classes.entry}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={560} truncate>
            {row.queueName}
          </Text>
          <Text size="xs" c="dimmed">
            {dayName(row.date, i18n.language)} · {errorWords(row.meanErrorMs, i18n)}
          </Text>
        </div>
        <Inside share={row.insideBand} />
      </Group>
      <Text size="xs" c="dimmed" mt={2}>
        {t("insight.predicted")}: <Drill row={row}>{String(row.predicted)}</Drill> ·{" "}
        {t("insight.unpredicted")}: {row.unpredicted}
      </Text>
    </div>
  );
}

/** The contacts that were answered in this queue on this day; those with a prediction are among them. */
function Drill({ row, children }: { readonly row: WaitAccuracy; readonly children: string }) {
  const { t } = useTranslation();
  return (
    <Anchor
      component={Link}
      href={`/contacts?queueId=${row.queueId}&metric=answered&from=${row.date}`}
      size="sm"
      aria-label={`${children}: ${t("insight.see_contacts", { day: row.date, queue: row.queueName })}`}
    >
      {children}
    </Anchor>
  );
}

function Inside({ share }: { readonly share: number | null }) {
  const { i18n } = useTranslation();
  const tone = bandTone(share);
  return (
    <div className={classes.inside}>
      <Text span size="sm" fw={600} className="sv-num" style={tone === "plain" ? {} : { color: FILLS[tone] }}>
        {formatShare(share, i18n.language)}
      </Text>
      <div className={classes.level} aria-hidden="true">
        <div className={classes.fill} style={{ width: `${(share ?? 0) * 100}%`, background: FILLS[tone] }} />
        <div className={classes.aim} style={{ left: `calc(${BAND_AIM * 100}% - 1px)` }} />
      </div>
    </div>
  );
}

function dayName(day: string, language: string): string {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
  }).format(Date.parse(`${day}T12:00:00Z`));
}

function keyOf({ queueId, date }: WaitAccuracy): string {
  return `${queueId}-${date}`;
}
