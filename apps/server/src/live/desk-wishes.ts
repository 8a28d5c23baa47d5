import type { CommandInput } from "@svara/conversation";
import { type AgentId, type ContactId, SvaraError } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import type { Decision, IgnoreCode, Input, ItemId } from "@svara/routing";
import { itemOf } from "./item-id.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveRuntime } from "./live-runtime.ts";
import type { CrossSellAnswer, DeskAction, DeskService, FloorView } from "./live-service.ts";

export interface DeskWishesDeps {
  readonly runtime: LiveRuntime;
  readonly append: (draft: LedgerDraft) => void;
}

/** Of one queue; who waits further back is not picked by hand. */
const MOST_PICKABLE = 50;

/**
 * What agents wish of the router: wrap-up, a higher line of support, extra sales, a contact of their own choice. To be called
 * in turn with all live work. A wish that does not fit throws a SvaraError 409 with the router's word as its code.
 */
export class DeskWishes {
  readonly #deps: DeskWishesDeps;

  constructor(deps: DeskWishesDeps) {
    this.#deps = deps;
  }

  finishWrapUp(contact: LiveContact, agentId: AgentId): void {
    this.#tell({ type: "wrapup.finished", agentId, itemId: this.#itemOf(contact, agentId) });
  }

  requestWrapUp(contact: LiveContact, agentId: AgentId, wanted: boolean): void {
    this.#tell({ type: "wrapup.requested", agentId, itemId: this.#itemOf(contact, agentId), wanted });
    const part = contact.parts.get(agentId);
    if (part) part.wantsWrapUp = wanted;
  }

  extendWrapUp(contact: LiveContact, agentId: AgentId, byMs: number): void {
    const itemId = this.#itemOf(contact, agentId);
    const decisions = this.#tell({ type: "wrapup.extended", agentId, itemId, byMs });
    const extended = decisions.find((d) => d.type === "wrapup.extended");
    const part = contact.parts.get(agentId);
    if (part?.wrapUp && extended?.type === "wrapup.extended") part.wrapUp.limitAt = extended.until;
  }

  /** The command by which the agent gives the contact on to a higher line of support, if somebody serves it. */
  escalation(
    contact: LiveContact,
    agentId: AgentId,
    { tier, queueId: wanted, reason }: Extract<DeskAction, { kind: "escalate" }>,
  ): Extract<CommandInput, { type: "escalate" }> {
    const { queues, agents } = this.#deps.runtime.model;
    const queueId = wanted ?? contact.queueId;
    const queue = queueId === undefined ? undefined : queues.get(queueId);
    if (queue === undefined || queue.clientId !== contact.clientId)
      throw new SvaraError("choose the queue in which the contact is to wait", {
        code: "queue_required",
        httpStatus: 409,
        field: "queueId",
      });
    if (![...agents.values()].some((one) => one.id !== agentId && one.tiers.includes(tier)))
      throw new SvaraError(`nobody serves tier ${tier}`, {
        code: "nobody_in_tier",
        httpStatus: 409,
        field: "tier",
      });
    return {
      type: "escalate",
      agentId,
      queueId: queue.id,
      tier,
      ...(reason === undefined ? {} : { reason }),
    };
  }

  /** The router's answer, kept in the ledger. */
  crossSell(contact: LiveContact, agentId: AgentId): CrossSellAnswer {
    const itemId = this.#itemOf(contact, agentId);
    const told = this.#tell({ type: "crosssell.asked", itemId, agentId });
    const found = told.find((d) => d.type === "crosssell.answered");
    if (found?.type !== "crosssell.answered") throw refused("unknown_handling");
    const { at, allowed, because, inSystem, waiting, openAgents } = found;
    this.#deps.append({
      type: "crosssell.asked",
      at,
      clientId: contact.clientId,
      contactId: contact.id,
      agentId,
      payload: { allowed, ...(because === null ? {} : { because }), inSystem, waiting, openAgents },
    });
    return { allowed, because, inSystem, waiting, openAgents };
  }

  /** The queues of which the agent may pick, with who waits there. */
  pickable(agentId: AgentId, may: FloorView["queue"]): ReturnType<DeskService["pickable"]> {
    const { model, link, contacts } = this.#deps.runtime;
    const { pickQueueIds } = this.#deps.runtime.agents.profile(agentId);
    return pickQueueIds.flatMap((queueId) => {
      const queue = model.queues.get(queueId);
      if (!queue || !may(queue)) return [];
      const waiting = link.router.waitingItems(queueId).slice(0, MOST_PICKABLE);
      return [
        {
          id: queue.id,
          name: queue.name,
          waiting: waiting.flatMap((item) => {
            const found = contacts.ofItem(item.id);
            if (!found || found.contactId !== found.contact.id) return [];
            return [
              {
                contactId: found.contactId,
                shortNumber: found.contact.shortNumber,
                enqueuedAt: item.queuedAt,
                priority: item.priority ?? queue.priority,
                ringing: link.router.estimate(item.id)?.basis === "ringing",
              },
            ];
          }),
        },
      ];
    });
  }

  /** A contact that waits in a queue that `may` allows. @throws SvaraError 404 */
  waiting(contactId: ContactId, may: FloorView["queue"]): ItemId {
    const { link, model } = this.#deps.runtime;
    const item = link.router.item(itemOf(contactId));
    const queue = item && model.queues.get(item.queueId);
    if (item && queue && may(queue)) return item.id;
    throw new SvaraError("this contact does not wait any more", { code: "not_found", httpStatus: 404 });
  }

  pick(itemId: ItemId, agentId: AgentId): void {
    this.#tell({ type: "item.picked", itemId, agentId });
  }

  #tell(input: Input): readonly Decision[] {
    const decisions = this.#deps.runtime.link.handle(input);
    const ignored = decisions.find((d) => d.type === "ignored" && d.input === input.type);
    if (ignored?.type === "ignored" && ignored.code !== "no_change") throw refused(ignored.code);
    return decisions;
  }

  #itemOf(contact: LiveContact, agentId: AgentId): ItemId {
    return this.#deps.runtime.contacts.itemFor(contact, agentId, contact.id);
  }
}

/** The router did not follow a wish: 409 with its word as the code. */
function refused(code: IgnoreCode): SvaraError {
  return new SvaraError(`not possible now: ${code.replaceAll("_", " ")}`, { code, httpStatus: 409 });
}
