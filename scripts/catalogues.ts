import { posix } from "node:path";
import { readTree, type SourceFile } from "./source-tree.ts";

/** The languages of the screens (design, section 6). */
export const LANGUAGES = ["en", "ru", "uk", "sv"] as const;

const CATALOGUE = new RegExp(`/i18n/(?:${LANGUAGES.join("|")})\\.json$`);
const PLURAL = /_(zero|one|two|few|many|other)$/;

/** The texts of one catalogue by dotted key. */
type Texts = ReadonlyMap<string, string>;

/**
 * What is missing or too much in the catalogues of one folder: a key in one language only, a plural form that the language
 * needs, a placeholder that a translation lost, an empty text. One line each.
 */
export function catalogueViolations(files: readonly SourceFile[]): string[] {
  const violations: string[] = [];
  for (const [folder, members] of Map.groupBy(files, ({ path }) => posix.dirname(path))) {
    const texts = new Map(members.map((file) => [posix.basename(file.path, ".json"), textsOf(file)]));
    const model = texts.get(LANGUAGES[0]) ?? new Map<string, string>();
    const plurals = pluralsIn(model);
    const keys = new Set(
      [...texts.values()].flatMap((each) => [...each.keys()].map((key) => pluralOf(key, plurals) ?? key)),
    );
    for (const language of LANGUAGES) {
      const own = texts.get(language);
      if (own === undefined) violations.push(`${folder}/${language}.json is missing`);
      else violations.push(...compare(`${folder}/${language}.json`, language, own, { model, keys, plurals }));
    }
  }
  return violations;
}

/** What all languages have to have; English says which keys are plurals and which placeholders a text has. */
interface Wanted {
  readonly model: Texts;
  readonly keys: ReadonlySet<string>;
  readonly plurals: ReadonlySet<string>;
}

function compare(path: string, language: string, own: Texts, { model, keys, plurals }: Wanted): string[] {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const found: string[] = [];
  for (const key of keys) {
    const isPlural = plurals.has(key);
    for (const name of isPlural ? forms.map((form) => `${key}_${form}`) : [key]) {
      const text = own.get(name);
      if (text === undefined) found.push(`${path} has no "${name}"`);
      else if (text.trim() === "") found.push(`${path} "${name}" is empty`);
      else if (!isPlural) found.push(...comparePlaceholders(path, name, text, model.get(name) ?? text));
    }
  }
  return found;
}

/** Keys with both of English's forms; `state.busy_other` alone is a word of its own. */
function pluralsIn(model: Texts): Set<string> {
  const bases = [...model.keys()]
    .filter((key) => key.endsWith("_other"))
    .map((key) => key.replace(PLURAL, ""));
  return new Set(bases.filter((base) => model.has(`${base}_one`)));
}

function pluralOf(key: string, plurals: ReadonlySet<string>): string | undefined {
  const base = key.replace(PLURAL, "");
  return base !== key && plurals.has(base) ? base : undefined;
}

function comparePlaceholders(path: string, key: string, text: string, model: string): string[] {
  const [own, wanted] = [placeholders(text), placeholders(model)];
  return own === wanted ? [] : [`${path} "${key}" has the placeholders [${own}], English has [${wanted}]`];
}

function placeholders(text: string): string {
  const names = [...text.matchAll(/\{\{\s*-?\s*([\w.]+)/g)].map((match) => match[1]);
  return [...new Set(names)].sort().join(", ");
}

function textsOf(file: SourceFile): Texts {
  const texts = new Map<string, string>();
  flatten(JSON.parse(file.text), "", texts);
  return texts;
}

function flatten(value: unknown, key: string, texts: Map<string, string>): void {
  if (typeof value !== "object" || value === null) {
    texts.set(key, String(value));
    return;
  }
  for (const [name, child] of Object.entries(value))
    flatten(child, key === "" ? name : `${key}.${name}`, texts);
}

/** The violations in the working tree at `root`. */
export function checkCatalogues(root: string): string[] {
  const files = readTree(root, ["apps"], /\.json$/).filter(({ path }) => CATALOGUE.test(path));
  return files.length === 0
    ? [`no catalogue (i18n/${LANGUAGES[0]}.json) was found under apps`]
    : catalogueViolations(files);
}

if (import.meta.main) {
  const violations = checkCatalogues(process.cwd());
  for (const violation of violations) console.error(violation);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
