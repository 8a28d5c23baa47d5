/** A date in words: `Mon, 23 Nov 2026`. */
export function dayName(date: string, language: string): string {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
  }).format(Date.parse(`${date}T12:00:00Z`));
}
