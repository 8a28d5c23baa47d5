/** A running time for a ticking display: `0:07`, `12:05`, `1:02:09`. Negative spans read as zero. */
export function formatClock(durationMs: number): string {
  const totalSeconds = Math.max(0, Math.floor(durationMs / 1000));
  const hours = Math.floor(totalSeconds / 3600);
  const minutes = Math.floor((totalSeconds % 3600) / 60);
  const seconds = String(totalSeconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

/** A sum of time in the reader's language, two units at most: `7 h 45 min`, `3 min 20 s`, `8 s`. */
export function formatSpan(durationMs: number, locale: string, width: "short" | "narrow" = "short"): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const unit = (value: number, name: "hour" | "minute" | "second"): string =>
    new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: width }).format(value);
  if (seconds < 60) return unit(seconds, "second");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    const rest = seconds % 60;
    return rest === 0 || minutes >= 10
      ? unit(minutes, "minute")
      : `${unit(minutes, "minute")} ${unit(rest, "second")}`;
  }
  const rest = minutes % 60;
  return rest === 0
    ? unit(Math.floor(minutes / 60), "hour")
    : `${unit(Math.floor(minutes / 60), "hour")} ${unit(rest, "minute")}`;
}
