import { type AgentId, compileSchema, type Instant, type JsonSchema, SvaraError } from "@svara/kernel";
import type { AgentConfig, Medium } from "@svara/routing";
import staffFileSchema from "../../../schemas/staff-file.schema.json" with { type: "json" };
import type { Break, Shift } from "../scenario.ts";
import type { FieldPatch } from "./field-patch.ts";

/** Other staff than the recorded one. The published form is `schemas/staff-file.schema.json`. */
export interface StaffFile {
  /** Changes of recorded agents by id, or new agents; skills and slots. */
  readonly agents?: readonly (FieldPatch<AgentConfig> & { readonly id: AgentId })[];
  /** Instead of all recorded log-ins and breaks. */
  readonly shifts?: readonly Shift[];
  /** So many more agents who do as another one did. */
  readonly more?: readonly { readonly like: AgentId; readonly count: number }[];
  /** Agents who are not there. */
  readonly without?: readonly AgentId[];
}

/** A shift as it stands in the file: instants in ISO 8601 with an offset, or in milliseconds. */
interface ShiftInFile {
  readonly agentId: AgentId;
  readonly from: string | number;
  readonly to?: string | number;
  readonly media?: readonly Medium[];
  readonly breaks?: readonly {
    readonly from: string | number;
    readonly to: string | number;
    readonly reason?: string;
    readonly paid?: boolean;
    readonly productive?: boolean;
  }[];
}

const check = compileSchema(staffFileSchema as JsonSchema);

/** Takes a parsed JSON value as a staff file. Throws `workforce.staff_file`, which names the field and the remedy. */
export function parseStaffFile(value: unknown): StaffFile {
  const problem = check(value);
  if (problem) throw refused(problem.field, problem.message);
  const {
    $schema: _schema,
    shifts,
    ...file
  } = value as Omit<StaffFile, "shifts"> & {
    readonly $schema?: string;
    readonly shifts?: readonly ShiftInFile[];
  };
  if (shifts === undefined) return file;
  return { ...file, shifts: shifts.map((shift, index) => shiftOf(shift, `shifts.${index}`)) };
}

function shiftOf(shift: ShiftInFile, path: string): Shift {
  const from = instantOf(shift.from, `${path}.from`);
  const to = shift.to === undefined ? undefined : instantOf(shift.to, `${path}.to`);
  if (to !== undefined && to <= from) throw refused(`${path}.to`, "must be later than the shift's beginning");
  const breaks = (shift.breaks ?? []).map((pause, index): Break => {
    const at = `${path}.breaks.${index}`;
    const span = { from: instantOf(pause.from, `${at}.from`), to: instantOf(pause.to, `${at}.to`) };
    if (span.to <= span.from) throw refused(`${at}.to`, "must be later than the break's beginning");
    if (span.from < from || (to !== undefined && span.to > to)) {
      throw refused(`${at}.from`, "the break must lie inside its shift");
    }
    const { reason = "break", paid = true, productive = false } = pause;
    return { ...span, presence: { state: "not_ready", reason, paid, productive } };
  });
  return {
    agentId: shift.agentId,
    from,
    ...(to === undefined ? {} : { to }),
    ...(shift.media ? { media: shift.media } : {}),
    breaks,
  };
}

const ISO_WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

function instantOf(value: string | number, field: string): Instant {
  if (typeof value === "number") return value;
  const at = ISO_WITH_OFFSET.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) {
    throw refused(
      field,
      `must be an instant such as 2026-03-02T08:00:00+01:00, not ${JSON.stringify(value)}`,
    );
  }
  return at;
}

function refused(field: string, message: string): SvaraError {
  return new SvaraError(`staff file: ${field || "the file"} ${message}`, {
    code: "workforce.staff_file",
    httpStatus: 422,
    field,
  });
}
