import { Text, Tooltip } from "@mantine/core";
import type { ContactDetail } from "@svara/contracts";
import { type CSSProperties, Fragment } from "react";
import { useTranslation } from "react-i18next";
import { formatSpan } from "../../format/duration.ts";
import { formatSecond } from "../../format/moment.ts";
import { useServices } from "../../services.ts";
import classes from "./contact.module.css";
import { layOutTimeline, type Segment } from "./timeline-layout.ts";

const TONES: Readonly<Record<Segment["kind"], string>> = {
  flow: "away",
  queue: "ringing",
  ring: "ringing",
  talk: "talking",
  hold: "held",
  consult: "available",
  wrap_up: "wrap",
};

/** The contact as bars: where the customer was, and below who worked on it. */
export function SegmentBar({ detail }: { readonly detail: ContactDetail }) {
  const { t, i18n } = useTranslation();
  const { serverClock } = useServices();
  const timeline = layOutTimeline(detail.segments, serverClock.now());
  if (!timeline) {
    return (
      <Text size="sm" c="dimmed">
        {t("contact.no_segments")}
      </Text>
    );
  }
  return (
    <div className={classes.lanes}>
      {timeline.lanes.map((lane) => (
        <Fragment key={lane.key}>
          <Text size="xs" fw={560} truncate>
            {lane.key === "customer" ? t("fields.customer") : (lane.agentName ?? t("contact.handler"))}
          </Text>
          <div className={classes.lane}>
            {lane.bars.map(({ segment, left, width, durationMs }) => {
              const word = t(`segment.${segment.kind}`);
              const who = segment.agent?.name ?? segment.queue?.name;
              return (
                <Tooltip
                  key={segment.id}
                  label={[
                    word,
                    who,
                    formatSpan(durationMs, i18n.language),
                    formatSecond(segment.startedAt, i18n.language),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                >
                  <div
                    className={classes.segment}
                    style={
                      {
                        left: `${left * 100}%`,
                        width: `${width * 100}%`,
                        "--segment-ink": `var(--sv-state-${TONES[segment.kind]})`,
                        "--segment-ground": `color-mix(in srgb, var(--sv-state-${TONES[segment.kind]}) 22%, var(--sv-surface))`,
                      } as CSSProperties
                    }
                  >
                    {width > 0.07 && `${word} ${formatSpan(durationMs, i18n.language)}`}
                  </div>
                </Tooltip>
              );
            })}
          </div>
        </Fragment>
      ))}
      <span />
      <div className={`${classes.axis} sv-num`}>
        <span>{formatSecond(timeline.from, i18n.language)}</span>
        <span>{formatSecond(timeline.to, i18n.language)}</span>
      </div>
    </div>
  );
}
