type Params = Readonly<Record<string, string | number>>;

/** What findings of the routing check say in English; other languages have their own words for the same codes. */
const TEXTS: Readonly<Record<string, (params: Params) => string>> = {
  nobody_has_slots: (p) => `No agent takes ${p.medium}.`,
  nobody_is_assigned: () => "No agent is assigned to this queue.",
  nobody_has_skill: (p) =>
    p.best === 0
      ? `No agent has the skill ${p.skill}.`
      : `No agent has the skill ${p.skill} at level ${p.minProficiency}; the best has ${p.best}.`,
  nobody_in_groups: (p) => `No agent is in one of the teams ${p.teams}.`,
  nobody_at_sites: (p) => `No agent works at ${p.sites}.`,
  nobody_in_tiers: (p) => `No agent serves tier ${p.tiers}.`,
  nobody_meets_all: (p) => `No agent meets all that is asked; one would without: ${p.without}.`,
  served_from_step_on: (p) => `Nobody can serve the queue until step ${p.step}, after ${seconds(p.afterMs)}.`,
  queue_without_media: () => "The queue has no medium.",
  preferred_skill_of_nobody: (p) => `The preferred skill ${p.skill} is held by no agent.`,
  step_out_of_order: (p) => `Step ${p.step} stands behind one that comes later.`,
  step_changes_nothing: (p) => `Step ${p.step} changes nothing.`,
  step_nobody_serves: (p) => `From step ${p.step} on nobody can serve the queue.`,
  step_never_reached: (p) =>
    `Step ${p.step} is never reached: the overflow rule ${p.rule} takes every contact away before.`,
  criterion_does_nothing: (p) => `The criterion ${p.criterion} does nothing.`,
  criterion_nobody_serves: (p) => `Nobody can serve contacts to which the criterion ${p.criterion} applies.`,
  bad_expression: (p) => `The expression cannot be used: ${p.problem}, column ${p.column}.`,
  overflow_queue_missing: (p) => `The overflow rule ${p.rule} leads to a queue that is not there.`,
  overflow_to_itself: (p) => `The overflow rule ${p.rule} leads back into its own queue.`,
  overflow_nobody_serves: (p) => `The overflow rule ${p.rule} leads to ${p.queue}, which nobody can serve.`,
  overflow_sites_nobody_serves: (p) =>
    `The overflow rule ${p.rule} leads to ${p.sites}, where nobody can serve the queue.`,
  overflow_loop: (p) =>
    `Overflow goes round: ${p.queues}. A contact goes round once and stays in the last queue.`,
  overflow_always_at_once: (p) =>
    `The overflow rule ${p.rule} applies to every contact at once: the queue itself serves nobody.`,
  overflow_never_reached: (p) => `The overflow rule ${p.rule} is never reached: ${p.before} comes first.`,
  overflow_closed_without_hours: (p) =>
    `The overflow rule ${p.rule} asks for closed, but the queue has no opening hours.`,
  callback_without_policy: (p) =>
    `The overflow rule ${p.rule} offers call-backs; the queue says nothing of how they are tried.`,
  preferred_wait_too_long: (p) =>
    `Contacts wait ${seconds(p.preferredWaitMs)} for their preferred agent, but the overflow rule ${p.rule} takes them away after ${seconds(p.afterMs)}.`,
  blend_protects_nothing: () => "Blending protects no queue.",
  blend_protects_itself: () => "Blending protects the queue itself.",
  blend_queue_missing: (p) => `Blending protects ${p.queue}, which is not there.`,
  blend_without_threshold: () => "Blending has no threshold: it holds nothing back.",
  blend_reserve_too_great: (p) =>
    `Blending keeps ${p.reserve} agents free, but at most ${p.agents} could be: nothing is ever offered.`,
  agent_without_slots: () => "The agent can have no contact in hand.",
  agent_serves_nothing: () => "No queue can be served by the agent.",
  agent_queue_missing: (p) => `The agent is assigned to ${p.queue}, which is not there.`,
  agent_capacity_without_slots: (p) => `A rule names ${p.medium}, for which there is no slot.`,
  agent_interrupts_itself: (p) => `${p.medium} cannot interrupt itself.`,
  duplicate_id: (p) => `${p.id} is there twice.`,
  out_of_range: (p) => `${p.value} is out of range.`,
  wrap_up_limit_long: (p) => `Wrap-up of ${seconds(p.limitMs)} is longer than ${seconds(p.mostMs)}.`,
  ageing_does_nothing: () => "Ageing changes nothing.",
  bad_hours: (p) => `The opening hours cannot be used: ${p.problem} at ${p.at}.`,
  share_is_zero: () => "The queue has no share: nobody may wait in it, so it is emptied before all others.",
  cost_is_zero: () => "Waiting costs nothing here: the queue is served last of all.",
};

/** One finding in English. */
export function findingText(code: string, params: Params): string {
  return TEXTS[code]?.(params) ?? code;
}

function seconds(ms: string | number | undefined): string {
  return `${Math.round(Number(ms) / 1000)} s`;
}
