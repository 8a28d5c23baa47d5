import type { ContactDetail } from "@svara/contracts";
import type { Instant } from "@svara/kernel";

export type Segment = ContactDetail["segments"][number];

/** A row of the timeline: the customer's time, or one person's. */
export interface Lane {
  readonly key: string;
  readonly agentName: string | undefined;
  readonly bars: readonly Bar[];
}

/** A segment by its place: shares 0..1 of the whole span. */
export interface Bar {
  readonly segment: Segment;
  readonly left: number;
  readonly width: number;
  readonly durationMs: number;
}

export interface Timeline {
  readonly from: Instant;
  readonly to: Instant;
  readonly lanes: readonly Lane[];
}

/** Lays the segments out: the customer's first, then each handler's in the order of their coming. Open segments last until now. */
export function layOutTimeline(segments: readonly Segment[], now: Instant): Timeline | undefined {
  const first = segments[0];
  if (!first) return undefined;
  const endOf = (segment: Segment): Instant => Math.max(segment.startedAt, segment.endedAt ?? now);
  const from = Math.min(...segments.map((each) => each.startedAt));
  const to = Math.max(from + 1, ...segments.map(endOf));
  const span = to - from;
  const lanes = Map.groupBy(
    [...segments].sort((a, b) => a.startedAt - b.startedAt),
    (segment) => (segment.party === "customer" ? "customer" : (segment.agent?.id ?? "handler")),
  );
  const ordered = [...lanes].sort(([a], [b]) => Number(b === "customer") - Number(a === "customer"));
  return {
    from,
    to,
    lanes: ordered.map(([key, own]) => ({
      key,
      agentName: key === "customer" ? undefined : own[0]?.agent?.name,
      bars: own.map((segment) => ({
        segment,
        left: (segment.startedAt - from) / span,
        width: (endOf(segment) - segment.startedAt) / span,
        durationMs: endOf(segment) - segment.startedAt,
      })),
    })),
  };
}
