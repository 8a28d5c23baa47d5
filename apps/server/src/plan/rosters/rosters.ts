import { addDays, dayOf } from "@svara/calendar";
import type { RosterChangeDraft, RosterGroupDraft } from "@svara/contracts";
import type { Clock, Ids, Instant } from "@svara/kernel";
import {
  decideChange,
  type RosterChange,
  type RosterDecision,
  type RosterShift,
  type RosterWeights,
} from "@svara/workforce/rostering";
import type { Kysely } from "kysely";
import { type DB, type Tx, WHOLE_CENTRE, withScope } from "../../database/index.ts";
import { conflict, forbidden, invalid, notFound } from "../../http/http-error.ts";
import type { Audit } from "../../identity/audit.ts";
import type { Office } from "../../office/office.ts";
import type { Caller } from "../../rights/access.ts";
import type { AgentTermsKind } from "../contracts/agent-terms-kind.ts";
import { dayChanges, publicationOf } from "./publication.ts";
import type { QueueRequirements } from "./queue-requirements.ts";
import {
  plainRequirement,
  quartersOf,
  type RosterDays,
  rosterDays,
  type StoredGroup,
} from "./requirement.ts";
import {
  archiveRoster,
  deleteStep,
  insertRoster,
  insertStep,
  lockCreation,
  lockDraft,
  newestStep,
  publishedShifts,
  type RosterRow,
  readRoster,
  rostersBetween,
  rosterVersions,
  type StepRow,
  shiftRows,
  storePublication,
  writeDraft,
} from "./roster.repository.ts";
import { agentsAt, placeTimeZone, type RosterOwner, rosterPlace } from "./roster-place.ts";
import { type RosterCase, readCase } from "./roster-problem.ts";
import { figuresOf, maySeeRoster, rosterRights } from "./roster-view.ts";
import { faultOfShift } from "./shift-fault.ts";

export interface RosterParts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly office: Office;
  readonly audit: Audit;
  readonly agentTermsKind: AgentTermsKind;
  readonly planned: QueueRequirements;
}

/** A roster as found, with the shifts to show and the step that can be taken back. */
export interface FoundRoster {
  readonly found: RosterCase;
  readonly shifts: readonly RosterShift[];
  readonly step: StepRow | undefined;
}

/** What a publication is made of. */
export interface PublishOptions {
  readonly actor: string;
  readonly note: string;
}

/** Rosters: drafts that planners work on, and what agents were told. */
export class Rosters {
  readonly #parts: RosterParts;

  constructor(parts: RosterParts) {
    this.#parts = parts;
  }

  /** Those of which the caller may see something, the newest days first. */
  async list(caller: Caller, from: Instant, to: Instant): Promise<RosterRow[]> {
    const { db, office } = this.#parts;
    const rows = await withScope(db, WHOLE_CENTRE, (tx) => rostersBetween(tx, from, to));
    return rows.filter((row) => maySeeRoster(office.catalogue, caller, row));
  }

  /** @throws HttpError 404 */
  async get(caller: Caller, id: string, of: "draft" | "published" = "draft"): Promise<FoundRoster> {
    return this.#in(async (tx) => {
      const roster = await this.#seen(tx, caller, id);
      const rights = rosterRights(this.#parts.office.catalogue, caller, roster);
      // who does not plan sees what agents see
      const shown = rights.edit || rights.publish ? of : "published";
      const shifts = shown === "draft" ? roster.draft : await publishedShifts(tx, { rosterId: id });
      return { found: await this.#case(tx, roster), shifts, step: await newestStep(tx, id) };
    });
  }

