import { SvaraError } from "@svara/kernel";
import { evaluateModel, type ModelOutputs } from "@svara/workforce/queueing";
import type { Given, Terminal } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import { jsonOf } from "./staffing-inputs.ts";
import { outputsTable } from "./staffing-table.ts";

interface BatchRecord {
  readonly id: unknown;
  readonly model: string;
  readonly inputs: unknown;
}

type BatchAnswer =
  | { readonly id: unknown; readonly model: string; readonly outputs: ModelOutputs }
  | { readonly id: unknown; readonly model: string; readonly error: Problem };

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly field?: string | undefined;
}

/**
 * Answers every record in order. One that has no answer stands with its error among the others, and the exit code is 1; a
 * file that holds no records is refused before anything is printed.
 */
export async function runBatch(given: Given, terminal: Terminal): Promise<number> {
  const others = Object.keys(given.options).filter((name) => name !== "batch" && name !== "json");
  if (others.length > 0)
    throw new UsageError(
      `--${others[0]} is given beside --batch, whose records say everything`,
      `leave out --${others[0]}`,
    );
  const answers = recordsOf(await jsonOf(given, terminal, "batch")).map(answerTo);
  const failed = answers.filter((answer) => "error" in answer).length;
  if (given.json) terminal.out(`${JSON.stringify(answers)}\n`);
  else terminal.out(answers.map(answerText).join("\n"));
  if (failed > 0) terminal.err(`svara: ${failed} of ${answers.length} records have no answer\n`);
  return failed > 0 ? 1 : 0;
}

function answerTo({ id, model, inputs }: BatchRecord): BatchAnswer {
  try {
    return { id, model, outputs: evaluateModel(model, inputs) };
  } catch (error) {
    if (!(error instanceof SvaraError)) throw error;
    const { code, message, field } = error;
    return { id, model, error: { code, message, field } };
  }
}

function answerText(answer: BatchAnswer): string {
  const head = `${String(answer.id)} ${answer.model}`;
  return "error" in answer ? `${head}\n  ${answer.error.message}\n` : outputsTable(head, answer.outputs);
}

function recordsOf(value: unknown): readonly BatchRecord[] {
  const remedy =
    'give an array such as [{"id": "1", "model": "erlangB", "inputs": {"agents": 15, "offered_erlang": 8}}]';
  if (!Array.isArray(value)) throw new UsageError("--batch is no array of records", remedy);
  return value.map((record: unknown, i) => {
    if (typeof record !== "object" || record === null)
      throw new UsageError(`--batch: entry ${i} is no record`, remedy);
    const { id, model, inputs } = record as Partial<BatchRecord>;
    if (id === undefined) throw new UsageError(`--batch: entry ${i} has no id`, remedy);
    if (typeof model !== "string") throw new UsageError(`--batch: entry ${i} has no model`, remedy);
    return { id, model, inputs };
  });
}
