import { Group, Stack, Text, Title } from "@mantine/core";
import type { ContactDetail, QueueStay } from "@svara/contracts";
import type { i18n } from "i18next";
import { useTranslation } from "react-i18next";
import { useMay } from "../../../api/rights.ts";
import { formatClock, formatSpan } from "../../../format/duration.ts";
import { formatSecond } from "../../../format/moment.ts";
import { useStepChanges } from "../../floor/wait/use-step-changes.ts";
import { WaitPanel } from "../../floor/wait/wait-panel.tsx";
import { OfferExplained } from "./offer-explained.tsx";
import { StayPicture } from "./stay-picture.tsx";
import { predictionSentences, stayLines } from "./stay-sentences.ts";
import classes from "./why.module.css";

/** Why the customer waited and why these agents were asked: one stay in a queue after another. */
export function WhySection({ detail }: { readonly detail: ContactDetail }) {
  const { t } = useTranslation();
  const seesFloor = useMay("floor.view");
  const waitsNow = detail.endedAt === null && detail.queueStays.at(-1)?.leftAt === null;
  return (
    <Stack gap="xl">
      {waitsNow && seesFloor && (
        <div>
          <Title order={3} mb="xs">
            {t("why.waits_now")}
          </Title>
          <WaitPanel contactId={detail.id} />
        </div>
      )}
      {detail.queueStays.map((stay) => (
        <Stay key={`${stay.queue.id}-${stay.enteredAt}`} stay={stay} contactId={detail.id} />
      ))}
    </Stack>
  );
}

function Stay({ stay, contactId }: { readonly stay: QueueStay; readonly contactId: string }) {
  const { t, i18n } = useTranslation();
  const stepChanges = useStepChanges(stay.queue.id, stay.offers.at(-1)?.rules ?? null);
  const wait =
    stay.waitMs === null
      ? t("why.still_waits")
      : t("why.waited", { time: formatSpan(stay.waitMs, i18n.language) });
  const prediction = predictionSentences(stay.predicted, stay.waitMs, i18n).join(" ");
  const lines = stayLines(stay, i18n, { stepChanges, outcomeName: (outcome) => leftName(outcome, i18n) });
  return (
    <article data-testid="queue-stay">
      <Group justify="space-between" gap="xs" align="baseline">
        <Title order={3}>{t("why.stay", { queue: stay.queue.name })}</Title>
        <Text size="sm" c="dimmed">
          {t(`why.initiation_${stay.initiation}`)} · {wait}
        </Text>
      </Group>
      <Text size="sm" mt={2}>
        {prediction}
      </Text>
      <StayPicture stay={stay} summary={`${wait}. ${prediction}`} />
      <Stack gap={3} mt="sm" mb="sm">
        {lines.map((line) => (
          <div key={line.key} className={classes.line}>
            <Text size="xs" c="dimmed" className={`sv-num ${classes.clock}`}>
              {formatSecond(line.at, i18n.language)}
            </Text>
            <Text size="xs" c="dimmed" className="sv-num" ta="right">
              +{formatClock(line.at - stay.enteredAt)}
            </Text>
            <Text size="sm">{line.text}</Text>
          </div>
        ))}
      </Stack>
      <Stack gap="sm">
        {stay.offers.map((offer) => (
          <OfferExplained key={offer.offerId} offer={offer} contactId={contactId} />
        ))}
      </Stack>
    </article>
  );
}

/** How a stay in a queue ended, in words of the ledger or of outcomes. */
function leftName(outcome: string, i18n: i18n): string {
  const key = [`ledger_word.${outcome}`, `outcome.${outcome}`].find((each) => i18n.exists(each));
  return key === undefined ? outcome.replaceAll("_", " ") : (i18n.t(key as never) as string);
}
