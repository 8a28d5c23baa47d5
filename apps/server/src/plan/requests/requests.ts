import { INTERVAL_MS } from "@svara/calendar";
import type { planRequestDraft, RosterDecisionView } from "@svara/contracts";
import type { Clock, Ids, Instant } from "@svara/kernel";
import type { RosterShift } from "@svara/workforce/rostering";
import type { Kysely } from "kysely";
import type { z } from "zod";
import { type DB, type Tx, WHOLE_CENTRE, withScope } from "../../database/index.ts";
import { conflict, forbidden, invalid, notFound } from "../../http/http-error.ts";
import type { Audit } from "../../identity/audit.ts";
import type { Office } from "../../office/office.ts";
import type { Caller } from "../../rights/access.ts";
import { approvalRulesKind } from "../labour-rules/approval-rules-kind.ts";
import { rulesFor } from "../labour-rules/rules-place.ts";
import { publishedShifts, type RosterRow, rostersBetween } from "../rosters/roster.repository.ts";
import { agentPlace, agentsAt, officeAgents } from "../rosters/roster-place.ts";
import type { Rosters } from "../rosters/rosters.ts";
import { type Approval, approvalOf } from "./approval.ts";
import {
  hasAskedFor,
  insertRequest,
  leaveOverlaps,
  listOffers,
  noteStep,
  openCount,
  type RequestRow,
  readRequest,
  type StepRow,
  stepRequest,
} from "./request.repository.ts";
import { concernedAgents } from "./request-change.ts";
import { RequestEffects, seenOf } from "./request-effects.ts";
import { refuseReopening } from "./request-reopening.ts";
import { type SwapChoice, swapChoices } from "./swap-choices.ts";

export interface RequestParts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly office: Office;
  readonly audit: Audit;
  readonly rosters: Rosters;
}

type Draft = z.output<typeof planRequestDraft>;

const DAY_MS = 24 * 3_600_000;
const LONGEST_LEAVE_MS = 400 * DAY_MS;
const LATEST_LEAVE_MS = 3 * 365 * DAY_MS;
const MOST_OPEN = 50;
/** The words of who decided, when rules did. */
export const BY_RULES = "rules";

/** What agents ask for, from the asking to the decision and back. */
export class Requests {
  readonly #parts: RequestParts;
  readonly #effects: RequestEffects;

  constructor(parts: RequestParts) {
    this.#parts = parts;
    this.#effects = new RequestEffects(parts.rosters);
  }

  /** An agent asks; rules grant what they may at once. @throws HttpError 400, 404, 409 */
  async ask(agentId: string, actor: string, draft: Draft): Promise<RequestRow> {
    const { clock, ids } = this.#parts;
    return this.#in(async (tx) => {
      if ((await openCount(tx, agentId)) >= MOST_OPEN)
        throw conflict("too_many_requests", "Too many of your requests wait for an answer");
      const id = ids.next();
      const plain = {
        id,
        agentId,
        kind: draft.kind,
        state: draft.kind === "swap" ? ("with_colleague" as const) : ("asked" as const),
        leaveKind: null,
        reason: draft.reason,
        colleagueId: null,
        mineAt: null,
        theirsAt: null,
        offerId: null,
        createdAt: clock.now(),
        decidedAt: null,
        decidedBy: null,
        decisionNote: "",
        decision: null,
      };
      await insertRequest(tx, { ...plain, ...(await this.#wanted(tx, agentId, draft)) });
      await noteStep(tx, id, this.#step(actor, "asked"));
      if (draft.kind !== "swap") await this.#decideByRules(tx, await readRequest(tx, id));
      return readRequest(tx, id);
    });
  }

  /** @throws HttpError 404; 409 `request_decided` */
  async withdraw(agentId: string, actor: string, id: string): Promise<RequestRow> {
    return this.#in(async (tx) => {
      const request = await readRequest(tx, id, true);
      if (request.agentId !== agentId) throw notFound("request");
      refuseDecided(request, ["asked", "with_colleague"]);
      await stepRequest(tx, request, { state: "withdrawn" }, this.#step(actor, "withdrawn"));
      return readRequest(tx, id);
    });
  }

  /** A colleague answers a swap; what rules may grant is granted at once. @throws HttpError 404; 409 */
  async answer(agentId: string, actor: string, id: string, accept: boolean): Promise<RequestRow> {
    return this.#in(async (tx) => {
      const request = await readRequest(tx, id, true);
      if (request.colleagueId !== agentId) throw notFound("request");
      refuseDecided(request, ["with_colleague"]);
      if (accept) refuseBegun(request, this.#parts.clock.now());
      const what = accept ? "accepted" : "declined";
      await stepRequest(tx, request, { state: accept ? "asked" : "declined" }, this.#step(actor, what));
      if (accept) await this.#decideByRules(tx, await readRequest(tx, id));
      return readRequest(tx, id);
    });
  }

  /** @throws HttpError 403, 404; 409 `request_decided`, `request_outdated`, `request_too_late`, `own_request` */
  async decide(caller: Caller, id: string, grant: boolean, note: string): Promise<RequestRow> {
    return this.#in(async (tx) => {
      const request = await this.#decidable(tx, caller, id);
      refuseDecided(request, ["asked"]);
      if (grant) await this.#grant(tx, request, caller.actor, note);
      else
        await stepRequest(
          tx,
          request,
          { state: "refused", ...this.#decided(caller.actor, note) },
          this.#step(caller.actor, "refused", note),
        );
      await this.#note(tx, caller, grant ? "plan_request_granted" : "plan_request_refused", id);
      return readRequest(tx, id);
    });
  }

