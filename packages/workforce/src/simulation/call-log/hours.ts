export const HOUR_MS = 3_600_000;
/** Hours of a day that are counted: who asks before midnight may wait beyond it. */
export const COUNTED_HOURS = 48;
