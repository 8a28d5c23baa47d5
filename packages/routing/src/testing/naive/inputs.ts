import type { Input } from "../../input.ts";
import type { WorkItem } from "../../model.ts";
import { teach } from "./figures.ts";
import {
  emit,
  ignore,
  type NaiveFloor,
  offerOf,
  offerTo,
  type Person,
  pastOf,
  personOf,
  queueOf,
  remove,
  type Waiting,
} from "./floor.ts";
import { applyToWork } from "./hand-inputs.ts";
import { accept, assign, endWrapUp, leavesServed } from "./hands.ts";
import {
  comes,
  enter,
  hasHome,
  loseOffer,
  orphan,
  positionOf,
  settle,
  withdrawItem,
  withdrawOffer,
} from "./lines.ts";
import { offer } from "./matching.ts";
import { forgetMisses, hasRoom, logOut, newPerson, onDuty, present } from "./people.ts";
import { inOrder } from "./requirement.ts";

type Of<T extends Input["type"]> = Extract<Input, { readonly type: T }>;

export function apply(floor: NaiveFloor, input: Input): void {
  switch (input.type) {
    case "tick":
      return;
    case "config.queue_set":
    case "config.queue_removed":
    case "config.agent_set":
    case "config.rules_set":
      applyConfig(floor, input);
      return;
    case "offer.accepted":
    case "offer.refused":
    case "offer.failed": {
      const found = floor.offers.find((one) => one.id === input.offerId);
      if (!found) {
        ignore(floor, input.type, "stale_offer", input.offerId);
        return;
      }
      if (input.type === "offer.accepted") {
        remove(floor.offers, found);
        accept(floor, found);
      } else if (input.type === "offer.refused") {
        loseOffer(floor, found, (named) => emit(floor, { type: "offer.refused", ...named }), "refused");
      } else {
        const { reason } = input;
        const tell = (named: { at: number; itemId: string; agentId: string }) =>
          emit(floor, { type: "offer.failed", ...named, reason });
        const isOurs = reason === "switch_error" || reason === "no_route";
        loseOffer(floor, found, tell, isOurs ? "our_failure" : "offer_failed");
      }
      return;
    }
    case "item.queued":
      if (floor.line.some((waiting) => waiting.item.id === input.item.id)) {
        ignore(floor, input.type, "already_queued", input.item.id);
      } else if (!queueOf(floor, input.item.queueId)) {
        ignore(floor, input.type, "unknown_queue", input.item.queueId);
      } else if (hasHome(floor, input.item)) enter(floor, comes(input.item), input.item);
      else orphan(floor, input.item);
      return;
    case "item.withdrawn":
    case "item.moved":
    case "item.facts_set":
    case "callback.requested": {
      const waiting = floor.line.find((one) => one.item.id === input.itemId);
      if (waiting) applyToWaiting(floor, input, waiting);
      else ignore(floor, input.type, "unknown_item", input.itemId);
      return;
    }
    default: {
      const person = personOf(floor, input.agentId);
      const item = floor.line.find((one) => "itemId" in input && one.item.id === input.itemId);
      if (input.type === "item.picked" && !item) ignore(floor, input.type, "unknown_item", input.itemId);
      else if (!person) ignore(floor, input.type, "unknown_agent", input.agentId);
      else applyToPerson(floor, input, person);
    }
  }
}

function applyConfig(
  floor: NaiveFloor,
  input: Of<"config.queue_set" | "config.queue_removed" | "config.agent_set" | "config.rules_set">,
): void {
  if (input.type === "config.queue_removed" && !queueOf(floor, input.queueId)) {
    ignore(floor, input.type, "unknown_queue", input.queueId);
    return;
  }
  floor.revision = input.revision ?? floor.revision;
  switch (input.type) {
    case "config.rules_set":
      floor.rules = { ...floor.rules, ...input.rules };
      return;
    case "config.queue_set": {
      const i = floor.queues.findIndex((queue) => queue.id === input.queue.id);
      if (i < 0) {
        floor.queues.push(input.queue);
        floor.past.delete(input.queue.id);
        return;
      }
      const inLine = inOrder(
        floor,
        floor.line.filter((one) => one.item.queueId === input.queue.id),
      );
      floor.queues[i] = input.queue;
      floor.lineChanged ||= inLine.length > 0;
      for (const waiting of inLine) {
        waiting.askedAt = waiting.enteredAt - 1;
        waiting.seenAt = floor.now;
        if (!offerOf(floor, waiting)) settle(floor, waiting);
      }
      return;
    }
    case "config.queue_removed": {
      const inLine = inOrder(
        floor,
        floor.line.filter((one) => one.item.queueId === input.queueId),
      );
      for (const waiting of inLine) withdrawItem(floor, waiting, "queue_removed");
      floor.queues = floor.queues.filter((queue) => queue.id !== input.queueId);
      floor.past.delete(input.queueId);
      for (const waiting of inLine) {
        remove(floor.line, waiting);
        orphan(floor, waiting.item);
      }
      return;
    }
    case "config.agent_set": {
      const person = personOf(floor, input.agent.id);
      if (person) {
        person.config = input.agent;
        person.retired = false;
        person.changed = true;
      } else floor.people.push(newPerson(input.agent, floor.now));
    }
  }
}

