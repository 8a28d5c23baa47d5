/**
 * Writes the published JSON Schemas of the rules file, the staff file and the scenario file: `node packages/workforce/tools/make-schemas.ts`. What
 * they say of queues, agents and rules is what the router's journal schema says, with every field optional. A unit
 * test fails while they are older than the router's.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rosterProblemSchema, rosterSchema } from "./roster-schemas.ts";
import { scenarioFileSchema } from "./scenario-file-schema.ts";

const WORKFORCE = join(import.meta.dirname, "..");
const ROUTER_SCHEMA = join(WORKFORCE, "..", "routing", "schemas", "router-journal.schema.json");
const DRAFT = "https://json-schema.org/draft/2020-12/schema";

type Schema = { readonly [keyword: string]: unknown };
type Defs = Readonly<Record<string, Schema>>;

/** All schemas as the text of their files, by file name. */
export function makeSchemas(): Record<string, string> {
  const router = (JSON.parse(readFileSync(ROUTER_SCHEMA, "utf8")) as { $defs: Defs }).$defs;
  const strict = Object.fromEntries(Object.entries(router).map(([name, schema]) => [name, strictly(schema)]));
  return {
    "rules-file.schema.json": text(rulesFile(strict)),
    "staff-file.schema.json": text(staffFile(strict)),
    "roster-problem.schema.json": text(rosterProblemSchema()),
    "roster.schema.json": text(rosterSchema()),
    "scenario-file.schema.json": text(scenarioFile(strict)),
  };
}

function rulesFile(defs: Defs): Schema {
  return withDefs(
    {
      $schema: DRAFT,
      $id: "rules-file.schema.json",
      title: "Rules for svara whatif",
      description:
        "Other rules than the recorded ones. A queue or an agent that the record knows keeps every field that is not named; null takes a field away; an id that the record does not know is new.",
      type: "object",
      properties: {
        $schema: { type: "string" },
        queues: list(patchOf(defs.QueueConfig, "A queue as it should be.")),
        agents: list(patchOf(defs.AgentConfig, "An agent as it should be.")),
        rules: { ...defs.RouterRules, required: [] },
        redirect: {
          type: "object",
          additionalProperties: { type: "string" },
          description: "Contacts of the queue named on the left come to the queue named on the right.",
        },
      },
      additionalProperties: false,
    },
    defs,
  );
}

function staffFile(defs: Defs): Schema {
  const instant = {
    type: ["string", "integer"],
    description: "An instant: ISO 8601 with an offset, or milliseconds since 1970-01-01T00:00:00Z.",
  };
  const pause = {
    type: "object",
    properties: {
      from: instant,
      to: instant,
      reason: { type: "string", description: "`break` if absent." },
      paid: { type: "boolean", description: "True if absent." },
      productive: { type: "boolean", description: "False if absent." },
    },
    required: ["from", "to"],
    additionalProperties: false,
  };
  const shift = {
    type: "object",
    properties: {
      agentId: { type: "string", description: "whose shift it is" },
      from: instant,
      to: { ...instant, description: `${instant.description} Absent: to the end of the record.` },
      media: { type: "array", items: { $ref: "#/$defs/Medium" }, description: "Voice if absent." },
      breaks: list(pause),
    },
    required: ["agentId", "from"],
    additionalProperties: false,
  };
  return withDefs(
    {
      $schema: DRAFT,
      $id: "staff-file.schema.json",
      title: "Staff for svara whatif",
      description:
        "Other staff than the recorded one. With `shifts` nobody works but by them; without, everybody works as recorded, less `without`, and with `more`.",
      type: "object",
      properties: {
        $schema: { type: "string" },
        agents: list(patchOf(defs.AgentConfig, "An agent as it should be, or a new one.")),
        shifts: list(shift),
        more: list({
          type: "object",
          properties: {
            like: { type: "string", description: "the agent whose day is copied" },
            count: { type: "integer", minimum: 1, maximum: 1000, description: "how many more" },
          },
          required: ["like", "count"],
          additionalProperties: false,
        }),
        without: { ...list({ type: "string" }), description: "Agents who are not there." },
      },
      additionalProperties: false,
    },
    defs,
  );
}

function scenarioFile(defs: Defs): Schema {
  const queue = patchOf(defs.QueueConfig, "A queue as it should be.");
  const agent = patchOf(defs.AgentConfig, "An agent as it should be.");
  const { schema, defs: own } = scenarioFileSchema({
    queuePatch: queue,
    queueRules: withoutId(queue),
    agentRules: withoutId(agent),
    routerRules: { ...defs.RouterRules, required: [] },
  });
  return withDefs({ $schema: DRAFT, $id: "scenario-file.schema.json", ...schema }, { ...defs, ...own });
}

function withoutId(schema: Schema): Schema {
  const { id: _id, ...properties } = schema.properties as Record<string, Schema>;
  return { ...schema, properties, required: [] };
}

/** Every field but the id may be left out; one that is optional may be taken away by null. */
function patchOf(schema: Schema | undefined, description: string): Schema {
  const { id, ...properties } = (schema?.properties ?? {}) as Record<string, Schema>;
  const required = new Set(schema?.required as readonly string[]);
  const loosened = Object.entries(properties).map(([name, rule]) => {
    if (required.has(name)) return [name, rule];
    const { description: said, ...rest } = rule;
    return [name, { ...(said === undefined ? {} : { description: said }), anyOf: [rest, { type: "null" }] }];
  });
  return {
    type: "object",
    description,
    properties: {
      id: { ...id, description: "the id of the one that is meant" },
      ...Object.fromEntries(loosened),
    },
    required: ["id"],
    additionalProperties: false,
  };
}

function list(items: Schema): Schema {
  return { type: "array", items };
}

/** Objects of known shape take no other fields, and lengths of time are not negative: a misspelt word is told, not passed over. */
function strictly(schema: unknown): Schema {
  return walk(schema, undefined) as Schema;
}

function walk(value: unknown, name: string | undefined): unknown {
  if (Array.isArray(value)) return value.map((part) => walk(part, undefined));
  if (typeof value !== "object" || value === null) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, walk(part, key)]));
  if (schema.type === "object" && schema.properties && schema.additionalProperties === undefined) {
    return { ...schema, additionalProperties: false };
  }
  if (schema.type === "number" && name?.endsWith("Ms")) return { ...schema, minimum: 0 };
  return schema;
}

/** With the definitions that are reached, and no others. */
function withDefs(schema: Schema, defs: Defs): Schema {
  const reached = new Set<string>();
  const look = (value: unknown): void => {
    for (const [, name = ""] of JSON.stringify(value).matchAll(/"#\/\$defs\/([^"]+)"/g)) {
      if (reached.has(name)) continue;
      reached.add(name);
      look(defs[name]);
    }
  };
  look(schema);
  return { ...schema, $defs: Object.fromEntries([...reached].sort().map((name) => [name, defs[name]])) };
}

function text(schema: Schema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main) {
  const folder = join(WORKFORCE, "schemas");
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(makeSchemas())) writeFileSync(join(folder, name), content);
}
