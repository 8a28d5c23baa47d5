/** The part of JSON Schema (draft 2020-12) that our published file formats use; other keywords are passed over. */
export interface JsonSchema {
  /** Into `$defs` of the whole schema. */
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The first thing that is wrong with a value. */
export interface SchemaProblem {
  /** Where, as a dotted path: `queues.0.wrapUp.limitMs`; empty for the whole. */
  readonly field: string;
  /** What is wrong and what would be right, to stand after the field: `must be a whole number, not "noon"`. */
  readonly message: string;
}

/** Finds the first place where a value does not keep the schema. */
export type SchemaCheck = (value: unknown) => SchemaProblem | undefined;

/**
 * Makes a check of a schema, quick enough for each line of a long file. A choice among objects that are told apart by a word
 * (`type`, `mode`, `kind`) is judged by the one that the word names; any other by the branch that comes nearest.
 */
export function compileSchema(schema: JsonSchema): SchemaCheck {
  const check = new Compiler(schema.$defs ?? {}).compile(schema);
  return (value) => {
    const fault = check(value);
    return fault && { field: fault.path.join("."), message: fault.message };
  };
}

/** A problem on its way out of what is nested. */
interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** What would have been right, where another branch may say the same of the same value. */
  readonly expected?: string;
}

type Check = (value: unknown) => Fault | undefined;

class Compiler {
  readonly #defs: Readonly<Record<string, JsonSchema>>;
  readonly #named = new Map<string, Check>();

  constructor(defs: Readonly<Record<string, JsonSchema>>) {
    this.#defs = defs;
  }

  compile(schema: JsonSchema): Check {
    if (schema.$ref !== undefined) return this.#reference(schema.$ref);
    if (schema.anyOf) return this.#choice(schema.anyOf);
    if ("const" in schema) return oneOf([schema.const]);
    if (schema.enum) return oneOf(schema.enum);
    if (schema.type === "object") return this.#object(schema);
    if (schema.type === "array") return this.#array(schema);
    if (schema.type === undefined) return () => undefined;
    return plain(schema, typeof schema.type === "string" ? [schema.type] : schema.type);
  }

  #reference(ref: string): Check {
    const known = this.#named.get(ref);
    if (known) return known;
    let check: Check = () => undefined;
    this.#named.set(ref, (value) => check(value)); // a type may hold itself
    check = this.compile(this.#target(ref));
    this.#named.set(ref, check);
    return check;
  }

