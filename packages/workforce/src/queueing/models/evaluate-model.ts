import { SvaraError } from "@svara/kernel";
import { badInput } from "../input.ts";
import { ERLANG_MODELS } from "./erlang-models.ts";
import { inFileNames, isGiven, type Model, type ModelInputs, type ModelOutputs } from "./fields.ts";
import { SKILL_MODELS } from "./skill-models.ts";
import { STRUCTURE_MODELS } from "./structure-models.ts";
import { TIME_MODELS } from "./time-models.ts";

/** Every model by name. */
const MODELS: ReadonlyMap<string, Model> = new Map(
  Object.entries({ ...ERLANG_MODELS, ...STRUCTURE_MODELS, ...TIME_MODELS, ...SKILL_MODELS }),
);

/** Remarks that a record may carry and no model reads. */
const REMARKS: ReadonlySet<string> = new Set(["note", "meaning", "comment"]);

/** Records that no formula answers, and what does. */
const ELSEWHERE: readonly (readonly [prefix: string, instead: string])[] = [
  ["simulation_", 'is answered by simulation only; use "svara simulate"'],
  ["data_", 'is fitted to call records; use "svara forecast"'],
];

/** What a model takes, for help and forms. */
export interface ModelSummary {
  readonly name: string;
  readonly summary: string;
  readonly needs: readonly string[];
  readonly takes: readonly string[];
}

/** All models by name, as they are told apart in help. */
export function modelSummaries(): readonly ModelSummary[] {
  return [...MODELS].map(([name, { summary, needs, takes = [] }]) => ({ name, summary, needs, takes }));
}

/**
 * The outputs of a model by name, all under the names of files (`lambda_per_hour`, `servedWithin_20s_ofAll`).
 * @throws `queueing.unknown_model`, `queueing.no_formula` (field `model`); `queueing.bad_input` naming the field;
 *   `queueing.unstable`; `queueing.unreachable`
 */
export function evaluateModel(name: string, inputs: unknown): ModelOutputs {
  const model = modelNamed(name);
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs))
    throw badInput("inputs", `inputs is no object; give ${model.needs.join(", ")} by name`);
  const fields = inputs as ModelInputs;
  checkNames(name, model, fields);
  try {
    return model.evaluate(fields);
  } catch (error) {
    throw inFileNames(error);
  }
}

function modelNamed(name: string): Model {
  const model = MODELS.get(name);
  if (model !== undefined) return model;
  const elsewhere = ELSEWHERE.find(([prefix]) => name.startsWith(prefix));
  if (elsewhere !== undefined)
    throw new SvaraError(`model "${name}" ${elsewhere[1]}`, {
      code: "queueing.no_formula",
      httpStatus: 422,
      field: "model",
    });
  throw new SvaraError(`model "${name}" is not known; give one of ${[...MODELS.keys()].join(", ")}`, {
    code: "queueing.unknown_model",
    httpStatus: 400,
    field: "model",
  });
}

function checkNames(name: string, { needs, takes = [] }: Model, inputs: ModelInputs): void {
  const known = new Set([...needs, ...takes]);
  for (const field of Object.keys(inputs)) {
    if (!known.has(field) && !REMARKS.has(field))
      throw badInput(field, `${field} is no input of ${name}; give only ${[...known].join(", ")}`);
  }
  for (const field of needs) {
    if (!isGiven(inputs[field]))
      throw badInput(field, `${field} is missing; ${name} needs ${needs.join(", ")}`);
  }
}
