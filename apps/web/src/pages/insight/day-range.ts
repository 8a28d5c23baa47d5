const DAY = /^\d{4}-\d{2}-\d{2}$/;

export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** The days in the address; what is missing, no day or the wrong way round is replaced by the usual ones. */
export function readDays(params: URLSearchParams, usual: DayRange): DayRange {
  const [from, to] = [params.get("from") ?? "", params.get("to") ?? ""];
  return DAY.test(from) && DAY.test(to) && from <= to ? { from, to } : usual;
}

/** The day so many days earlier. */
export function daysBefore(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() - days);
  return at.toISOString().slice(0, 10);
}