  /** @throws HttpError 400; 403; 409 `roster_overlaps` */
  async create(
    caller: Caller,
    draft: RosterOwner & {
      readonly from: string;
      readonly days: number;
      readonly groups: readonly RosterGroupDraft[];
      readonly weights: WeightsDraft;
    },
  ): Promise<FoundRoster> {
    const { office, ids, clock } = this.#parts;
    const { catalogue } = office;
    if (draft.teamId !== null && !catalogue.find("team", draft.teamId)) throw unknown("teamId", "team");
    if (draft.siteId !== null && !catalogue.find("site", draft.siteId)) throw unknown("siteId", "site");
    if (!caller.access.covers("plan.edit", rosterPlace(catalogue, draft))) throw forbidden("plan.edit");
    const days = rosterDays(placeTimeZone(catalogue, draft), draft.from, draft.days);
    const groups = await this.#resolve(caller, draft.groups, days);
    const id = ids.next();
    await this.#in(async (tx) => {
      await lockCreation(tx);
      await this.#refuseOverlap(tx, draft, days);
      await insertRoster(tx, {
        id,
        teamId: draft.teamId,
        siteId: draft.siteId,
        ...days,
        groups,
        weights: given(draft.weights),
        at: clock.now(),
        actor: caller.actor,
      });
      await this.#refigure(tx, id);
      await this.note(tx, caller, "roster_made", id);
    });
    return this.get(caller, id);
  }

  /** @throws HttpError 403, 404; 409 `roster_published` */
  async remove(caller: Caller, id: string): Promise<void> {
    await this.#in(async (tx) => {
      const roster = await this.editable(tx, caller, id, true);
      if (roster.version > 0)
        throw conflict("roster_published", "Agents have been told of this roster: change it instead");
      await archiveRoster(tx, id);
      await this.note(tx, caller, "roster_removed", id);
    });
  }

  async setGroups(
    caller: Caller,
    id: string,
    wanted: {
      readonly draftRevision: number;
      readonly groups: readonly RosterGroupDraft[];
      readonly weights: WeightsDraft;
    },
  ): Promise<FoundRoster> {
    const known = await this.#in((tx) => this.editable(tx, caller, id));
    const groups = await this.#resolve(caller, wanted.groups, known, known.groups);
    await this.#in(async (tx) => {
      const before = await lockDraft(tx, id, wanted.draftRevision);
      // what agents see does not depend on the requirement
      const published =
        before.publishedRevision === before.draftRevision ? before.draftRevision + 1 : undefined;
      await writeDraft(tx, id, {
        groups,
        weights: given(wanted.weights),
        ...(published !== undefined && { publishedRevision: published }),
      });
      await this.#refigure(tx, id);
    });
    return this.get(caller, id);
  }

  /** What a change would do to the draft. */
  async tryChange(caller: Caller, id: string, change: RosterChangeDraft): Promise<RosterDecision> {
    return this.#in(async (tx) => {
      const roster = await this.editable(tx, caller, id);
      return this.#decide(await this.#case(tx, roster), change, roster.draft);
    });
  }

  /** Changes the draft, broken rules or not; the planner has been told. */
  async change(
    caller: Caller,
    id: string,
    draftRevision: number,
    change: RosterChangeDraft,
  ): Promise<{ readonly decision: RosterDecision; readonly after: FoundRoster }> {
    const decision = await this.#in(async (tx) => {
      await this.editable(tx, caller, id);
      const roster = await lockDraft(tx, id, draftRevision);
      const made = this.#decide(await this.#case(tx, roster), change, roster.draft);
      const concerned = agentsIn(change);
      await this.writeShifts(tx, roster, {
        actor: caller.actor,
        what: change.type,
        agentIds: concerned,
        shifts: merged(roster.draft, concerned, made.shifts),
      });
      return made;
    });
    return { decision, after: await this.get(caller, id) };
  }

  /** Takes back the newest step. @throws HttpError 409 `nothing_to_undo`, `roster_changed` */
  async undo(caller: Caller, id: string, draftRevision: number): Promise<FoundRoster> {
    await this.#in(async (tx) => {
      await this.editable(tx, caller, id);
      const roster = await lockDraft(tx, id, draftRevision);
      const step = await newestStep(tx, id);
      if (!step) throw conflict("nothing_to_undo", "There is nothing to take back");
      const draft = step.agentIds === null ? step.before : merged(roster.draft, step.agentIds, step.before);
      await writeDraft(tx, id, { draft });
      await deleteStep(tx, id, step.draftRevision);
      await this.#refigure(tx, id);
    });
    return this.get(caller, id);
  }

  /** Writes the draft with a step that can be taken back; null agents: everybody's. */
  async writeShifts(
    tx: Tx,
    roster: RosterRow,
    change: {
      readonly actor: string;
      readonly what: string;
      readonly agentIds: readonly string[] | null;
      readonly shifts: readonly RosterShift[];
      readonly solved?: unknown;
    },
  ): Promise<void> {
    const { actor, what, agentIds, shifts, solved } = change;
    await writeDraft(tx, roster.id, { draft: shifts, ...(solved !== undefined && { solved }) });
    await insertStep(tx, roster.id, {
      draftRevision: roster.draftRevision + 1,
      at: this.#parts.clock.now(),
      actor,
      what,
      agentIds,
      before:
        agentIds === null ? roster.draft : roster.draft.filter(({ agentId }) => agentIds.includes(agentId)),
    });
    await this.#refigure(tx, roster.id);
  }

  /** What publishing the draft would change, for whom. @throws HttpError 403 for who sees no drafts; 404 */
  async changesToPublish(caller: Caller, id: string) {
    return this.#in(async (tx) => {
      const roster = await this.#seen(tx, caller, id);
      const rights = rosterRights(this.#parts.office.catalogue, caller, roster);
      if (!rights.edit && !rights.publish) throw forbidden("plan.approve");
      const changes = dayChanges(await publishedShifts(tx, { rosterId: id }), roster.draft);
      return [...changes].filter(([agentId]) => rights.sees(agentId));
    });
  }

  /** Tells agents. @throws HttpError 403, 404; 409 `roster_changed`, `roster_broken` */
  async publish(caller: Caller, id: string, draftRevision: number, note: string): Promise<FoundRoster> {
    await this.#in(async (tx) => {
      const seen = await this.#seen(tx, caller, id);
      if (!caller.access.covers("plan.approve", rosterPlace(this.#parts.office.catalogue, seen)))
        throw forbidden("plan.approve");
      const roster = await lockDraft(tx, id, draftRevision);
      if (roster.version > 0 && roster.publishedRevision === draftRevision) return; // told already
      refuseBroken(roster);
      await this.publishShifts(tx, roster, roster.draft, { actor: caller.actor, note });
      await writeDraft(tx, id, { publishedRevision: roster.draftRevision });
      await this.note(tx, caller, "roster_published", id);
    });
    return this.get(caller, id);
  }

  /** Makes `shifts` what holds, as a new version; whose days change is told. */
  async publishShifts(
    tx: Tx,
    roster: RosterRow,
    shifts: readonly RosterShift[],
    { actor, note }: PublishOptions,
  ): Promise<void> {
    const { ids, clock } = this.#parts;
    const at = clock.now();
    const known = await shiftRows(tx, { rosterId: roster.id });
    const { rows, changes } = publicationOf(known, shifts, { ids, at });
    const first = roster.version === 0;
    const told = first ? [...new Set(shifts.map(({ agentId }) => String(agentId)))] : [...changes.keys()];
    await storePublication(tx, roster, {
      rows,
      shifts,
      notices: told.map((agentId) => ({
        id: ids.next(),
        agentId,
        changes: first ? [] : (changes.get(agentId) ?? []),
      })),
      at,
      actor,
      note,
    });
  }

  /** Who did what with a roster, in the audit. */
  async note(
    tx: Tx,
    { userId, address }: Caller,
    action: "roster_made" | "roster_solved" | "roster_removed" | "roster_published",
    subjectId: string,
  ): Promise<void> {
    await this.#parts.audit.noteIn(tx, { action, userId, address, subjectId });
  }

  async versions(caller: Caller, id: string) {
    return this.#in(async (tx) => {
      await this.#seen(tx, caller, id);
      return rosterVersions(tx, id);
    });
  }

  /** One that the caller plans. @throws HttpError 403, 404 */
  async editable(tx: Tx, caller: Caller, id: string, lock = false): Promise<RosterRow> {
    const { catalogue } = this.#parts.office;
    const roster = await readRoster(tx, id, lock);
    if (!maySeeRoster(catalogue, caller, roster)) throw notFound("roster");
    if (!caller.access.covers("plan.edit", rosterPlace(catalogue, roster))) throw forbidden("plan.edit");
    return roster;
  }

  caseOf(tx: Tx, roster: RosterRow): Promise<RosterCase> {
    return this.#case(tx, roster);
  }

  /** What a change of some shifts breaks and does to the cover. */
  decide(found: RosterCase, shifts: readonly RosterShift[], change: RosterChange): RosterDecision {
    const { timeZone, from, days } = found.roster;
    return decideChange(found.problem, { timeZone, from, days, shifts: [...shifts] }, change);
  }

  #decide(found: RosterCase, change: RosterChangeDraft, shifts: readonly RosterShift[]): RosterDecision {
    refuseFaulty(found, change);
    return this.decide(found, shifts, asChange(change, found.roster.timeZone));
  }

  async #seen(tx: Tx, caller: Caller, id: string): Promise<RosterRow> {
    const roster = await readRoster(tx, id);
    if (!maySeeRoster(this.#parts.office.catalogue, caller, roster)) throw notFound("roster");
    return roster;
  }

  #case(tx: Tx, roster: RosterRow): Promise<RosterCase> {
    const { office, agentTermsKind } = this.#parts;
    return readCase(tx, office.catalogue, agentTermsKind, roster);
  }

  async #refigure(tx: Tx, id: string): Promise<void> {
    const found = await this.#case(tx, await readRoster(tx, id));
    await writeDraft(tx, id, { figures: figuresOf(found, found.roster.draft) });
  }

  /** An agent stands in one roster a day. */
  async #refuseOverlap(tx: Tx, owner: RosterOwner, days: RosterDays): Promise<void> {
    const { catalogue } = this.#parts.office;
    const agents = new Set(agentsAt(catalogue, owner).map(({ id }) => id));
    for (const other of await rostersBetween(tx, days.fromAt, days.toAt)) {
      const same = other.teamId === owner.teamId && other.siteId === owner.siteId;
      const shared = agentsAt(catalogue, other).filter(({ id }) => agents.has(id)).length;
      if (same || shared > 0)
        throw conflict(
          "roster_overlaps",
          `From ${other.from} on, for ${other.days} days, ${same ? "this place has" : `${shared} of these agents are in`} a roster already`,
          "from",
        );
    }
  }

  /**
   * Numbers for each group. Who may not see a queue's plan takes nothing from it, and leaves what others took as it is.
   * @throws HttpError 400 for unknown queues and skills, and where a queue has no plan
   */
  async #resolve(
    caller: Caller,
    groups: readonly RosterGroupDraft[],
    days: RosterDays,
    known: readonly StoredGroup[] = [],
  ): Promise<StoredGroup[]> {
    const { office, planned } = this.#parts;
    const seen = new Set<string>();
    const resolved: StoredGroup[] = [];
    for (const [index, group] of groups.entries()) {
      const field = (name: string): string => `groups.${index}.${name}`;
      if (seen.has(group.id))
        throw invalid([{ field: field("id"), code: "taken", message: "another group has it" }]);
      seen.add(group.id);
      if (group.queueId !== null && !office.catalogue.find("queue", group.queueId))
        throw unknown(field("queueId"), "queue");
      for (const skillId of group.skillIds)
        if (!office.catalogue.find("skill", skillId)) throw unknown(field("skillIds"), "skill");
      const { source } = group;
      const required =
        source.kind === "forecast"
          ? ((await planned.agents(caller, {
              queueId: group.queueId ?? "",
              from: days.fromAt,
              quarters: quartersOf(days),
              shrinkage: source.shrinkage,
            })) ?? (planned.maySee(caller, group.queueId ?? "") ? undefined : keptNumbers(group, known)))
          : plainRequirement(source, days);
      if (!required)
        throw invalid([
          {
            field: field("source"),
            code: "no_plan",
            message: "this queue has no staffing plan for these days: make one, or type the numbers",
          },
        ]);
      resolved.push({ ...group, required });
    }
    return resolved;
  }

  #in<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return withScope(this.#parts.db, WHOLE_CENTRE, work);
  }
}

