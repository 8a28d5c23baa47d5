import type { i18n } from "i18next";
import type { CapacityDraft, Medium } from "./capacity-draft.ts";
import { MEDIA } from "./capacity-draft.ts";

/** What an agent with this profile may have in hand at once, in one or two sentences. */
export function capacitySentence(draft: CapacityDraft, i18n: i18n): string {
  const { t } = i18n;
  const { slots, apart = [], interrupts = {} } = draft;
  const held = MEDIA.filter((medium) => (slots[medium] ?? 0) > 0);
  if (held.length === 0) return t("capacity.nothing");
  const some = (medium: Medium): string => t(`capacity.some_${medium}`, { count: slots[medium] ?? 0 });
  const word = (medium: Medium): string => t(`medium.${medium}`).toLocaleLowerCase(i18n.language);
  const groups = groupsOf(held, apart);
  const together = groups.map((group) => list(group.map(some), "disjunction", i18n));
  const sentences = [t("capacity.at_once", { what: together.join("; ") })];
  for (const medium of held) {
    const aside = (interrupts[medium] ?? []).filter((each) => held.includes(each));
    if (aside.length === 0) continue;
    sentences.push(
      t("capacity.set_aside", {
        what: list(aside.map(word), "conjunction", i18n),
        medium: word(medium),
      }),
    );
  }
  return sentences.join(" ");
}

/** Media that exclude one another stand in one group; a medium in no set stands alone. */
function groupsOf(held: readonly Medium[], apart: readonly (readonly Medium[])[]): Medium[][] {
  const groups: Medium[][] = held.map((medium) => [medium]);
  for (const set of apart) {
    const touched = groups.filter((group) => group.some((medium) => set.includes(medium)));
    if (touched.length < 2) continue;
    const merged = held.filter((medium) => touched.some((group) => group.includes(medium)));
    const rest = groups.filter((group) => !touched.includes(group));
    groups.splice(0, groups.length, ...rest, merged);
  }
  return groups.toSorted((a, b) => held.indexOf(a[0] as Medium) - held.indexOf(b[0] as Medium));
}

function list(words: readonly string[], type: "conjunction" | "disjunction", i18n: i18n): string {
  return new Intl.ListFormat(i18n.language, { type }).format(words);
}
