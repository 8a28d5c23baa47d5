/** Country codes of one and two digits that the eye should find; every other code is taken as three digits. */
const SHORT_CODES = new Set(
  (
    "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 " +
    "81 82 84 86 90 91 92 93 94 95 98"
  ).split(" "),
);

/** How national numbers are written where Svara is at home; the first that fits a whole number holds. */
const NATIONAL_FORMS: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  "1": [[/^(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3"]],
  "7": [[/^(\d{3})(\d{3})(\d\d)(\d\d)$/, "$1 $2-$3-$4"]],
  "44": [
    [/^(2\d)(\d{4})(\d{4})$/, "$1 $2 $3"],
    [/^(11\d|1\d1|[389]\d\d)(\d{3})(\d{4})$/, "$1 $2 $3"],
    [/^([17]\d{3})(\d{6})$/, "$1 $2"],
  ],
  "46": [
    [/^(8)(\d{3})(\d{3})(\d\d)$/, "$1 $2 $3 $4"],
    [/^(8)(\d{3})(\d\d)(\d\d)$/, "$1 $2 $3 $4"],
    [/^(7\d|1[013689]|2[0136]|3[1356]|4[0246]|54|6[03]|90)(\d{3})(\d\d)(\d\d)$/, "$1 $2 $3 $4"],
    [/^(8|1[013689]|2[0136]|3[1356]|4[0246]|54|6[03]|90)(\d\d)(\d\d)(\d\d)$/, "$1 $2 $3 $4"],
    [/^(\d{3})(\d\d)(\d\d)(\d\d)$/, "$1 $2 $3 $4"],
  ],
  "380": [[/^(\d\d)(\d{3})(\d\d)(\d\d)$/, "$1 $2 $3 $4"]],
};

/**
 * Sets a number in groups for the eye, as its country writes it where that is known: `+46 70 123 45 67`. Only the
 * grouping is ours; digits stay as they are. Extensions and whatever is not E.164 are returned unchanged.
 */
export function formatPhone(number: string): string {
  if (!/^\+\d{5,15}$/.test(number)) return number;
  const digits = number.slice(1);
  const length = [1, 2].find((size) => SHORT_CODES.has(digits.slice(0, size))) ?? 3;
  const code = digits.slice(0, length);
  const national = digits.slice(length);
  const form = NATIONAL_FORMS[code]?.find(([pattern]) => pattern.test(national));
  return `+${code} ${form ? national.replace(...form) : groups(national).join(" ")}`;
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
