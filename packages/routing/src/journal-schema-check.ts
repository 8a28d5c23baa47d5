/** What is wrong with a value, in words: `expected` completes "<path> must be". */
export interface SchemaProblem {
  /** The field at fault, outermost first; empty for the value itself. */
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly found: unknown;
}

/** Says what is wrong with a value first, or nothing. */
export type SchemaCheck = (value: unknown) => SchemaProblem | undefined;

type Schema = { readonly [keyword: string]: unknown };

/**
 * A checker for the part of JSON Schema (draft 2020-12) that our generated schemas use: `$ref` into `$defs`, `type`, `const`,
 * `enum`, `properties`, `required`, `additionalProperties`, `items`, `prefixItems` and `anyOf`. A choice among objects that are
 * told apart by a word (`type`, `mode`, `kind`) is judged by the one that the word names. Other keywords are passed over.
 */
export function compileSchema(root: Schema, defs: Readonly<Record<string, Schema>>): SchemaCheck {
  return new Compiler(defs).compile(root);
}

/** A problem as a sentence: `input.item.queuedAt must be a whole number, and is "noon"`. */
export function problemText({ path, expected, found }: SchemaProblem, whole = "it"): string {
  const name = path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : i > 0 ? `.${part}` : part))
    .join("");
  const is = found === undefined ? "is missing" : `is ${JSON.stringify(found).slice(0, 80)}`;
  return `${name === "" ? whole : name} must be ${expected}, and ${is}`;
}

class Compiler {
  readonly #defs: Readonly<Record<string, Schema>>;
  readonly #named = new Map<string, SchemaCheck>();

  constructor(defs: Readonly<Record<string, Schema>>) {
    this.#defs = defs;
  }

  compile(schema: Schema): SchemaCheck {
    if (typeof schema.$ref === "string") return this.#reference(schema.$ref);
    if (Array.isArray(schema.anyOf)) return this.#choice(schema.anyOf as readonly Schema[]);
    if (Array.isArray(schema.enum)) return oneOf(schema.enum);
    if ("const" in schema) return oneOf([schema.const]);
    switch (schema.type) {
      case "object":
        return this.#object(schema);
      case "array":
        return this.#array(schema);
      case "string":
        return only((value) => typeof value === "string", "a text");
      case "number":
        return only((value) => typeof value === "number", "a number");
      case "integer":
        return only(Number.isInteger, "a whole number");
      case "boolean":
        return only((value) => typeof value === "boolean", "true or false");
      case "null":
        return only((value) => value === null, "null");
      default:
        return () => undefined;
    }
  }

  #reference(ref: string): SchemaCheck {
    const name = ref.slice("#/$defs/".length);
    const known = this.#named.get(name);
    if (known) return known;
    let check: SchemaCheck = () => undefined;
    this.#named.set(name, (value) => check(value)); // a type may hold itself
    check = this.compile(this.#defs[name] ?? {});
    this.#named.set(name, check);
    return check;
  }

  #object(schema: Schema): SchemaCheck {
    const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
    const required = new Set((schema.required ?? []) as readonly string[]);
    const fields = properties.map(([key, field]) => ({
      key,
      check: this.compile(field),
      isRequired: required.has(key),
    }));
    const others = schema.additionalProperties as Schema | undefined;
    const checkOther = others && this.compile(others);
    return (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        return { path: [], expected: "an object", found: value };
      }
      const object = value as Readonly<Record<string, unknown>>;
      for (const { key, check, isRequired } of fields) {
        const field = object[key];
        if (field === undefined && !isRequired) continue;
        const problem = check(field);
        if (problem) return within(key, problem);
      }
      if (!checkOther) return undefined;
      for (const key of Object.keys(object)) {
        const problem = checkOther(object[key]);
        if (problem) return within(key, problem);
      }
      return undefined;
    };
  }

  #array(schema: Schema): SchemaCheck {
    const first = ((schema.prefixItems ?? []) as readonly Schema[]).map((item) => this.compile(item));
    const rest = schema.items ? this.compile(schema.items as Schema) : undefined;
    return (value) => {
      if (!Array.isArray(value)) return { path: [], expected: "a list", found: value };
      if (value.length < first.length) {
        return { path: [], expected: `a list of ${first.length}`, found: value };
      }
      for (let i = 0; i < value.length; i++) {
        const problem = (first[i] ?? rest)?.(value[i]);
        if (problem) return within(i, problem);
      }
      return undefined;
    };
  }

  #choice(choices: readonly Schema[]): SchemaCheck {
    const objects = choices.map((choice) => this.#resolve(choice));
    const word = tellTale(objects);
    if (word !== undefined) return this.#told(word, objects);
    const checks = choices.map((choice) => this.compile(choice));
    return (value) => {
      const problems: SchemaProblem[] = [];
      for (const check of checks) {
        const problem = check(value);
        if (!problem) return undefined;
        problems.push(problem);
      }
      // the choice that got furthest is the one that was meant
      const deepest = problems.reduce((a, b) => (b.path.length > a.path.length ? b : a));
      if (deepest.path.length > 0) return deepest;
      return { path: [], expected: problems.map(({ expected }) => expected).join(" or "), found: value };
    };
  }

  #told(word: string, choices: readonly Schema[]): SchemaCheck {
    const byWord = new Map<unknown, SchemaCheck>();
    for (const choice of choices) {
      const check = this.compile(choice);
      for (const value of words(choice, word)) byWord.set(value, check);
    }
    const expected = listed([...byWord.keys()]);
    return (value) => {
      if (typeof value !== "object" || value === null)
        return { path: [], expected: "an object", found: value };
      const told = (value as Readonly<Record<string, unknown>>)[word];
      const check = byWord.get(told);
      return check ? check(value) : { path: [word], expected, found: told };
    };
  }

  #resolve(schema: Schema): Schema {
    let found = schema;
    while (typeof found.$ref === "string") found = this.#defs[found.$ref.slice("#/$defs/".length)] ?? {};
    return found;
  }
}

/** The field whose value says which of these objects it is. */
function tellTale(choices: readonly Schema[]): string | undefined {
  const [first] = choices;
  if (!first || choices.some(({ type }) => type !== "object")) return undefined;
  return Object.keys((first.properties ?? {}) as object).find((key) => {
    const all = choices.map((choice) => words(choice, key));
    const flat = all.flat();
    return all.every(({ length }) => length > 0) && new Set(flat).size === flat.length;
  });
}

function words(choice: Schema, key: string): readonly unknown[] {
  const field = ((choice.properties ?? {}) as Record<string, Schema>)[key];
  if (!field || !((choice.required ?? []) as readonly string[]).includes(key)) return [];
  return "const" in field ? [field.const] : Array.isArray(field.enum) ? field.enum : [];
}

function oneOf(values: readonly unknown[]): SchemaCheck {
  const allowed = new Set(values);
  return only((value) => allowed.has(value), listed(values));
}

function only(fits: (value: unknown) => boolean, expected: string): SchemaCheck {
  return (value) => (fits(value) ? undefined : { path: [], expected, found: value });
}

function listed(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  return texts.length === 1 ? (texts[0] ?? "") : `one of ${texts.join(", ")}`;
}

function within(key: string | number, { path, ...rest }: SchemaProblem): SchemaProblem {
  return { path: [key, ...path], ...rest };
}
