import type { Instant } from "@svara/kernel";
import type { i18n } from "i18next";
import { formatSpan } from "../../../format/duration.ts";
import { formatShare } from "../../../format/figures.ts";

const PLACES = [
  "idle_since",
  "occupancy_millionths",
  "last_offer",
  "lack_less_idle_ms",
  "proficiency",
  "priority",
  "queued_at",
  "target_used",
  "excess",
  "cost_per_handle_ms",
] as const;
type Place = (typeof PLACES)[number];

const DESCENDING = ":desc";

/** The place without the mark that the greater is better. */
function placeOf(rankedBy: string): Place | undefined {
  const word = rankedBy.endsWith(DESCENDING) ? rankedBy.slice(0, -DESCENDING.length) : rankedBy;
  return PLACES.find((each) => each === word);
}

/** What a place of a rank compares, as a head of a column. */
export function rankLabel(rankedBy: string, { t }: i18n): string {
  const place = placeOf(rankedBy);
  return place === undefined ? rankedBy.replace(DESCENDING, "").replaceAll("_", " ") : t(`rank.${place}`);
}

/**
 * A figure of a rank as people read it: instants as the time since then, negatives that were compared for "the greater first"
 * turned back. `at` is the instant of the choice.
 */
export function rankValue(rankedBy: string, compared: number, at: Instant, { t, language }: i18n): string {
  const value = rankedBy.endsWith(DESCENDING) ? 0 - compared : compared;
  switch (placeOf(rankedBy)) {
    case "idle_since":
    case "queued_at":
      return formatSpan(at - value, language);
    case "occupancy_millionths":
      return formatShare(value / 1_000_000, language);
    case "target_used":
      return formatShare(value, language);
    case "last_offer":
      return value === 0 ? t("rank.last_offer_never") : number(value, language);
    case "lack_less_idle_ms":
      return value < 0 ? `−${formatSpan(-value, language)}` : formatSpan(value, language);
    default:
      return number(value, language);
  }
}

function number(value: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumSignificantDigits: 4 }).format(value);
}
