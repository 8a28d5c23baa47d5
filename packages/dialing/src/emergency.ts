/**
 * Numbers that call for help, by country (ISO 3166-1 alpha-2). 112 is one everywhere: mobile networks and the European
 * Union made it so (Directive (EU) 2018/1972, article 109), and nobody who dials it means anything else.
 */
const BY_COUNTRY: Readonly<Record<string, readonly string[]>> = {
  AU: ["000", "106"],
  CA: ["911"],
  CH: ["117", "118", "144"],
  DE: ["110"],
  DK: ["114"],
  ES: ["061", "062", "091"],
  FR: ["15", "17", "18", "114", "115", "119", "191", "196"],
  GB: ["999"],
  IE: ["999"],
  IT: ["113", "115", "118"],
  JP: ["110", "119"],
  LT: [],
  LV: ["01", "02", "03", "110", "113"],
  NO: ["110", "113"],
  NZ: ["111"],
  PL: ["997", "998", "999"],
  RU: ["01", "02", "03", "04", "101", "102", "103", "104"],
  SE: ["90000"],
  UA: ["101", "102", "103", "104"],
  US: ["911"],
};

const EVERYWHERE = new Set(["112"]);

/** Whether digits as dialled call for help in this country. */
export function isEmergency(digits: string, country: string): boolean {
  return EVERYWHERE.has(digits) || (BY_COUNTRY[country]?.includes(digits) ?? false);
}
