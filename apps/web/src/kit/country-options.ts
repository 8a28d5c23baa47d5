const CODES =
  "AT AU BE BG BR BY CA CH CN CY CZ DE DK EE ES FI FR GB GE GR HR HU IE IL IN IS IT JP KZ LT LU LV MD ME MK MT MX NL NO NZ PL PT RO RS RU SE SI SK TR UA US UZ ZA";

/** Countries by their names in a language, in its alphabetical order. */
export function countryOptions(locale: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(locale, { type: "region" });
  return CODES.split(" ")
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((a, b) => a.label.localeCompare(b.label, locale));
}