/** The numbers that a group took from its queue's plan before. */
function keptNumbers(group: RosterGroupDraft, known: readonly StoredGroup[]): readonly number[] | undefined {
  const before = known.find(({ id }) => id === group.id);
  const same =
    before?.queueId === group.queueId &&
    before?.source.kind === "forecast" &&
    group.source.kind === "forecast" &&
    before.source.shrinkage === group.source.shrinkage;
  return same ? before?.required : undefined;
}

type WeightsDraft = { readonly [K in keyof RosterWeights]: RosterWeights[K] | undefined };

function given(weights: WeightsDraft): RosterWeights {
  return Object.fromEntries(Object.entries(weights).filter(([, weight]) => weight !== undefined));
}

/** The shifts with those of some agents replaced, by agent and time. */
export function merged(
  shifts: readonly RosterShift[],
  agentIds: readonly string[],
  theirs: readonly RosterShift[],
): RosterShift[] {
  const concerned = new Set(agentIds);
  return [
    ...shifts.filter(({ agentId }) => !concerned.has(agentId)),
    ...theirs.filter(({ agentId }) => concerned.has(agentId)),
  ].toSorted((a, b) => (a.agentId === b.agentId ? a.from - b.from : a.agentId < b.agentId ? -1 : 1));
}

function agentsIn(change: RosterChangeDraft): string[] {
  switch (change.type) {
    case "put_shift":
      return [change.shift.agentId];
    case "swap":
      return [change.mine.agentId, change.theirs.agentId];
    case "remove_shift":
    case "move_part":
      return [change.agentId];
  }
}

