/** How the Plan room writes figures in the reader's language. */
export interface PlanFormat {
  /** Contacts and agents: whole from 100 on, one decimal below. */
  readonly count: (value: number) => string;
  /** Two decimals at most. */
  readonly exact: (value: number) => string;
  /** Two decimals at most, with `+` or `−` before them unless it is 0. */
  readonly signed: (value: number) => string;
  /** `7.9 %` */
  readonly percent: (share: number | null | undefined, digits?: number) => string;
  /** `Mon 23 Nov` of a date. */
  readonly day: (date: string) => string;
  /** `23 Nov 2026` of a date. */
  readonly dayLong: (date: string) => string;
  /** `08:15` on the clocks of a zone. */
  readonly time: (at: number, timeZone: string) => string;
  /** `Mon 23 Nov, 08:15` on the clocks of a zone. */
  readonly moment: (at: number, timeZone: string) => string;
}

/** Our English writes twenty-four hours and days before months. */
export function planFormat(language: string): PlanFormat {
  const locale = language === "en" ? "en-GB" : language;
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const one = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const date = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
    return (day: string): string => format.format(Date.parse(`${day}T12:00:00Z`));
  };
  return {
    exact: new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format,
    signed: new Intl.NumberFormat(locale, { maximumFractionDigits: 2, signDisplay: "exceptZero" }).format,
    count: (value) => (Math.abs(value) >= 100 ? whole : one).format(value),
    percent: (share, digits = 1) =>
      share === null || share === undefined
        ? "–"
        : new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: digits }).format(share),
    day: date({ weekday: "short", day: "numeric", month: "short" }),
    dayLong: date({ day: "numeric", month: "short", year: "numeric" }),
    time: (at, timeZone) =>
      new Intl.DateTimeFormat(locale, { timeZone, hour: "2-digit", minute: "2-digit" }).format(at),
    moment: (at, timeZone) =>
      new Intl.DateTimeFormat(locale, {
        timeZone,
        weekday: "short",
        day: "numeric",
        month: "short",
        hour: "2-digit",
        minute: "2-digit",
      }).format(at),
  };
}
