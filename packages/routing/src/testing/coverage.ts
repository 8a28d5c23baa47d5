import type { Decision, DecisionType, IgnoreCode, OfferWithdrawReason } from "../decision.ts";
import type { AgentStrategyName, OverflowTarget, WorkStrategyName } from "../model.ts";

type Words<T extends string> = Readonly<Record<T, true>>;

/** Everything that days have to show, as words; the types see to it that none is missing. */
const DECISIONS: Words<DecisionType> = {
  offer: true,
  "offer.accepted": true,
  "offer.refused": true,
  "offer.failed": true,
  "offer.timed_out": true,
  "offer.withdrawn": true,
  "item.returned": true,
  "item.orphaned": true,
  "item.stepped": true,
  "item.overflowed": true,
  "item.interrupted": true,
  "item.resumed": true,
  "callback.promised": true,
  "callback.failed": true,
  "callback.late": true,
  "assignment.expired": true,
  "crosssell.answered": true,
  "agent.dropped": true,
  "presence.changed": true,
  "agent.state_changed": true,
  "wrapup.started": true,
  "wrapup.extended": true,
  "wrapup.ended": true,
  ignored: true,
};
const CODES: Words<IgnoreCode> = {
  unknown_agent: true,
  unknown_queue: true,
  unknown_item: true,
  unknown_handling: true,
  stale_offer: true,
  already_queued: true,
  already_assigned: true,
  already_logged_in: true,
  not_logged_in: true,
  no_change: true,
  not_in_wrap_up: true,
  no_early_exit: true,
  not_allowed: true,
  no_capacity: true,
  not_a_callback: true,
  no_limit: true,
};
const WITHDRAWN: Words<Exclude<OfferWithdrawReason, "transferred" | "overflow">> = {
  customer_gone: true,
  callback: true,
  flow: true,
  ended: true,
  moved: true,
  assigned: true,
  queue_removed: true,
  agent_removed: true,
  agent_unreachable: true,
  agent_not_ready: true,
  agent_busy: true,
  agent_logged_out: true,
  connection_lost: true,
  supervisor: true,
};
const AGENT_STRATEGIES: Words<AgentStrategyName> = {
  longest_idle: true,
  least_occupied: true,
  highest_proficiency: true,
  round_robin: true,
  balanced: true,
  none: true,
};
const WORK_STRATEGIES: Words<WorkStrategyName> = {
  priority_then_oldest: true,
  gcmu: true,
  fqr: true,
  service_level_race: true,
  none: true,
};
const TARGETS: Words<OverflowTarget["kind"]> = {
  queue: true,
  sites: true,
  voicemail: true,
  hang_up: true,
  message: true,
  callback: true,
};
const MORE = [
  "choice preferred_agent",
  "choice only_agent",
  "choice picked",
  "crosssell no_rule",
  "crosssell in_system",
  "crosssell waiting",
  "crosssell open_agents",
  "crosssell criterion",
  "crosssell null",
  "wrapup.ended agent",
  "wrapup.ended timeout",
  "wrapup.ended logout",
  "wrapup.ended resumed",
  "wrapup.ended supervisor",
  "attempt busy again",
  "attempt no_answer again",
  "attempt machine again",
  "attempt failed again",
  "attempt lease again",
  "attempt left",
  "not_ready rona",
  "not_ready refused",
  "not_ready offer_failed",
  "not_ready connection_lost",
  "not_ready unreachable",
  "not_ready break",
  "step 2",
  "step 3",
];

/** What happened in days, by word, with nothing for what did not. */
export class Coverage {
  readonly times = new Map<string, number>();

  constructor() {
    const words = (name: string, list: object): string[] =>
      Object.keys(list).map((word) => `${name} ${word}`);
    for (const word of [
      ...words("decision", DECISIONS),
      ...words("ignored", CODES),
      ...words("withdrawn", WITHDRAWN),
      ...words("agent_for_item", AGENT_STRATEGIES),
      ...words("item_for_agent", WORK_STRATEGIES),
      ...words("overflow", TARGETS),
      ...MORE,
    ]) {
      this.times.set(word, 0);
    }
  }

  add(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      for (const word of wordsOf(decision)) this.times.set(word, (this.times.get(word) ?? 0) + 1);
    }
  }

  /** What never happened. */
  missing(): string[] {
    return [...this.times].filter(([, times]) => times === 0).map(([word]) => word);
  }

  get decisions(): number {
    return Object.keys(DECISIONS).reduce((sum, word) => sum + (this.times.get(`decision ${word}`) ?? 0), 0);
  }
}

function wordsOf(d: Decision): string[] {
  const word = `decision ${d.type}`;
  switch (d.type) {
    case "ignored":
      return [word, `ignored ${d.code}`];
    case "offer": {
      const { choice, strategy } = d.explain;
      return [
        word,
        choice.endsWith("_for_item") || choice.startsWith("item_")
          ? `${choice} ${strategy}`
          : `choice ${choice}`,
      ];
    }
    case "offer.withdrawn":
      return [word, `withdrawn ${d.reason}`];
    case "item.overflowed":
      return [word, `overflow ${d.to.kind}`];
    case "item.stepped":
      return [word, `step ${d.step}`];
    case "crosssell.answered":
      return [word, `crosssell ${d.because}`];
    case "wrapup.ended":
      return [word, `wrapup.ended ${d.by}`];
    case "callback.failed":
      return [word, d.nextAt === null ? "attempt left" : `attempt ${d.outcome} again`];
    case "agent.state_changed":
      return d.to === "not_ready" ? [word, `not_ready ${d.reason}`] : [word];
    default:
      return [word];
  }
}
