import { Text } from "@mantine/core";
import type { ContactDetail } from "@svara/contracts";
import { type CSSProperties, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { formatSecond } from "../../format/moment.ts";
import classes from "./contact.module.css";
import { eventWords, namesIn, tellsAll } from "./event-words.ts";

type Event = ContactDetail["events"][number];

/** Steps of the ledger that say nothing a reader of the timeline does not see elsewhere. */
const QUIET = new Set(["segment.started", "segment.ended", "contact.classified", "leg.quality"]);

/** What happened, second by second. */
export function EventList({ detail }: { readonly detail: ContactDetail }) {
  const { t, i18n } = useTranslation();
  const names = useMemo(() => namesIn(detail), [detail]);
  const shown = detail.events.filter((event) => !QUIET.has(event.type));
  if (shown.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("contact.no_events")}
      </Text>
    );
  }
  return (
    <div style={{ display: "grid", gap: 6 }}>
      {shown.map((event) => {
        const { word: told, who } = eventWords(event, names);
        const key = `ledger.${told}`;
        const word = i18n.exists(key) ? (t(key as never) as string) : event.type;
        const below = [
          who,
          event.agent?.name,
          event.queue?.name,
          tellsAll(event.type) ? undefined : detailOf(event, i18n.exists, t as never),
        ]
          .filter(Boolean)
          .join(" · ");
        return (
          <div
            key={event.id}
            className={classes.event}
            style={{ "--event-color": `var(--sv-state-${toneOf(event.type)})` } as CSSProperties}
          >
            <Text size="xs" c="dimmed" className="sv-num" pt={2}>
              {formatSecond(event.at, i18n.language)}
            </Text>
            <span className={classes.eventDot} />
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={560}>
                {word}
              </Text>
              {below !== "" && (
                <Text size="xs" c="dimmed" truncate>
                  {below}
                </Text>
              )}
            </div>
          </div>
        );
      })}
    </div>
  );
}

/** The one word of the payload that a reader wants, in their language when the catalogue has it. */
function detailOf(
  event: Event,
  exists: (key: string) => boolean,
  t: (key: string) => string,
): string | undefined {
  for (const name of ["outcome", "reason", "cause", "stepKind", "by"]) {
    const value = event.details[name];
    if (typeof value !== "string") continue;
    const key = `ledger_word.${value}`;
    return exists(key) ? t(key) : value.replaceAll("_", " ");
  }
  return undefined;
}

function toneOf(type: string): string {
  const [family, what] = type.split(".");
  switch (family) {
    case "offer":
      return what === "accepted" ? "available" : "ringing";
    case "queue":
      return "ringing";
    case "leg":
      return what === "held" ? "held" : "talking";
    case "monitor":
    case "park":
      return "held";
    case "transfer":
    case "consult":
    case "conference":
    case "call":
      return "talking";
    case "recording":
      return what === "failed" ? "trouble" : "wrap";
    case "disposition":
      return "wrap";
    default:
      return "away";
  }
}