function applyToWaiting(
  floor: NaiveFloor,
  input: Of<"item.withdrawn" | "item.moved" | "item.facts_set" | "callback.requested">,
  waiting: Waiting,
): void {
  const { item } = waiting;
  switch (input.type) {
    case "item.withdrawn":
      withdrawItem(floor, waiting, input.reason);
      remove(floor.line, waiting);
      if (input.reason === "customer_gone") {
        const past = pastOf(floor, item.queueId);
        const targetMs = queueOf(floor, item.queueId)?.targetMs ?? 20_000;
        if (!item.callback && floor.now - item.queuedAt > targetMs) past.goneLate.push(floor.now);
      }
      teach(floor, waiting, input.reason === "customer_gone");
      return;
    case "item.moved": {
      if (!queueOf(floor, input.queueId)) {
        ignore(floor, input.type, "unknown_queue", input.queueId);
        return;
      }
      withdrawItem(floor, waiting, "moved");
      const { type: _type, itemId: _itemId, priority, ...changes } = input;
      if (input.queueId !== item.queueId) teach(floor, waiting, false);
      const moved: WorkItem = { ...item, ...changes };
      if (priority === null) delete (moved as { priority?: number }).priority;
      else if (priority !== undefined) (moved as { priority?: number }).priority = priority;
      if (input.queueId !== item.queueId) enter(floor, waiting, moved);
      else {
        waiting.item = moved;
        floor.lineChanged = true;
        settle(floor, waiting);
      }
      return;
    }
    case "item.facts_set":
      waiting.item = { ...item, facts: { ...item.facts, ...input.facts } };
      floor.lineChanged = true;
      return;
    case "callback.requested": {
      teach(floor, waiting, false);
      waiting.item = { ...item, callback: input.wish };
      waiting.late = false;
      waiting.retryAt = null;
      const ringing = offerOf(floor, waiting);
      if (ringing) withdrawOffer(floor, ringing, "callback", true);
      const { from, until } = input.wish;
      settle(floor, waiting);
      const named = { at: floor.now, itemId: item.id, queueId: waiting.item.queueId };
      const position = positionOf(floor, waiting);
      emit(floor, {
        type: "callback.promised",
        ...named,
        position,
        from: from ?? null,
        until: until ?? null,
      });
    }
  }
}

