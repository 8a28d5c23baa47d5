import type { Input } from "../../input.ts";
import { answerCrossSell } from "./cross-sell.ts";
import { emit, type InHand, ignore, type NaiveFloor, type Person, queueOf } from "./floor.ts";
import { endWork, endWrapUp, failAttempt, setPhase, setPhaseAside } from "./hands.ts";
import { comes, enter } from "./lines.ts";

type Of<T extends Input["type"]> = Extract<Input, { readonly type: T }>;

type WorkInput = Of<
  | "item.phase_set"
  | "item.ended"
  | "item.escalated"
  | "callback.attempted"
  | "crosssell.asked"
  | "wrapup.requested"
  | "wrapup.finished"
  | "wrapup.extended"
>;

/** Inputs about an item in an agent's hands. */
export function applyToWork(floor: NaiveFloor, input: WorkInput, person: Person, h: InHand): void {
  const wrapping = h.phase === "wrap_up";
  const no = (code: Parameters<typeof ignore>[2]): void => ignore(floor, input.type, code, h.itemId);
  switch (input.type) {
    case "item.phase_set":
      if (wrapping || (h.aside?.phase ?? h.phase) === input.phase) no("no_change");
      else if (h.aside) setPhaseAside(h, h.aside.byItemId, input.phase);
      else setPhase(floor, h, input.phase);
      return;
    case "item.ended":
      if (wrapping) no("no_change");
      else endWork(floor, person, h, input.wrapUp === "skip");
      return;
    case "item.escalated":
      escalate(floor, input, person, h);
      return;
    case "callback.attempted":
      if (!h.attempting) no("not_a_callback");
      else if (input.outcome !== "answered") failAttempt(floor, person, h, input.outcome);
      else if (h.aside) setPhaseAside(h, h.aside.byItemId, "talking");
      else setPhase(floor, h, "talking");
      return;
    case "crosssell.asked":
      answerCrossSell(floor, person, h);
      return;
    case "wrapup.requested":
      if (wrapping || h.wrapUpWanted === input.wanted) no("no_change");
      else h.wrapUpWanted = input.wanted;
      return;
    case "wrapup.finished":
      if (!wrapping) no("not_in_wrap_up");
      else if (h.forced) no("no_early_exit");
      else endWrapUp(floor, person, h, "agent");
      return;
    case "wrapup.extended":
      if (!wrapping) no("not_in_wrap_up");
      else if (h.until === null) no("no_limit");
      else if (!(input.byMs > 0)) no("not_allowed");
      else {
        h.until += input.byMs;
        h.armed = ++floor.armed;
        const named = { at: floor.now, agentId: person.config.id, itemId: h.itemId };
        emit(floor, { type: "wrapup.extended", ...named, until: h.until });
      }
  }
}

/** RT68 */
function escalate(floor: NaiveFloor, input: Of<"item.escalated">, person: Person, h: InHand): void {
  const queueId = input.queueId ?? h.queueId ?? h.waiting?.item.queueId;
  const queue = queueOf(floor, queueId);
  if (h.phase === "wrap_up") {
    ignore(floor, input.type, "no_change", h.itemId);
    return;
  }
  if (floor.line.some((waiting) => waiting.item.id === h.itemId)) {
    ignore(floor, input.type, "already_queued", h.itemId);
    return;
  }
  if (!queue) {
    ignore(floor, input.type, "unknown_queue", queueId ?? h.itemId);
    return;
  }
  const { itemId: id, medium, takenAt: queuedAt } = h;
  const waiting =
    h.waiting ??
    comes({ id, medium, clientId: queue.clientId, queueId: queue.id, queuedAt, initiation: "new" });
  const { callback: _c, onlyAgentId: _o, preferredAgentId: _p, ...item } = waiting.item;
  const skills = input.requiredSkills === undefined ? {} : { requiredSkills: input.requiredSkills };
  endWork(floor, person, h, false);
  enter(
    floor,
    { ...waiting },
    {
      ...item,
      ...skills,
      queueId: queue.id,
      initiation: "transfer",
      tiers: [input.tier],
      facts: { ...item.facts, ...input.facts },
      handledBy: [...(item.handledBy ?? []), person.config.id],
    },
  );
}
