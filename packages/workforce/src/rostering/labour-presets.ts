import type { LabourRules } from "./labour-rules.ts";

/**
 * Starting points taken from the laws named in `source`, for a person to check against agreements, exceptions and the law in
 * force: collective agreements differ, and so do young people, night workers and times of martial law.
 */
export const LABOUR_PRESETS = {
  european_union: {
    id: "eu",
    name: "European Union, directive (to check)",
    source:
      "Directive 2003/88/EC: art. 3 (11 h of daily rest), art. 4 (a break after 6 h), art. 5 (24 h of weekly rest with the 11 h: 35 h), art. 6 (48 h a week on average; here as the limit of each week)",
    minRestMinutes: 660,
    maxWeeklyMinutes: 2880,
    maxConsecutiveDays: 6,
    weeklyRestMinutes: 2100,
    maxMinutesWithoutBreak: 360,
  },
  sweden: {
    id: "se",
    name: "Sweden, working hours act (to check)",
    source:
      "Arbetstidslag (1982:673): 10 b § (48 h a week on average, here as the limit of each week), 13 § (11 h of daily rest), 14 § (36 h of weekly rest), 15 § (a break after 5 h at the latest)",
    minRestMinutes: 660,
    maxWeeklyMinutes: 2880,
    maxConsecutiveDays: 6,
    weeklyRestMinutes: 2160,
    maxMinutesWithoutBreak: 300,
  },
  ukraine: {
    id: "ua",
    name: "Ukraine, labour code (to check; martial law differs)",
    source:
      "Labour code (КЗпП): art. 50 (40 h a week), art. 59 (between shifts at least twice the shift), art. 66 (a break after 4 h as a rule; the number here), art. 67 and 70 (weekly rest of at least 42 h)",
    minRestTimesShift: 2,
    maxWeeklyMinutes: 2400,
    maxConsecutiveDays: 6,
    weeklyRestMinutes: 2520,
    maxMinutesWithoutBreak: 240,
  },
} as const satisfies Record<string, LabourRules>;