function applyToPerson(
  floor: NaiveFloor,
  input: Extract<Input, { readonly agentId: unknown }>,
  person: Person,
): void {
  const { id } = person.config;
  const ringing = offerTo(floor, person);
  switch (input.type) {
    case "config.agent_removed":
      floor.revision = input.revision ?? floor.revision;
      person.retired = true;
      for (const waiting of inOrder(
        floor,
        floor.line.filter(({ item }) => item.onlyAgentId === id),
      )) {
        withdrawItem(floor, waiting, "agent_removed");
        teach(floor, waiting, false);
        remove(floor.line, waiting);
        orphan(floor, waiting.item);
      }
      logOut(floor, person, "agent_removed");
      return;
    case "agent.logged_in":
      if (person.retired) ignore(floor, input.type, "unknown_agent", id);
      else if (onDuty(person)) ignore(floor, input.type, "already_logged_in", id);
      else {
        if (!person.loggedIn) {
          person.loggedInAt = floor.now;
          person.workedMs = 0;
          person.occupancy = 0;
        }
        person.loggedIn = true;
        person.leaving = false;
        person.connected = true;
        person.idleSince = floor.now;
        forgetMisses(person);
        present(floor, person, input.presence, "agent");
      }
      return;
    case "agent.logged_out":
      if (person.loggedIn) logOut(floor, person, "agent_logged_out");
      else ignore(floor, input.type, "not_logged_in", id);
      return;
    case "agent.presence_set": {
      const same = JSON.stringify(person.presence) === JSON.stringify(input.presence);
      if (!person.loggedIn) ignore(floor, input.type, "not_logged_in", id);
      else if (same && person.restUntil === null) ignore(floor, input.type, "no_change", id);
      else {
        forgetMisses(person);
        present(floor, person, input.presence, input.by ?? "agent");
        if (ringing && input.presence.state === "not_ready") {
          withdrawOffer(floor, ringing, "agent_not_ready", true);
        }
      }
      return;
    }
    case "agent.state_forced":
      if (!person.loggedIn) {
        ignore(floor, input.type, "not_logged_in", id);
        return;
      }
      if (ringing) withdrawOffer(floor, ringing, "supervisor", true);
      forgetMisses(person);
      for (const h of person.inHand.filter((one) => one.phase === "wrap_up")) {
        endWrapUp(floor, person, h, "supervisor");
      }
      if (input.presence === null) logOut(floor, person, "supervisor");
      else if (person.loggedIn) present(floor, person, input.presence, "supervisor");
      return;
    case "agent.connection":
      if (!person.loggedIn) ignore(floor, input.type, "not_logged_in", id);
      else if (person.connected === input.connected) ignore(floor, input.type, "no_change", id);
      else {
        person.connected = input.connected;
        person.graceUntil = null;
        if (input.connected || person.leaving) return;
        if (ringing) withdrawOffer(floor, ringing, "connection_lost", true);
        person.graceUntil = floor.now + floor.rules.connectionGraceMs;
        person.graceArmed = ++floor.armed;
      }
      return;
    case "agent.reachable":
      if (person.unreachable.includes(input.medium) !== input.reachable)
        ignore(floor, input.type, "no_change", id);
      else if (input.reachable) remove(person.unreachable, input.medium);
      else {
        person.unreachable.push(input.medium);
        if (ringing?.waiting.item.medium === input.medium) {
          withdrawOffer(floor, ringing, "agent_unreachable", true);
        }
      }
      return;
    case "agent.busy_other":
      if (person.busyOther === input.busy) {
        ignore(floor, input.type, "no_change", id);
        return;
      }
      person.busyOther = input.busy;
      if (!input.busy) person.idleSince = floor.now;
      if (input.busy && ringing) withdrawOffer(floor, ringing, "agent_busy", true);
      return;
    case "item.picked":
      pick(floor, input, person);
      return;
    case "item.assigned": {
      const held = person.inHand.find((h) => h.itemId === input.itemId);
      if (held && held.phase !== "wrap_up") {
        ignore(floor, input.type, "already_assigned", input.itemId);
        return;
      }
      const waiting = floor.line.find((one) => one.item.id === input.itemId);
      if (waiting) {
        withdrawItem(floor, waiting, "assigned");
        leavesServed(floor, waiting);
        remove(floor.line, waiting);
      }
      assign(floor, person, waiting ?? null, input);
      return;
    }
    default: {
      const h = person.inHand.find((one) => one.itemId === input.itemId);
      if (h) applyToWork(floor, input, person, h);
      else ignore(floor, input.type, "unknown_handling", input.itemId);
    }
  }
}

/** RT69 */
function pick(floor: NaiveFloor, input: Of<"item.picked">, person: Person): void {
  const waiting = floor.line.find((one) => one.item.id === input.itemId);
  if (!waiting) {
    ignore(floor, input.type, "unknown_item", input.itemId);
    return;
  }
  const { queueId, medium, onlyAgentId } = waiting.item;
  const allowed =
    onDuty(person) &&
    (person.config.pickQueueIds ?? []).includes(queueId) &&
    (onlyAgentId ?? person.config.id) === person.config.id &&
    !offerOf(floor, waiting) &&
    !waiting.dormant;
  if (!allowed) ignore(floor, input.type, "not_allowed", input.itemId);
  else if (offerTo(floor, person) || !hasRoom(person, medium)) {
    ignore(floor, input.type, "no_capacity", input.itemId);
  } else offer(floor, waiting, person, { choice: "picked" });
}
