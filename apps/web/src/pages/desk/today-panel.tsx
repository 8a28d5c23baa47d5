import { SimpleGrid, Text } from "@mantine/core";
import type { DeskState } from "@svara/contracts";
import { useTranslation } from "react-i18next";
import { formatSpan } from "../../format/duration.ts";
import { Figure } from "../../kit/figure.tsx";

/** The agent's own day in figures. */
export function TodayPanel({ today }: { readonly today: DeskState["today"] }) {
  const { t, i18n } = useTranslation();
  const span = (ms: number): string => formatSpan(ms, i18n.language, "narrow");
  const handled = Math.max(1, today.handled);
  const average = (today.talkMs + today.holdMs + today.wrapUpMs) / handled;
  return (
    <section
      className="sv-surface"
      style={{ padding: "var(--mantine-spacing-md)" }}
      aria-label={t("desk.today")}
    >
      <Text fw={600} size="sm" mb="sm">
        {t("desk.today")}
      </Text>
      <SimpleGrid cols={2} spacing="sm" verticalSpacing="sm">
        <Figure size="sm" label={t("desk.handled")} value={today.handled} />
        <Figure
          size="sm"
          label={t("desk.missed")}
          value={today.missed}
          tone={today.missed > 0 ? "warn" : "plain"}
        />
        <Figure
          size="sm"
          label={t("desk.average_handling")}
          value={today.handled === 0 ? "–" : span(average)}
          hint={t("desk.average_handling_hint")}
        />
        <Figure size="sm" label={t("desk.talk_time")} value={span(today.talkMs)} />
        <Figure size="sm" label={t("desk.not_ready_time")} value={span(today.notReadyMs)} />
        <Figure size="sm" label={t("desk.logged_in_time")} value={span(today.loggedInMs)} />
      </SimpleGrid>
    </section>
  );
}
