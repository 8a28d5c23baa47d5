import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "vite";

/** A JSON Schema (draft 2020-12) as plain data. */
export type Schema = { readonly [keyword: string]: unknown };

type Node = { readonly type: string; readonly start: number; readonly end: number } & Readonly<
  Record<string, unknown>
>;

interface Comment {
  readonly end: number;
  readonly text: string;
}

interface Declared {
  readonly module: Module;
  readonly node: Node;
  readonly description: string | undefined;
}

/** Types whose JSON is narrower than what TypeScript says. */
const NARROWER: Readonly<Record<string, Schema>> = {
  Instant: { type: "integer", description: "Milliseconds since 1970-01-01T00:00:00Z." },
};

/** What may stand between a doc comment and what it describes. */
const BETWEEN = /^[\s|]*(?:export\s+)?(?:readonly\s+)?$/;

/**
 * Turns exported TypeScript types into JSON Schema: interfaces, unions of object types and words, arrays, tuples, Record,
 * Partial, Readonly, Exclude, Pick, Omit and indexed access. Doc comments become descriptions. Anything else is an error that
 * names the place, so that the schema never says less than the types.
 */
export class TypeSchemas {
  readonly #packages: string;
  readonly #modules = new Map<string, Module>();
  readonly #opaque: Readonly<Record<string, Schema>>;
  readonly #defs: Record<string, Schema> = {};
  readonly #origins = new Map<string, string>();

  /** `packages`: the folder of the workspace's packages. `opaque`: types that the schema describes in its own words. */
  constructor(packages: string, opaque: Readonly<Record<string, Schema>> = {}) {
    this.#packages = packages;
    this.#opaque = opaque;
  }

  /** Every named type that was met so far, by name. */
  get defs(): Readonly<Record<string, Schema>> {
    return Object.fromEntries(Object.entries(this.#defs).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The schema of a type that `file` exports: a reference into `defs`. */
  refTo(file: string, name: string): Schema {
    return this.#ref(this.#module(file), name);
  }

  #module(file: string): Module {
    const known = this.#modules.get(file);
    if (known) return known;
    const made = new Module(file);
    this.#modules.set(file, made);
    return made;
  }

  #ref(module: Module, name: string): Schema {
    const own = this.#opaque[name] ?? NARROWER[name];
    const found = this.#find(module, name);
    const target = found?.node;
    if (!own && (!found || !target))
      throw new Error(`${module.file} names ${name}, which is not a plain type`);
    const origin = found?.module.file ?? "";
    const before = this.#origins.get(name);
    if (before !== undefined && before !== origin) {
      throw new Error(`two types are called ${name}: in ${before} and ${origin}`);
    }
    if (before === undefined) {
      this.#origins.set(name, origin);
      if (own) this.#defs[name] = own;
      else if (found && target) this.#defs[name] = describe(this.#declared(found), found.description);
    }
    return { $ref: `#/$defs/${name}` };
  }

  #declared({ module, node }: Declared): Schema {
    if (node.type === "TSInterfaceDeclaration") return this.#interface(module, node);
    return this.#type(module, node.typeAnnotation as Node);
  }

