import { compileSchema, type JsonSchema, type SchemaCheck } from "@svara/kernel";
import journalSchema from "../schemas/router-journal.schema.json" with { type: "json" };

/** Decisions are compared, never carried out: of another engine's it is enough that they are some. */
const SOME_DECISION: JsonSchema = {
  type: "object",
  properties: { type: { type: "string" }, at: { type: "integer" } },
  required: ["type", "at"],
};

let check: SchemaCheck | undefined;

/** What is wrong with a line of a journal file, as a sentence; undefined when it is good. */
export function lineProblem(line: unknown): string | undefined {
  const { $defs, $ref } = journalSchema as JsonSchema;
  check ??= compileSchema({ ...($ref ? { $ref } : {}), $defs: { ...$defs, Decision: SOME_DECISION } });
  const problem = check(line);
  return problem && `${problem.field || "it"} ${problem.message}`;
}