/** A shift belongs to the date on which it begins, whatever was sent. */
function asChange(change: RosterChangeDraft, timeZone: string): RosterChange {
  if (change.type !== "put_shift") return change as RosterChange;
  const date = Temporal.Instant.fromEpochMilliseconds(change.shift.from)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
  return { ...change, shift: { ...change.shift, date } } as RosterChange;
}

/** What is no shift of this roster is no matter of rules. @throws HttpError 400 */
function refuseFaulty({ roster, agents }: RosterCase, change: RosterChangeDraft): void {
  const known = new Set(agents.map(({ id }) => id));
  const stranger = agentsIn(change).find((id) => !known.has(id));
  if (stranger !== undefined) throw unknown("agentId", "agent in this roster");
  if (change.type !== "put_shift") return;
  const fault = faultOfShift(change.shift, roster);
  if (fault) throw invalid([{ ...fault, field: `shift.${fault.field}` }]);
}

/** Agents are not told what cannot be: two shifts at once. @throws HttpError 409 */
function refuseBroken({ draft }: RosterRow): void {
  for (const shifts of Map.groupBy(draft, ({ agentId }) => agentId).values()) {
    const sorted = shifts.toSorted((a, b) => a.from - b.from);
    const clash = sorted.find((shift, index) => (sorted[index - 1]?.to ?? 0) > shift.from);
    if (clash)
      throw conflict("roster_broken", `Two shifts of one agent overlap on ${clash.date}: mend that first`);
  }
}

function unknown(field: string, word: string): Error {
  return invalid([{ field, code: "unknown", message: `there is no such ${word}` }]);
}

/** The instants of some days for a list; half a year each way when not given. */
export function listSpan(
  timeZone: string,
  now: Instant,
  from: string | undefined,
  to: string | undefined,
): { readonly from: Instant; readonly to: Instant } {
  const today = Temporal.Instant.fromEpochMilliseconds(now)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
  return {
    from: dayOf(from ?? addDays(today, -182), timeZone).from,
    to: dayOf(to ?? addDays(today, 182), timeZone).to,
  };
}
