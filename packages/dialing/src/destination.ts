import { type CountryCode, isSupportedCountry, type PhoneNumber } from "libphonenumber-js";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { isEmergency } from "./emergency.ts";

/** What dialled digits reach. `special`: a short code of the network, such as 116 117. */
export type DestinationKind = "emergency" | "special" | "national" | "international";

export interface Destination {
  readonly kind: DestinationKind;
  /** As it was dialled, without blanks and the digits for an outside line. */
  readonly dialled: string;
  /** With plus; absent where the number is none of the numbering plan's. */
  readonly e164?: string;
  /** ISO 3166-1 alpha-2; absent for networks of no country (satellites). */
  readonly country?: string;
  /** Premium and shared-cost numbers, satellites, networks of no country, short codes whose price nobody knows. */
  readonly highCost: boolean;
}

/** How a centre dials. */
export interface NumberPlan {
  /** Where it stands: ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Digits dialled for an outside line, such as 0; absent: none. */
  readonly outsidePrefix?: string;
}

/** Country codes of the ITU (E.164) that no country has: shared-cost, satellites, global networks, premium. */
const NO_COUNTRY = ["808", "870", "878", "881", "882", "883", "888", "979"];

/** Numbers of social value, free to call in Europe (Commission Decision 2007/116/EC). */
const FREE_SHORT_CODE = /^116\d{3}$/;

/** Reads what somebody dialled; undefined for what is no number. */
export function readDestination(text: string, plan: NumberPlan): Destination | undefined {
  const cleaned = text.replace(/[\s().\-/]/g, "");
  if (!/^\+?\d{2,20}$/.test(cleaned)) return undefined;
  const { country, outsidePrefix = "" } = plan;
  // help is called with and without the digits for an outside line (United States: Kari's Law, 47 U.S.C. 623)
  if (isEmergency(cleaned, country)) return { kind: "emergency", dialled: cleaned, highCost: false };
  const inside =
    outsidePrefix !== "" && cleaned.startsWith(outsidePrefix) ? cleaned.slice(outsidePrefix.length) : cleaned;
  if (isEmergency(inside, country)) return { kind: "emergency", dialled: inside, highCost: false };
  const region: CountryCode | undefined = isSupportedCountry(country) ? country : undefined;
  const parsed = parsePhoneNumberFromString(inside, region);
  // a few digits may look possible in a plan whose own numbers are as short
  if (/^\d{2,6}$/.test(inside) && parsed?.isValid() !== true)
    return { kind: "special", dialled: inside, highCost: !FREE_SHORT_CODE.test(inside) };
  if (parsed === undefined || !parsed.isPossible()) return undefined;
  const home = parsed.country === undefined ? sameCode(parsed, region) : parsed.country === country;
  return {
    kind: home ? "national" : "international",
    dialled: inside,
    e164: parsed.number,
    ...(parsed.country === undefined ? {} : { country: parsed.country }),
    highCost: isHighCost(parsed),
  };
}

function isHighCost(number: PhoneNumber): boolean {
  const type = number.getType();
  return (
    type === "PREMIUM_RATE" ||
    type === "SHARED_COST" ||
    NO_COUNTRY.includes(number.countryCallingCode as string)
  );
}

/** A number of the plan's own country code that the library cannot place, such as a new range. */
function sameCode(number: PhoneNumber, region: CountryCode | undefined): boolean {
  return region !== undefined && number.getPossibleCountries().includes(region);
}

/** How a carrier wants numbers written. */
export type NumberFormat = "e164_plus" | "e164" | "national" | "as_dialled";

/** The number for the wire. Short codes and calls for help go as they were dialled. */
export function formatNumber(
  destination: Pick<Destination, "e164" | "dialled">,
  format: NumberFormat,
  country: string,
): string {
  const { e164, dialled } = destination;
  if (e164 === undefined) return dialled;
  switch (format) {
    case "e164_plus":
      return e164;
    case "e164":
      return e164.slice(1);
    case "as_dialled":
      return dialled;
    case "national": {
      const parsed = parsePhoneNumberFromString(e164);
      if (parsed === undefined) return dialled;
      const region = isSupportedCountry(country) ? country : undefined;
      return region !== undefined && parsed.country === region
        ? parsed.formatNational().replace(/\D/g, "")
        : `00${e164.slice(1)}`;
    }
  }
}
