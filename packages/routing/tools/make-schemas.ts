/**
 * Writes the published JSON Schemas from the types: `node packages/routing/tools/make-schemas.ts`. A unit test fails while a
 * schema is older than the types.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Schema, TypeSchemas } from "./type-schema.ts";

const ROUTING = join(import.meta.dirname, "..");

/** The state of a router is its engine's own: another engine does not read it, and nobody else needs to. */
const OPAQUE: Readonly<Record<string, Schema>> = {
  RouterSnapshot: {
    description: "The whole state of a router, for the engine version that took it.",
    type: "object",
    properties: {
      engineVersion: { type: "string" },
      routerId: { type: "string" },
      epoch: { type: "number" },
      seq: { type: "number" },
      now: { $ref: "#/$defs/Instant" },
    },
    required: ["engineVersion", "routerId", "epoch", "seq", "now"],
  },
};

/** Every schema of this package as the text of its file, by file name. */
export function makeSchemas(): Record<string, string> {
  const types = new TypeSchemas(join(ROUTING, ".."), OPAQUE);
  const line = types.refTo(join(ROUTING, "src", "journal-line.ts"), "JournalLine");
  const journal = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "router-journal.schema.json",
    title: "A line of a router's journal",
    description:
      "A journal file is JSON Lines (UTF-8, .gz when compressed): the header first, then entries in order, a snapshot before the entries of a run that do not begin at its first, and an end. Fields that are not named here are to be passed over.",
    ...line,
    $defs: types.defs,
  };
  return { "router-journal.schema.json": `${JSON.stringify(journal, null, 2)}\n` };
}

if (import.meta.main) {
  const folder = join(ROUTING, "schemas");
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(makeSchemas())) writeFileSync(join(folder, name), text);
}
