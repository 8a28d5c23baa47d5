import { Anchor, Group, Stack, Table, Text, Title } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Trans, useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useMay } from "../../../api/rights.ts";
import { formatSecond } from "../../../format/moment.ts";
import { Pill } from "../../../kit/agent-state.tsx";
import { decidingPlace } from "./deciding-place.ts";
import { rankLabel, rankValue } from "./rank-words.ts";
import { choiceSentence, type Offer, strategySentence, tradeSentence } from "./stay-sentences.ts";
import classes from "./why.module.css";

const TONES = {
  accepted: "available",
  refused: "held",
  timed_out: "trouble",
  withdrawn: "away",
  ringing: "ringing",
} as const;

/** One offer: why this agent, who else was there, and by whose rules. */
export function OfferExplained({ offer, contactId }: { readonly offer: Offer; readonly contactId: string }) {
  const { t, i18n } = useTranslation();
  const sentences = [
    choiceSentence(offer, i18n),
    strategySentence(offer, i18n),
    tradeSentence(offer, i18n),
    offer.step === null || offer.step === 0 ? undefined : t("why.after_steps", { count: offer.step }),
  ].filter((each) => each !== undefined);
  return (
    <Stack gap="xs" className={classes.offer} data-testid="offer-explained">
      <Group justify="space-between" gap="xs">
        <Title order={4}>{t("why.offer_title", { agent: offer.agent.name })}</Title>
        <Group gap="xs">
          <Text size="xs" c="dimmed" className="sv-num">
            {formatSecond(offer.madeAt, i18n.language)}
          </Text>
          <Pill tone={TONES[offer.outcome]}>{t(`offer_outcome.${offer.outcome}`)}</Pill>
        </Group>
      </Group>
      <Text size="sm">{sentences.join(" ")}</Text>
      {offer.rankedBy.length > 0 && offer.candidates.length > 0 && (
        <Candidates offer={offer} contactId={contactId} />
      )}
      <Rules revision={offer.rules} />
    </Stack>
  );
}

function Candidates({ offer, contactId }: { readonly offer: Offer; readonly contactId: string }) {
  const { t, i18n } = useTranslation();
  const { candidates, rankedBy, considered } = offer;
  const more = Math.max(0, (considered ?? 0) - candidates.length);
  return (
    <div>
      <div className={classes.scroll}>
        <Table
          verticalSpacing={6}
          horizontalSpacing="sm"
          aria-label={t("why.candidates_of", { agent: offer.agent.name })}
          data-testid="candidates"
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("why.candidate")}</Table.Th>
              {rankedBy.map((place) => (
                <Table.Th key={place} ta="right">
                  {rankLabel(place, i18n)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {candidates.map((candidate, index) => {
              const decides = index === 0 ? undefined : decidingPlace(candidates[0]?.rank, candidate.rank);
              return (
                <Table.Tr
                  key={candidate.agent?.id ?? candidate.contactId ?? `foreign-${index}`}
                  className={index === 0 ? classes.winner : undefined}
                >
                  <Table.Td>
                    <Group gap={6} wrap="nowrap">
                      <CandidateName candidate={candidate} contactId={contactId} />
                      {index === 0 && (
                        <Group gap={3} wrap="nowrap" c="var(--sv-state-available)">
                          <IconCheck size={14} aria-hidden="true" />
                          <Text size="xs" fw={600}>
                            {t("why.winner")}
                          </Text>
                        </Group>
                      )}
                    </Group>
                  </Table.Td>
                  {rankedBy.map((place, column) => (
                    <Table.Td
                      key={place}
                      ta="right"
                      className={`sv-num ${decides === column ? classes.decides : ""}`}
                    >
                      {rankValue(place, candidate.rank[column] ?? 0, offer.madeAt, i18n)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </div>
      <Text size="xs" c="dimmed" mt={4}>
        {[
          more > 0 ? t("why.more", { count: more }) : undefined,
          candidates.length > 1 ? t("why.less_first") : undefined,
        ]
          .filter(Boolean)
          .join(" · ")}
      </Text>
    </div>
  );
}

function CandidateName(props: {
  readonly candidate: Offer["candidates"][number];
  readonly contactId: string;
}) {
  const { t } = useTranslation();
  const { agent, contactId } = props.candidate;
  if (agent !== null) return <span>{agent.name}</span>;
  if (contactId === props.contactId) return <span>{t("why.this_contact")}</span>;
  if (contactId === null)
    return (
      <Text span size="sm" c="dimmed">
        {t("why.foreign_contact")}
      </Text>
    );
  return (
    <Anchor component={Link} href={`/contacts/${contactId}`} size="sm">
      {t("why.other_contact")}
    </Anchor>
  );
}

function Rules({ revision }: { readonly revision: number | null }) {
  const { t } = useTranslation();
  const seesHistory = useMay("revisions.view");
  if (revision === null || revision === 0) return null;
  const number = t("why.rules_number", { number: revision });
  return (
    <Text size="xs" c="dimmed">
      {seesHistory ? (
        <Trans
          t={t}
          i18nKey="why.rules_linked"
          values={{ number: revision }}
          components={{
            entry: <Anchor component={Link} href={`/office/history?revision=${revision}`} size="xs" />,
          }}
        />
      ) : (
        t("why.rules", { link: number })
      )}
    </Text>
  );
}