  #object(schema: JsonSchema): Check {
    const { properties = {}, required = [], additionalProperties } = schema;
    const fields = Object.entries(properties).map(([key, field]) => ({ key, check: this.compile(field) }));
    const demands = required.map((key) => ({
      key,
      fault: { path: [key], message: `is missing: give ${this.#purpose(properties[key] ?? {})}` },
    }));
    const others = typeof additionalProperties === "object" ? this.compile(additionalProperties) : undefined;
    const names = Object.keys(properties).filter((name) => name !== "$schema");
    return (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        return wrong(value, "an object");
      const object = value as Readonly<Record<string, unknown>>;
      for (const { key, fault } of demands) if (object[key] === undefined) return fault;
      for (const { key, check } of fields) {
        const part = object[key];
        const fault = part === undefined ? undefined : check(part);
        if (fault) return within(key, fault);
      }
      if (additionalProperties === undefined || additionalProperties === true) return undefined;
      for (const key of Object.keys(object)) {
        if (Object.hasOwn(properties, key)) continue;
        if (!others) return { path: [key], message: `is not known here: use ${names.join(", ")}` };
        const fault = others(object[key]);
        if (fault) return within(key, fault);
      }
      return undefined;
    };
  }

  #array({ items, prefixItems = [], minItems = prefixItems.length }: JsonSchema): Check {
    const first = prefixItems.map((item) => this.compile(item));
    const rest = items && this.compile(items);
    return (value) => {
      if (!Array.isArray(value)) return wrong(value, "a list");
      if (value.length < minItems) {
        return { path: [], message: `needs at least ${minItems} entries, not ${value.length}` };
      }
      for (let i = 0; i < value.length; i++) {
        const fault = (first[i] ?? rest)?.(value[i]);
        if (fault) return within(i, fault);
      }
      return undefined;
    };
  }

  #choice(choices: readonly JsonSchema[]): Check {
    const word = tellTale(choices.map((choice) => this.#resolved(choice)));
    if (word !== undefined) return this.#told(word, choices);
    const checks = choices.map((choice) => this.compile(choice));
    return (value) => {
      const faults: Fault[] = [];
      for (const check of checks) {
        const fault = check(value);
        if (!fault) return undefined;
        faults.push(fault);
      }
      const nearest = faults.reduce((a, b) => (b.path.length > a.path.length ? b : a));
      const expected = faults.flatMap((fault) => fault.expected ?? []);
      return nearest.path.length > 0 || expected.length === 0 ? nearest : wrong(value, expected.join(" or "));
    };
  }

  #told(word: string, choices: readonly JsonSchema[]): Check {
    const byWord = new Map<unknown, Check>();
    for (const choice of choices) {
      const check = this.compile(choice);
      for (const value of wordsOf(this.#resolved(choice), word)) byWord.set(value, check);
    }
    const expected = listed([...byWord.keys()]);
    return (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        return wrong(value, "an object");
      const told = (value as Readonly<Record<string, unknown>>)[word];
      if (told === undefined) return { path: [word], message: `is missing: give ${expected}` };
      return (
        byWord.get(told)?.(value) ?? (byWord.has(told) ? undefined : within(word, wrong(told, expected)))
      );
    };
  }

  /** What is to be given where a field is missing. */
  #purpose(schema: JsonSchema): string {
    const { type, enum: words } = this.#resolved(schema);
    const name = words ? listed(words) : type === undefined ? "a value" : nameOf([type].flat());
    return schema.description === undefined ? name : `${name} (${schema.description.replace(/\.$/, "")})`;
  }

  #resolved(schema: JsonSchema): JsonSchema {
    return schema.$ref === undefined ? schema : this.#resolved(this.#target(schema.$ref));
  }

  #target(ref: string): JsonSchema {
    return this.#defs[ref.slice("#/$defs/".length)] ?? {};
  }
}

/** The field whose value says which of these objects it is. */
function tellTale(choices: readonly JsonSchema[]): string | undefined {
  const [first] = choices;
  if (!first || choices.some(({ type }) => type !== "object")) return undefined;
  return Object.keys(first.properties ?? {}).find((key) => {
    const all = choices.map((choice) => wordsOf(choice, key));
    const flat = all.flat();
    return all.every(({ length }) => length > 0) && new Set(flat).size === flat.length;
  });
}

function wordsOf({ properties = {}, required = [] }: JsonSchema, key: string): readonly unknown[] {
  const field = properties[key];
  if (!field || !required.includes(key)) return [];
  return "const" in field ? [field.const] : (field.enum ?? []);
}

function oneOf(values: readonly unknown[]): Check {
  const allowed = new Set(values);
  const expected = listed(values);
  return (value) => (allowed.has(value) ? undefined : wrong(value, expected));
}

function plain({ minimum, maximum }: JsonSchema, types: readonly string[]): Check {
  const fits = types.map((type) => FITS[type] ?? (() => false));
  const expected = nameOf(types);
  const least = minimum ?? Number.NEGATIVE_INFINITY;
  const most = maximum ?? Number.POSITIVE_INFINITY;
  return (value) => {
    if (!fits.some((fit) => fit(value))) return wrong(value, expected);
    if (typeof value !== "number") return undefined;
    if (value < least) return wrong(value, `${least} or more`);
    return value > most ? wrong(value, `${most} or less`) : undefined;
  };
}

const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  array: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};

const NAMES: Readonly<Record<string, string>> = {
  array: "a list",
  object: "an object",
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  null: "null",
};

function nameOf(types: readonly string[]): string {
  return types.map((type) => NAMES[type] ?? type).join(" or ");
}

function wrong(value: unknown, expected: string): Fault {
  const found = JSON.stringify(value) ?? "nothing";
  const said = found.length > 60 ? `${found.slice(0, 57)}...` : found;
  return { path: [], message: `must be ${expected}, not ${said}`, expected };
}

function within(key: string | number, { path, message }: Fault): Fault {
  return { path: [key, ...path], message };
}

function listed(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  return texts.length === 1 ? (texts[0] ?? "") : `one of ${texts.join(", ")}`;
}
