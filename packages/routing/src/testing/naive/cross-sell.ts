import { waitingIn } from "./figures.ts";
import { emit, type InHand, type NaiveFloor, type Person, queueOf } from "./floor.ts";
import { isOpenFor } from "./people.ts";
import { holds } from "./requirement.ts";

/** RT59 */
export function answerCrossSell(floor: NaiveFloor, person: Person, h: InHand): void {
  const queue = queueOf(floor, h.queueId);
  const rule = queue?.crossSell;
  const here = floor.line.filter((one) => one.item.queueId === h.queueId).length;
  const inHands = floor.people
    .flatMap((one) => one.inHand)
    .filter((one) => one.queueId === h.queueId && one.phase !== "wrap_up").length;
  const inSystem = queue ? here + inHands : 0;
  const waiting = queue ? waitingIn(floor, queue.id).length : 0;
  const openAgents = queue ? floor.people.filter((one) => isOpenFor(floor, one, queue)).length : 0;
  const because = !rule
    ? "no_rule"
    : inSystem > (rule.inSystemAtMost ?? inSystem)
      ? "in_system"
      : waiting > (rule.waitingAtMost ?? waiting)
        ? "waiting"
        : openAgents < (rule.openAgentsAtLeast ?? openAgents)
          ? "open_agents"
          : rule.when !== undefined && !holds(rule.when, h.waiting?.item.facts)
            ? "criterion"
            : null;
  const named = { at: floor.now, itemId: h.itemId, agentId: person.config.id };
  emit(floor, {
    type: "crosssell.answered",
    ...named,
    allowed: because === null,
    because,
    inSystem,
    waiting,
    openAgents,
  });
}