  #interface(module: Module, node: Node): Schema {
    const own = this.#object(module, (node.body as Node).body as Node[]);
    const parents = (node.extends as Node[]).map((parent) =>
      this.#resolved(module, { ...parent, type: "TSTypeReference", typeName: parent.expression } as Node),
    );
    return parents.length === 0 ? own : merged([...parents, own]);
  }

  #find(module: Module, name: string): Declared | undefined {
    const here = module.declared.get(name);
    if (here) return here;
    const from = module.imported.get(name);
    return from && this.#find(this.#module(this.#fileOf(module, from.specifier)), from.name);
  }

  #fileOf(module: Module, specifier: string): string {
    if (specifier.startsWith(".")) return join(dirname(module.file), specifier);
    if (specifier.startsWith("@svara/")) {
      return join(this.#packages, specifier.slice("@svara/".length), "src", "index.ts");
    }
    throw new Error(`${module.file} takes a type from ${specifier}`);
  }

  #type(module: Module, node: Node): Schema {
    switch (node.type) {
      case "TSStringKeyword":
        return { type: "string" };
      case "TSNumberKeyword":
        return { type: "number" };
      case "TSBooleanKeyword":
        return { type: "boolean" };
      case "TSNullKeyword":
        return { type: "null" };
      case "TSUnknownKeyword":
        return {};
      case "TSLiteralType":
        return { const: (node.literal as Node).value };
      case "TSTemplateLiteralType":
        return { type: "string" };
      case "TSParenthesizedType":
      case "TSTypeOperator":
        return this.#type(module, node.typeAnnotation as Node);
      case "TSArrayType":
        return { type: "array", items: this.#type(module, node.elementType as Node) };
      case "TSTupleType": {
        const items = (node.elementTypes as Node[]).map((each) => this.#type(module, each));
        return { type: "array", prefixItems: items, minItems: items.length, maxItems: items.length };
      }
      case "TSTypeLiteral":
        return this.#object(module, node.members as Node[]);
      case "TSUnionType":
        return union(
          (node.types as Node[]).map((each) => describe(this.#type(module, each), module.docOf(each))),
        );
      case "TSIntersectionType":
        return merged((node.types as Node[]).map((each) => this.#resolved(module, each)));
      case "TSIndexedAccessType":
        return this.#indexed(module, node);
      case "TSTypeReference":
        return this.#reference(module, node);
      default:
        throw new Error(`${module.file} uses ${node.type}, which has no JSON Schema: ${module.textOf(node)}`);
    }
  }

  #object(module: Module, members: readonly Node[]): Schema {
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const member of members) {
      if (member.type !== "TSPropertySignature") {
        throw new Error(`${module.file} has a member that is no field: ${module.textOf(member)}`);
      }
      const key = member.key as Node;
      const name = (key.name ?? key.value) as string;
      const type = (member.typeAnnotation as Node).typeAnnotation as Node;
      properties[name] = describe(this.#type(module, type), module.docOf(member));
      if (member.optional !== true) required.push(name);
    }
    return { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
  }

  #reference(module: Module, node: Node): Schema {
    const name = (node.typeName as Node).name as string;
    const args = ((node.typeArguments as Node | null)?.params ?? []) as Node[];
    const [first, second] = args;
    if (!first) return this.#ref(module, name);
    switch (name) {
      case "Readonly":
      case "Brand":
        return this.#type(module, first);
      case "ReadonlyArray":
      case "Array":
        return { type: "array", items: this.#type(module, first) };
      case "Partial": {
        const { required: _, ...rest } = this.#resolved(module, first);
        return rest;
      }
      case "Record":
        return this.#record(this.#resolved(module, first), this.#type(module, second as Node));
      case "Exclude":
      case "Extract": {
        const named = new Set(wordsOf(this.#resolved(module, second as Node)));
        const keep = (word: unknown): boolean => named.has(word) === (name === "Extract");
        return { enum: wordsOf(this.#resolved(module, first)).filter(keep) };
      }
      case "Pick":
      case "Omit": {
        const named = new Set(wordsOf(this.#resolved(module, second as Node)));
        return picked(this.#resolved(module, first), (key) => named.has(key) === (name === "Pick"));
      }
      default:
        throw new Error(`${module.file} uses ${name}<...>, which has no JSON Schema: ${module.textOf(node)}`);
    }
  }

  #record(keys: Schema, values: Schema): Schema {
    const words = keys.enum ?? (keys.const === undefined ? undefined : [keys.const]);
    if (!Array.isArray(words)) return { type: "object", additionalProperties: values };
    return {
      type: "object",
      properties: Object.fromEntries(words.map((word) => [word as string, values])),
      required: words,
    };
  }

  #indexed(module: Module, node: Node): Schema {
    const key = ((node.indexType as Node).literal as Node | undefined)?.value;
    const object = this.#resolved(module, node.objectType as Node);
    const choices = (object.anyOf as Schema[] | undefined) ?? [object];
    const fields = choices.map((choice) => (choice.properties as Record<string, Schema>)[key as string]);
    if (fields.includes(undefined as never)) {
      throw new Error(`${module.file}: no field ${String(key)} in ${module.textOf(node)}`);
    }
    return union(fields as Schema[]);
  }

  /** As `#type`, with a reference replaced by what it refers to. */
  #resolved(module: Module, node: Node): Schema {
    let schema = this.#type(module, node);
    while (typeof schema.$ref === "string") {
      schema = this.#defs[schema.$ref.slice("#/$defs/".length)] as Schema;
    }
    return schema;
  }
}

/** The types that a file declares and imports, with the comments above them. */
class Module {
  readonly file: string;
  readonly declared = new Map<string, Declared>();
  /** Local name to where it comes from; re-exports are among them. */
  readonly imported = new Map<string, { readonly specifier: string; readonly name: string }>();
  readonly #text: string;
  readonly #comments: readonly Comment[];

  constructor(file: string) {
    this.file = file;
    this.#text = readFileSync(file, "utf8");
    const { program, comments, errors } = parseSync(file, this.#text);
    if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message}`);
    this.#comments = comments
      .filter(({ type, value }) => type === "Block" && value.startsWith("*"))
      .map(({ end, value }) => ({ end, text: plain(value) }));
    for (const node of program.body as unknown as Node[]) this.#take(node);
  }

  /** The doc comment above a node. */
  docOf({ start }: Node): string | undefined {
    const above = this.#comments.findLast(({ end }) => end <= start);
    return above && BETWEEN.test(this.#text.slice(above.end, start)) ? above.text : undefined;
  }

  textOf({ start, end }: Node): string {
    return this.#text.slice(start, end);
  }

  #take(node: Node): void {
    const declaration = node.declaration as Node | null | undefined;
    const inner = node.type === "ExportNamedDeclaration" && declaration ? declaration : node;
    if (inner.type === "TSInterfaceDeclaration" || inner.type === "TSTypeAliasDeclaration") {
      const description = this.docOf(node);
      this.declared.set((inner.id as Node).name as string, { module: this, node: inner, description });
    }
    const specifier = (node.source as Node | null | undefined)?.value as string | undefined;
    if (specifier === undefined) return;
    for (const each of (node.specifiers as Node[] | undefined) ?? []) {
      const local = (each.local as Node).name as string;
      if (each.type === "ImportSpecifier") {
        this.imported.set(local, { specifier, name: (each.imported as Node).name as string });
      } else if (each.type === "ExportSpecifier") {
        this.imported.set((each.exported as Node).name as string, { specifier, name: local });
      }
    }
  }
}

/** A comment's text without its stars, in one line. */
function plain(comment: string): string {
  return comment
    .split("\n")
    .map((line) => line.replace(/^\s*\*+\s?/, "").trim())
    .join(" ")
    .trim();
}

function describe(schema: Schema, description: string | undefined): Schema {
  return description === undefined ? schema : { ...schema, description };
}

function union(choices: readonly Schema[]): Schema {
  const words = choices.flatMap((choice) => wordsOrNothing(choice) ?? []);
  const others = choices.filter((choice) => wordsOrNothing(choice) === undefined);
  const flat = others.flatMap((choice) =>
    Object.keys(choice).length === 1 && choice.anyOf ? (choice.anyOf as Schema[]) : [choice],
  );
  const all = words.length > 0 ? [...flat, { enum: [...new Set(words)] }] : flat;
  return all.length === 1 ? (all[0] as Schema) : { anyOf: all };
}

/** The values of a schema that does nothing but list them; null counts as a word. */
function wordsOrNothing(schema: Schema): readonly unknown[] | undefined {
  if ("const" in schema) return [schema.const];
  if (Array.isArray(schema.enum)) return schema.enum;
  if (schema.type === "null") return [null];
  if (!Array.isArray(schema.anyOf)) return undefined;
  const words = (schema.anyOf as Schema[]).map(wordsOrNothing);
  return words.includes(undefined) ? undefined : words.flatMap((each) => each ?? []);
}

function wordsOf(schema: Schema): readonly unknown[] {
  const words = wordsOrNothing(schema);
  if (words === undefined) throw new Error(`not a list of words: ${JSON.stringify(schema).slice(0, 200)}`);
  return words;
}

function merged(parts: readonly Schema[]): Schema {
  const required = parts.flatMap((part) => (part.required as string[] | undefined) ?? []);
  return {
    type: "object",
    properties: Object.assign({}, ...parts.map((part) => part.properties)),
    ...(required.length > 0 ? { required } : {}),
  };
}

function picked(schema: Schema, keep: (key: string) => boolean): Schema {
  const properties = Object.entries(schema.properties as Record<string, Schema>).filter(([key]) => keep(key));
  const required = ((schema.required as string[] | undefined) ?? []).filter(keep);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required } : {}),
  };
}
