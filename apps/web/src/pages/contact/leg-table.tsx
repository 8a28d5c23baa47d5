import { Group, Stack, Text, Tooltip } from "@mantine/core";
import type { ContactDetail } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { formatSpan } from "../../format/duration.ts";
import { formatShare } from "../../format/figures.ts";
import { formatSecond } from "../../format/moment.ts";
import { LineQualityMark, qualityOf } from "../../kit/line-quality.tsx";

type Leg = ContactDetail["legs"][number];

/** The telephone paths of the contact: whose, how long, and how each sounded. */
export function LegTable({ legs }: { readonly legs: readonly Leg[] }) {
  return (
    <Stack gap={0} component="ul" style={{ listStyle: "none", margin: 0, padding: 0 }}>
      {legs.map((leg) => (
        <li
          key={leg.id}
          style={{ borderTop: "1px solid var(--sv-line)", padding: "0.5rem 0" }}
          data-testid="leg"
        >
          <LegRow leg={leg} />
        </li>
      ))}
    </Stack>
  );
}

function LegRow({ leg }: { readonly leg: Leg }) {
  const { t, i18n } = useTranslation();
  const who = leg.agent?.name;
  const from = leg.answeredAt ?? leg.startedAt;
  const lasted =
    leg.answeredAt === null
      ? t("legs.not_answered")
      : leg.endedAt === null
        ? t("legs.goes_on")
        : formatSpan(leg.endedAt - leg.answeredAt, i18n.language);
  return (
    <Group justify="space-between" gap="sm" wrap="wrap">
      <div style={{ flex: "1 1 12rem", minWidth: 0 }}>
        <Text size="sm" fw={600} truncate>
          {t(`legs.${leg.party}`)}
          {who === undefined ? "" : ` · ${who}`}
        </Text>
        <Text size="xs" c="dimmed" className="sv-num">
          {formatSecond(from, i18n.language)} · {lasted}
        </Text>
      </div>
      {leg.quality ? (
        <Sound quality={leg.quality} />
      ) : (
        <Text size="xs" c="dimmed">
          {t("legs.not_measured")}
        </Text>
      )}
    </Group>
  );
}

function Sound({ quality }: { readonly quality: NonNullable<Leg["quality"]> }) {
  const { t, i18n } = useTranslation();
  const { mos, remoteMos, codec, lossShare, jitterMs, roundTripMs } = quality;
  const number = (value: number, digits: number): string =>
    value.toLocaleString(i18n.language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return (
    <Group gap="lg" wrap="wrap">
      <LineQualityMark
        quality={qualityOf(Math.min(mos, remoteMos ?? mos))}
        mos={Math.min(mos, remoteMos ?? mos)}
      />
      <Value label={t("legs.mos_we")} hint={t("legs.mos_we_hint")} value={number(mos, 1)} />
      <Value
        label={t("legs.mos_they")}
        hint={t("legs.mos_they_hint")}
        value={remoteMos === null ? "–" : number(remoteMos, 1)}
      />
      <Value label={t("legs.loss")} value={lossShare === null ? "–" : lossWord(lossShare, i18n.language)} />
      <Value
        label={t("legs.jitter")}
        hint={t("legs.jitter_hint")}
        value={jitterMs === null ? "–" : `${number(jitterMs, 0)} ms`}
      />
      <Value
        label={t("legs.round_trip")}
        value={roundTripMs === null ? "–" : `${number(roundTripMs, 0)} ms`}
      />
      <Value label={t("legs.codec")} value={codec ?? "–"} />
    </Group>
  );
}

/** A little loss is not none. */
function lossWord(share: number, language: string): string {
  if (share > 0 && share < 0.01)
    return share.toLocaleString(language, { style: "percent", maximumSignificantDigits: 1 });
  return formatShare(share, language);
}

function Value(props: { readonly label: string; readonly value: string; readonly hint?: string }) {
  const content = (
    <div style={{ minWidth: "3.25rem" }}>
      <Text className="sv-caption">{props.label}</Text>
      <Text size="sm" className="sv-num" fw={560}>
        {props.value}
      </Text>
    </div>
  );
  return props.hint === undefined ? (
    content
  ) : (
    <Tooltip label={props.hint} multiline maw={280}>
      {content}
    </Tooltip>
  );
}
