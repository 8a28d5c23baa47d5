/** Country codes of one and two digits that the eye should find; every other code is taken as three digits. */
const SHORT_CODES = new Set(
  (
    "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 " +
    "81 82 84 86 90 91 92 93 94 95 98"
  ).split(" "),
);

/**
 * Sets a number in groups for the eye: `+46 701 234 567`. Only the grouping is ours; digits stay as they are.
 * Extensions and whatever is not E.164 are returned unchanged.
 */
export function formatPhone(number: string): string {
  if (!/^\+\d{5,15}$/.test(number)) return number;
  const digits = number.slice(1);
  const length = [1, 2].find((size) => SHORT_CODES.has(digits.slice(0, size))) ?? 3;
  return `+${digits.slice(0, length)} ${groups(digits.slice(length)).join(" ")}`;
}

/** Threes from the left; a last group of one digit is avoided by two pairs. */
function groups(digits: string): string[] {
  const result: string[] = [];
  let rest = digits;
  while (rest.length > 4) {
    result.push(rest.slice(0, 3));
    rest = rest.slice(3);
  }
  if (rest.length === 4) result.push(rest.slice(0, 2), rest.slice(2));
  else if (rest.length > 0) result.push(rest);
  return result;
}

/** What was typed as it should be sent: spaces and punctuation go, a leading `+` stays. */
export function dialString(typed: string): string {
  const plus = typed.trim().startsWith("+") ? "+" : "";
  return plus + typed.replace(/\D/g, "");
}
