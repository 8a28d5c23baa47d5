import journalSchema from "../schemas/router-journal.schema.json" with { type: "json" };
import { compileSchema, problemText, type SchemaCheck } from "./journal-schema-check.ts";

type Defs = Readonly<Record<string, { readonly [keyword: string]: unknown }>>;

/** Decisions are compared, never carried out: of another engine's it is enough that they are some. */
const SOME_DECISION = {
  type: "object",
  properties: { type: { type: "string" }, at: { type: "integer" } },
  required: ["type", "at"],
};

let check: SchemaCheck | undefined;

/** What is wrong with a line of a journal file, as a sentence; undefined when it is good. */
export function lineProblem(line: unknown): string | undefined {
  check ??= compileSchema(
    { $ref: "#/$defs/JournalLine" },
    { ...(journalSchema.$defs as Defs), Decision: SOME_DECISION },
  );
  const problem = check(line);
  return problem && problemText(problem);
}
