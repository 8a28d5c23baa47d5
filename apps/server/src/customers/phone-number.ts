import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js";

/** A caller's or a typed number as it is kept: E.164 where it can be read so, else its digits (an extension); null for what is no number. */
export function normaliseNumber(text: string, country: string): string | null {
  const cleaned = text.trim();
  if (/^(anonymous|unknown|restricted|private|unavailable)$/i.test(cleaned)) return null;
  const region: CountryCode | undefined = isSupportedCountry(country) ? country : undefined;
  const parsed = parsePhoneNumberFromString(cleaned, region);
  if (parsed?.isPossible()) return parsed.number;
  const digits = cleaned.replace(/[\s().\-/]/g, "");
  return /^\+?\d{2,15}$/.test(digits) ? digits : null;
}

/** An identifier in the form in which it is kept and found; null when it is not one. */
export function normaliseIdentifier(
  identifier: { readonly kind: "phone" | "email"; readonly value: string },
  country: string,
): string | null {
  if (identifier.kind === "phone") return normaliseNumber(identifier.value, country);
  const mail = identifier.value.trim().toLowerCase();
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(mail) && mail.length <= 254 ? mail : null;
}