  /** Leave that a planner enters; granted at once. @throws HttpError 400, 403, 404; 409 `leave_overlaps`, `own_request` */
  async enterLeave(
    caller: Caller,
    leave: {
      readonly agentId: string;
      readonly from: Instant;
      readonly to: Instant;
      readonly leaveKind: RequestRow["leaveKind"];
      readonly reason: string;
    },
  ): Promise<RequestRow> {
    const { catalogue } = this.#parts.office;
    const known = officeAgents(catalogue).some((agent) => agent.id === leave.agentId);
    const place = agentPlace(catalogue, leave.agentId);
    if (!known || !caller.access.covers("plan.view", place)) throw notFound("agent");
    if (!caller.access.covers("plan.approve", place)) throw forbidden("plan.approve");
    refuseOwn(caller, leave.agentId);
    return this.#in(async (tx) => {
      await this.#refuseLeave(tx, leave.agentId, leave.from, leave.to, true);
      const id = this.#parts.ids.next();
      await insertRequest(tx, {
        id,
        agentId: leave.agentId,
        kind: "leave",
        state: "asked",
        fromAt: leave.from,
        toAt: leave.to,
        leaveKind: leave.leaveKind,
        reason: leave.reason,
        colleagueId: null,
        mineAt: null,
        theirsAt: null,
        offerId: null,
        createdAt: this.#parts.clock.now(),
        decidedAt: null,
        decidedBy: null,
        decisionNote: "",
        decision: null,
      });
      await noteStep(tx, id, this.#step(caller.actor, "entered"));
      await this.#grant(tx, await readRequest(tx, id), caller.actor, "");
      await this.#note(tx, caller, "plan_request_granted", id);
      return readRequest(tx, id);
    });
  }

  /**
   * Takes a decision back: shifts are as before, the request waits again.
   * @throws HttpError 403, 404; 409 `request_not_decided`, `request_too_late`, `request_moved_on`; of a refusal also what
   * `refuseReopening` says
   */
  async undo(caller: Caller, id: string): Promise<RequestRow> {
    return this.#in(async (tx) => {
      const request = await this.#decidable(tx, caller, id);
      if (request.state !== "granted" && request.state !== "refused")
        throw conflict("request_not_decided", "There is no decision to take back");
      if (request.fromAt <= this.#parts.clock.now())
        throw conflict("request_too_late", "Its time has begun: a decision of the past stays");
      if (request.state === "refused") await refuseReopening(tx, request, this.#parts.clock.now());
      for (const changed of request.decision?.changed ?? [])
        await this.#effects.restore(tx, changed, caller.actor);
      await stepRequest(
        tx,
        request,
        {
          state: "asked",
          decidedAt: null,
          decidedBy: null,
          decisionNote: "",
          ...(request.decision && { decision: { ...request.decision, changed: [] } }),
        },
        this.#step(caller.actor, "undone"),
      );
      await this.#note(tx, caller, "plan_request_undone", id);
      return readRequest(tx, id);
    });
  }

  /** What granting would do now. */
  async preview(id: string): Promise<RosterDecisionView | null> {
    return this.#in(async (tx) => {
      const request = await readRequest(tx, id);
      if (request.state !== "asked" && request.state !== "with_colleague")
        return request.decision?.seen ?? null;
      return seenOf((await this.#effects.of(tx, request)).map(({ decision }) => decision));
    });
  }

  /** Colleagues' shifts that one could be swapped for, and who could take it over. */
  async swapChoices(agentId: string, mine: Instant): Promise<SwapChoice[]> {
    const { clock, rosters } = this.#parts;
    const { found, shifts, colleagues } = await this.#in(async (tx) => {
      const roster = await this.#rosterOf(tx, agentId, mine);
      if (!roster) throw notFound("shift");
      return {
        found: await rosters.caseOf(tx, roster),
        shifts: await publishedShifts(tx, { rosterId: roster.id }),
        colleagues: this.#colleagues(agentId, roster),
      };
    });
    const own = shifts.find((shift) => shift.agentId === agentId && shift.from === mine);
    if (!own) throw notFound("shift");
    const { timeZone, from, days } = found.roster;
    return swapChoices({
      problem: found.problem,
      roster: { timeZone, from, days, shifts },
      own,
      colleagues,
      now: clock.now(),
    });
  }

  /** The fields that a wish is stored by. */
  async #wanted(
    tx: Tx,
    agentId: string,
    draft: Draft,
  ): Promise<Pick<RequestRow, "fromAt" | "toAt"> & Partial<RequestRow>> {
    switch (draft.kind) {
      case "leave":
        await this.#refuseLeave(tx, agentId, draft.from, draft.to, false);
        return { fromAt: draft.from, toAt: draft.to, leaveKind: draft.leaveKind };
      case "swap":
        return this.#wantedSwap(tx, agentId, draft);
      case "overtime":
        return this.#wantedOvertime(tx, agentId, draft.offerId);
    }
  }

  async #wantedSwap(tx: Tx, agentId: string, draft: Extract<Draft, { kind: "swap" }>) {
    const { clock } = this.#parts;
    const roster = await this.#rosterOf(tx, agentId, draft.mine);
    if (!roster || draft.mine <= clock.now()) throw unknown("mine", "shift of yours to come");
    const colleague = this.#colleagues(agentId, roster).find(({ id }) => id === draft.colleagueId);
    if (!colleague) throw unknown("colleagueId", "colleague in this roster");
    const shifts = await publishedShifts(tx, { rosterId: roster.id, agentIds: [agentId, colleague.id] });
    const mine = shifts.find((shift) => shift.agentId === agentId && shift.from === draft.mine);
    const theirs =
      draft.theirs === null
        ? undefined
        : shifts.find((shift) => shift.agentId === colleague.id && shift.from === draft.theirs);
    if (!mine) throw unknown("mine", "shift of yours");
    if (draft.theirs !== null && (!theirs || theirs.from <= clock.now()))
      throw unknown("theirs", "shift of the colleague to come");
    const span = (shift: RosterShift | undefined) => (shift ? { from: shift.from, to: shift.to } : null);
    return {
      fromAt: Math.min(mine.from, theirs?.from ?? mine.from),
      toAt: Math.max(mine.to, theirs?.to ?? mine.to),
      colleagueId: colleague.id,
      mineAt: draft.mine,
      theirsAt: draft.theirs,
      decision: { seen: null, mine: span(mine), theirs: span(theirs), changed: [] },
    };
  }

  async #wantedOvertime(tx: Tx, agentId: string, offerId: string) {
    const { clock, office } = this.#parts;
    const [offer] = await listOffers(tx, { id: offerId, lock: true });
    if (!offer || !agentsAt(office.catalogue, offer).some(({ id }) => id === agentId))
      throw unknown("offerId", "overtime on offer");
    if (offer.closedAt !== null || offer.fromAt <= clock.now() || offer.taken >= offer.seats)
      throw conflict("offer_gone", "This overtime is no longer on offer");
    if (await hasAskedFor(tx, agentId, offerId))
      throw conflict("offer_asked", "You have asked for this overtime already");
    return { fromAt: offer.fromAt, toAt: offer.toAt, offerId };
  }

  async #refuseLeave(tx: Tx, agentId: string, from: Instant, to: Instant, past: boolean): Promise<void> {
    const now = this.#parts.clock.now();
    const fault = (field: string, message: string) => invalid([{ field, code: "out_of_range", message }]);
    if (from % INTERVAL_MS !== 0 || to % INTERVAL_MS !== 0)
      throw fault("from", "begins and ends at quarters of an hour");
    if (to - from > LONGEST_LEAVE_MS) throw fault("to", "at most 400 days");
    if (from > now + LATEST_LEAVE_MS) throw fault("from", "within the next three years");
    if (from < now - (past ? 60 : 1) * DAY_MS) throw fault("from", "lies too far back");
    if (await leaveOverlaps(tx, agentId, from, to))
      throw conflict("leave_overlaps", "Leave for a part of this time is asked for or granted already");
  }

  async #decideByRules(tx: Tx, request: RequestRow): Promise<void> {
    const { clock } = this.#parts;
    const rules = this.#rulesFor(request.agentId);
    const effects = await this.#effects.lockedOf(tx, request);
    const decisions = effects.map(({ decision }) => decision);
    const outdated = request.kind !== "leave" && effects.length === 0;
    const approval: Approval = outdated
      ? { granted: false, why: "cover_unknown" }
      : approvalOf(request, rules, decisions, clock.now());
    if (approval.granted) await this.#grant(tx, request, BY_RULES, "");
    else
      await stepRequest(
        tx,
        request,
        {
          decision: {
            seen: seenOf(decisions),
            mine: request.decision?.mine ?? null,
            theirs: request.decision?.theirs ?? null,
            changed: [],
          },
        },
        this.#step(BY_RULES, `to_person_${approval.why}`),
      );
  }

  async #grant(tx: Tx, request: RequestRow, actor: string, note: string): Promise<void> {
    refuseBegun(request, this.#parts.clock.now());
    const effects = await this.#effects.lockedOf(tx, request);
    if (request.kind === "swap" && effects.length === 0)
      throw conflict("request_outdated", "The shifts have changed since: it cannot be granted any more");
    // so that the leave is known when the rosters are judged anew
    await stepRequest(
      tx,
      request,
      {
        state: "granted",
        ...this.#decided(actor, note),
        decision: {
          seen: seenOf(effects.map(({ decision }) => decision)),
          mine: request.decision?.mine ?? null,
          theirs: request.decision?.theirs ?? null,
          changed: effects
            .filter(({ roster }) => roster.version > 0)
            .map(({ roster, before, decision }) => ({
              rosterId: roster.id,
              agentIds: concernedAgents(request),
              before,
              after: decision.shifts,
            })),
        },
      },
      this.#step(actor, "granted", note),
    );
    for (const { roster, decision } of effects)
      if (roster.version > 0)
        await this.#effects.put(tx, roster, concernedAgents(request), decision.shifts, actor, request.kind);
    await this.#effects.intoDrafts(tx, request, actor);
  }

  /** The published roster in which an agent's shift begins at an instant. */
  async #rosterOf(tx: Tx, agentId: string, from: Instant): Promise<RosterRow | undefined> {
    for (const roster of await rostersBetween(tx, from, from + 1)) {
      if (roster.version === 0) continue;
      const shifts = await publishedShifts(tx, { rosterId: roster.id, agentIds: [agentId] });
      if (shifts.some((shift) => shift.from === from)) return roster;
    }
    return undefined;
  }

  /** Who is in the same roster, and in the same team where there are teams. */
  #colleagues(agentId: string, roster: RosterRow) {
    const agents = agentsAt(this.#parts.office.catalogue, roster);
    const team = agents.find(({ id }) => id === agentId)?.agent.teamId ?? null;
    return agents.filter(({ id, agent }) => id !== agentId && (team === null || agent.teamId === team));
  }

  #rulesFor(agentId: string) {
    const { catalogue } = this.#parts.office;
    const agent = officeAgents(catalogue).find(({ id }) => id === agentId);
    return agent && rulesFor(catalogue.inUse(approvalRulesKind), agent.agent)?.value;
  }

  /** One that the caller decides: every agent concerned stands where they may. */
  async #decidable(tx: Tx, caller: Caller, id: string): Promise<RequestRow> {
    const { catalogue } = this.#parts.office;
    const request = await readRequest(tx, id, true);
    if (!caller.access.covers("plan.view", agentPlace(catalogue, request.agentId))) throw notFound("request");
    for (const agentId of concernedAgents(request)) {
      if (!caller.access.covers("plan.approve", agentPlace(catalogue, agentId)))
        throw forbidden("plan.approve");
      refuseOwn(caller, agentId);
    }
    return request;
  }

  #decided(actor: string, note: string) {
    return { decidedAt: this.#parts.clock.now(), decidedBy: actor, decisionNote: note };
  }

  #step(actor: string, what: string, note = ""): StepRow {
    return { at: this.#parts.clock.now(), actor, what, note };
  }

  async #note(
    tx: Tx,
    caller: Caller,
    action: "plan_request_granted" | "plan_request_refused" | "plan_request_undone",
    subjectId: string,
  ): Promise<void> {
    await this.#parts.audit.noteIn(tx, {
      action,
      userId: caller.userId,
      address: caller.address,
      subjectId,
    });
  }

  #in<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return withScope(this.#parts.db, WHOLE_CENTRE, work);
  }
}

function refuseDecided(request: RequestRow, states: readonly RequestRow["state"][]): void {
  if (!states.includes(request.state))
    throw conflict("request_decided", `This request is ${request.state} already`);
}

function refuseOwn(caller: Caller, agentId: string): void {
  if (caller.userId === agentId)
    throw conflict("own_request", "Somebody else decides on what concerns oneself");
}

/** What agents have worked already is not rewritten; leave may be entered late. @throws HttpError 409 `request_too_late` */
function refuseBegun({ kind, fromAt }: RequestRow, now: Instant): void {
  if (kind !== "leave" && fromAt <= now)
    throw conflict("request_too_late", "Its time has begun: it can only be refused");
}

function unknown(field: string, word: string): Error {
  return invalid([{ field, code: "unknown", message: `there is no such ${word}` }]);
}
