import { SvaraError } from "@svara/kernel";
import { ENGINE_VERSION, type Input, type Medium, Router, type RouterSnapshot } from "@svara/routing";

/**
 * What would bring an empty router about to where a snapshot stands, as far as inputs can: rules, queues, agents and their
 * presence, live work in hand as assigned by hand, and who waits. Throws `routing.other_engine` for a snapshot that this engine
 * does not know.
 */
export function snapshotInputs(snapshot: RouterSnapshot): Input[] {
  if (snapshot.engineVersion !== ENGINE_VERSION) {
    throw new SvaraError(
      `the record begins at a snapshot of engine version ${snapshot.engineVersion}, and this one is ${ENGINE_VERSION}: take the journal from the beginning of the epoch`,
      { code: "routing.other_engine", httpStatus: 422 },
    );
  }
  const router = Router.restore(snapshot);
  return [
    { type: "config.rules_set", rules: snapshot.centre },
    ...snapshot.queues.map(({ config }): Input => ({ type: "config.queue_set", queue: config })),
    ...snapshot.agents.flatMap(agentInputs),
    ...router
      .queueIds()
      .flatMap((queueId) => router.waitingItems(queueId))
      .map((item): Input => ({ type: "item.queued", item })),
  ];
}

function agentInputs(saved: RouterSnapshot["agents"][number]): Input[] {
  const { config, presence } = saved;
  const agentId = config.id;
  const inputs: Input[] = [{ type: "config.agent_set", agent: config }];
  if (!saved.loggedIn) return inputs;
  if (saved.reachable !== 0) {
    for (const medium of Object.keys(config.slots) as Medium[]) {
      inputs.push({ type: "agent.reachable", agentId, medium, reachable: true });
    }
  }
  inputs.push({ type: "agent.logged_in", agentId, presence });
  if (saved.busyOther) inputs.push({ type: "agent.busy_other", agentId, busy: true });
  for (const { itemId, medium, phase } of saved.handlings) {
    if (phase === "wrap_up" || phase === "interrupted") continue; // the record tells no end of it that could be told again
    inputs.push({ type: "item.assigned", itemId, agentId, medium, phase });
  }
  return inputs;
}
