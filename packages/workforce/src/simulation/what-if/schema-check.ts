/** The part of JSON Schema (draft 2020-12) that our published file formats use. */
export interface JsonSchema {
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
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The first thing that is wrong with a value. */
export interface SchemaProblem {
  /** Where, as a dotted path: `queues.0.wrapUp.limitMs`; empty for the whole. */
  readonly field: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** Finds the first place where a value does not keep a schema. */
export function checkSchema(value: unknown, schema: JsonSchema): SchemaProblem | undefined {
  return new Check(schema).problem(value, schema, []);
}

type Path = readonly (string | number)[];

class Check {
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  problem(value: unknown, schema: JsonSchema, path: Path): SchemaProblem | undefined {
    if (schema.$ref !== undefined) {
      const target = this.#target(schema.$ref);
      const found = this.problem(value, target, path);
      if (found) return found;
    }
    if (schema.anyOf) return this.#anyOf(value, schema.anyOf, path);
    if ("const" in schema && value !== schema.const) return wrong(value, path, JSON.stringify(schema.const));
    if (schema.enum && !schema.enum.includes(value)) return wrong(value, path, oneOf(schema.enum));
    if (schema.type !== undefined && !typesOf(value).some((type) => isIn(type, schema.type))) {
      return wrong(value, path, nameOf(schema.type));
    }
    if (typeof value === "number") return limits(value, schema, path);
    if (Array.isArray(value)) return this.#items(value, schema, path);
    if (typeof value === "object" && value !== null) {
      return this.#object(value as Readonly<Record<string, unknown>>, schema, path);
    }
    return undefined;
  }

  #object(
    value: Readonly<Record<string, unknown>>,
    schema: JsonSchema,
    path: Path,
  ): SchemaProblem | undefined {
    const { properties = {}, required = [], additionalProperties } = schema;
    for (const name of required) {
      if (value[name] === undefined) {
        const message = `is missing: give ${this.#purpose(properties[name] ?? {})}`;
        return { field: [...path, name].join("."), message };
      }
    }
    for (const [name, part] of Object.entries(value)) {
      const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
      const rule = known ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
      if (rule === undefined) {
        if (additionalProperties !== false) continue;
        const names = Object.keys(properties).filter((other) => other !== "$schema");
        return { field: [...path, name].join("."), message: `is not known here: use ${names.join(", ")}` };
      }
      const found = this.problem(part, rule, [...path, name]);
      if (found) return found;
    }
    return undefined;
  }

  #items(
    value: readonly unknown[],
    { items, minItems = 0 }: JsonSchema,
    path: Path,
  ): SchemaProblem | undefined {
    if (value.length < minItems) {
      return { field: path.join("."), message: `needs at least ${minItems} entries, not ${value.length}` };
    }
    if (items === undefined) return undefined;
    for (const [index, part] of value.entries()) {
      const found = this.problem(part, items, [...path, index]);
      if (found) return found;
    }
    return undefined;
  }

  /** The branch that comes nearest speaks: the one whose fixed words fit, or the one that fails deepest. */
  #anyOf(value: unknown, branches: readonly JsonSchema[], path: Path): SchemaProblem | undefined {
    let nearest: SchemaProblem | undefined;
    for (const branch of branches) {
      const found = this.problem(value, branch, path);
      if (found === undefined) return undefined;
      if (this.#isMeant(value, branch)) return found;
      if (nearest === undefined || found.field.length > nearest.field.length) nearest = found;
    }
    const words = branches.flatMap((branch) => this.#fixedWords(branch));
    if (nearest === undefined || words.length === 0 || typeof value !== "object") return nearest;
    const [name] = words[0] ?? [""];
    const right = words.filter(([other]) => other === name).map(([, word]) => word);
    return { field: [...path, name].join("."), message: `must be ${oneOf(right)}` };
  }

  #isMeant(value: unknown, branch: JsonSchema): boolean {
    if (typeof value !== "object" || value === null) return false;
    const words = this.#fixedWords(branch);
    return (
      words.length > 0 && words.every(([name, word]) => (value as Record<string, unknown>)[name] === word)
    );
  }

  #fixedWords(branch: JsonSchema): [string, unknown][] {
    const schema = branch.$ref === undefined ? branch : this.#target(branch.$ref);
    return Object.entries(schema.properties ?? {}).flatMap(([name, rule]): [string, unknown][] =>
      "const" in rule ? [[name, rule.const]] : [],
    );
  }

  #purpose(schema: JsonSchema): string {
    if (schema.description !== undefined) return schema.description;
    if (schema.$ref !== undefined) return this.#purpose(this.#target(schema.$ref));
    return schema.type === undefined ? "a value" : nameOf(schema.type);
  }

  #target(ref: string): JsonSchema {
    return this.#root.$defs?.[ref.slice("#/$defs/".length)] ?? {};
  }
}

function limits(value: number, schema: JsonSchema, path: Path): SchemaProblem | undefined {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (value >= minimum && value <= maximum) return undefined;
  const right = value < minimum ? `${minimum} or more` : `${maximum} or less`;
  return { field: path.join("."), message: `must be ${right}, not ${value}` };
}

function wrong(value: unknown, path: Path, right: string): SchemaProblem {
  const said = value === undefined ? "nothing" : JSON.stringify(value).slice(0, 60);
  return { field: path.join("."), message: `must be ${right}, not ${said}` };
}

function typesOf(value: unknown): readonly string[] {
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["array"];
  if (typeof value === "number") return Number.isInteger(value) ? ["integer", "number"] : ["number"];
  return [typeof value];
}

function isIn(type: string, allowed: JsonSchema["type"]): boolean {
  return typeof allowed === "string" ? type === allowed : (allowed ?? []).includes(type);
}

function nameOf(type: string | readonly string[]): string {
  const names: Readonly<Record<string, string>> = {
    array: "a list",
    object: "an object",
    string: "a text",
    number: "a number",
    integer: "a whole number",
    boolean: "true or false",
    null: "null",
  };
  return (typeof type === "string" ? [type] : type).map((one) => names[one] ?? one).join(" or ");
}

function oneOf(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(" or ");
}
