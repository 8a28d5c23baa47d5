import { entryPointDraft, type FieldProblem } from "@svara/contracts";
import { checkFlow, type EntryPointForm, entryPointFlow } from "@svara/flows";
import { sql } from "kysely";
import type { z } from "zod";
import type { Catalogue } from "../office/catalogue.ts";
import type { OfficeKind, Reference } from "../office/office-kind.ts";
import { clientPlace, clientReference, optionalReference } from "../office/own-client.ts";
import { tableKind, untyped } from "../office/table-kind.ts";

export type EntryPointValue = z.output<typeof entryPointDraft>;

const stored = tableKind<EntryPointValue, { readonly version: number }>(
  {
    kind: "entry_point",
    word: "entry point",
    schema: entryPointDraft,
    view: "entry_points.view",
    edit: "entry_points.edit",
    unique: { entry_point_name_unique: "name" },
    nameOf: (entryPoint) => entryPoint.name,
    placeOf: clientPlace,
    references: (entryPoint) => [clientReference(entryPoint), ...formReferences(entryPoint)],
    check: (entryPoint, { id, catalogue }) => flowFaults(entryPoint, id, catalogue),
  },
  {
    table: "entryPoint",
    toRow: (entryPoint) => ({ ...entryPoint, form: JSON.stringify(entryPoint.form), version: 1 }),
    fromRow: (row) => ({
      clientId: String(row.clientId),
      name: String(row.name),
      form: row.form as EntryPointValue["form"],
    }),
    extraOf: (row) => ({ version: Number(row.version) }),
  },
);

/** What numbers lead to: the plain form of a flow, whose version rises with each change. */
export const entryPointKind: OfficeKind<EntryPointValue, { readonly version: number }> = {
  ...stored,
  async write(tx, id, value, context) {
    const row = {
      clientId: value.clientId,
      name: value.name,
      form: JSON.stringify(value.form),
      archived: false,
      revision: context.revision,
    };
    await untyped(tx)
      .insertInto("entryPoint")
      .values({ id, ...row, version: 1 })
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet({ ...row, version: sql`entry_point.version + 1` }),
      )
      .execute();
  },
};

function formReferences({ form }: EntryPointValue): readonly Reference[] {
  const prompts = ["greeting", "music", "closedMessage", "unstaffedMessage"] as const;
  return [
    { kind: "queue", id: form.queueId, field: "form.queueId" },
    ...optionalReference("hours", "form.hoursId", form.hoursId),
    ...(["closedThen", "unstaffedThen"] as const).flatMap((field) => {
      const then = form[field];
      return then?.kind === "queue"
        ? [{ kind: "queue" as const, id: then.queueId, field: `form.${field}.queueId` }]
        : [];
    }),
    ...prompts.flatMap((field) => {
      const choice = form[field];
      return choice === "default" ? [] : optionalReference("prompt", `form.${field}`, choice);
    }),
  ];
}

/** The form as the flows know it. */
export function formOf(form: EntryPointValue["form"]): EntryPointForm {
  return {
    language: form.language,
    recordingNotice: form.recordingNotice,
    queueId: form.queueId,
    music: form.music,
    announcePosition: form.announcePosition,
    announceEstimatedWait: form.announceEstimatedWait,
    announceEverySec: form.announceEverySec,
    closedThen: form.closedThen,
    ...(form.greeting !== undefined && { greeting: form.greeting }),
    ...(form.hoursId !== undefined && { hoursId: form.hoursId }),
    ...(form.closedMessage !== undefined && { closedMessage: form.closedMessage }),
    ...(form.unstaffedMessage !== undefined && { unstaffedMessage: form.unstaffedMessage }),
    ...(form.unstaffedThen !== undefined && { unstaffedThen: form.unstaffedThen }),
  };
}

/** What the checker of flows says of the graph that the form makes. */
function flowFaults(entryPoint: EntryPointValue, id: string, catalogue: Catalogue): FieldProblem[] {
  const flow = entryPointFlow(formOf(entryPoint.form), { flowId: id, version: 1 });
  const ids = (kind: "queue" | "hours" | "prompt") =>
    new Set(catalogue.inUseOf(kind).map((stored) => stored.id));
  return checkFlow(flow, { queues: ids("queue"), hours: ids("hours"), prompts: ids("prompt") })
    .filter((problem) => problem.severity === "error")
    .map(({ path, code, message }) => ({ field: `form.${path}`, code, message }));
}
