import { type AgentId, compileSchema, type JsonSchema, type QueueId, SvaraError } from "@svara/kernel";
import type { AgentConfig, QueueConfig, RouterRules } from "@svara/routing";
import rulesFileSchema from "../../../schemas/rules-file.schema.json" with { type: "json" };
import type { FieldPatch } from "./field-patch.ts";

/** Other rules than the recorded ones. The published form is `schemas/rules-file.schema.json`. */
export interface RulesFile {
  /** Changes of recorded queues by id, or new queues. `null` takes a field away. */
  readonly queues?: readonly (FieldPatch<QueueConfig> & { readonly id: QueueId })[];
  /** Changes of recorded agents by id, or new agents. */
  readonly agents?: readonly (FieldPatch<AgentConfig> & { readonly id: AgentId })[];
  /** What holds for the whole centre; a word that is not given stays as recorded. */
  readonly rules?: Partial<RouterRules>;
  /** Contacts of a recorded queue come to another one. */
  readonly redirect?: Readonly<Record<QueueId, QueueId>>;
}

const check = compileSchema(rulesFileSchema as JsonSchema);

/** Takes a parsed JSON value as a rules file. Throws `workforce.rules_file`, which names the field and the remedy. */
export function parseRulesFile(value: unknown): RulesFile {
  const problem = check(value);
  if (problem === undefined) {
    const { $schema: _schema, ...file } = value as RulesFile & { readonly $schema?: string };
    return file;
  }
  throw new SvaraError(`rules file: ${problem.field || "the file"} ${problem.message}`, {
    code: "workforce.rules_file",
    httpStatus: 422,
    field: problem.field,
  });
}
