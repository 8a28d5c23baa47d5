import { Button, Group, Text } from "@mantine/core";
import { api } from "@svara/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notifyDone, notifyProblem } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";
import { useServices } from "../../../services.ts";
import { useSpanWords } from "../requests/request-words.tsx";
import type { MyWeek } from "./my-schedule-page.tsx";
import { Section } from "./section.tsx";

/** Overtime that the agent may take. */
export function Offers({ week }: { readonly week: MyWeek }) {
  const { t, i18n } = useTranslation();
  const { client, ids } = useServices();
  const queries = useQueryClient();
  const span = useSpanWords(week.timeZone);
  const take = useMutation({
    mutationFn: (offerId: string) =>
      client.call(api.mySchedule.ask, {
        body: { kind: "overtime", offerId },
        idempotencyKey: ids.next(),
      }),
    onSuccess: async ({ state }) => {
      await queries.invalidateQueries({ queryKey: ["plan", "my"] });
      notifyDone(t(state === "granted" ? "plan.requests.was.granted" : "plan.my.asked"));
    },
    onError: (error) => notifyProblem(problemText(error, i18n)),
    meta: { handlesErrors: true },
  });
  const open = week.offers.filter(({ seats, taken }) => taken < seats);
  if (open.length === 0) return null;
  return (
    <Section title={t("plan.my.offers")}>
      {open.map((offer) => (
        <Group key={offer.id} justify="space-between" className="sv-surface" p="sm" wrap="nowrap">
          <div>
            <Text size="sm" fw={600} className="sv-num">
              {span(offer)}
            </Text>
            {offer.note !== "" && (
              <Text size="sm" c="dimmed">
                {offer.note}
              </Text>
            )}
          </div>
          <Button size="xs" disabled={take.isPending} onClick={() => take.mutate(offer.id)}>
            {t("plan.my.take")}
          </Button>
        </Group>
      ))}
    </Section>
  );
}
