import {
  agentsFor,
  meetsTargets,
  type QueueDemand,
  type QueueFigures,
  queueFigures,
  type ServiceLevelBasis,
  type StaffingAnswer,
  type StaffingTargets,
} from "../queueing/index.ts";

/** The looks at an interval whose load changes. */
interface ChangingLoad {
  /** In erlang, each for as long as the others. */
  readonly loads: readonly number[];
  readonly ahtMs: number;
  readonly patience: QueueDemand["patience"];
  readonly targets: StaffingTargets;
}

/**
 * The fewest agents with which the figures over all looks together, weighed by their contacts, meet the targets: more than the
 * mean load asks for, since too few hurt more than too many help.
 */
export function agentsForLoads({ loads, ahtMs, patience, targets }: ChangingLoad): StaffingAnswer {
  const demandOf = (load: number): QueueDemand => ({
    lambdaPerHour: (load / ahtMs) * 3_600_000,
    ahtS: ahtMs / 1000,
    ...(patience === undefined ? {} : { patience }),
  });
  const mean = loads.reduce((sum, load) => sum + load, 0) / loads.length;
  const least = agentsFor(demandOf(mean), targets);
  const most = agentsFor(demandOf(Math.max(...loads)), targets).agents;
  const thresholdsS = targets.serviceLevel ? [targets.serviceLevel.thresholdS] : [];
  // where nobody hangs up, no look may have more load than agents
  const carried = (patience ?? null) === null ? Math.floor(Math.max(...loads)) + 1 : 0;
  let agents = Math.max(least.agents, carried);
  for (;;) {
    const figures = together(
      loads.map((load) => ({ load, figures: queueFigures(demandOf(load), agents, thresholdsS) })),
      agents,
    );
    if (agents >= most || meetsTargets(targets, figures))
      return { ...least, agents, headcount: agents, figures };
    agents++;
  }
}

type Look = { readonly load: number; readonly figures: QueueFigures };

/** Each figure is weighed by what it is a mean of: all contacts, the served, those who hung up, or time. */
function together(looks: readonly Look[], agents: number): QueueFigures {
  type Part = (figures: QueueFigures) => number;
  const mean = (of: Part, weight: (look: Look) => number): number => {
    const all = looks.reduce((sum, look) => sum + weight(look), 0);
    if (all === 0) return 0;
    return (
      looks.reduce((sum, look) => sum + (weight(look) === 0 ? 0 : weight(look) * of(look.figures)), 0) / all
    );
  };
  const contacts = ({ load }: Look): number => load;
  const served = ({ load, figures }: Look): number => load * (1 - figures.pAbandon);
  const hungUp = ({ load, figures }: Look): number => load * figures.pAbandon;
  const waited = ({ load, figures }: Look): number => load * figures.pWait;
  const time = (): number => 1;
  const first = looks[0]?.figures;
  return {
    agents,
    offeredErlang: mean(({ offeredErlang }) => offeredErlang, time),
    pBlock: mean(({ pBlock }) => pBlock, contacts),
    pWait: mean(({ pWait }) => pWait, contacts),
    pAbandon: mean(({ pAbandon }) => pAbandon, contacts),
    meanWaitAllS: mean(({ meanWaitAllS }) => meanWaitAllS, contacts),
    meanWaitServedS: mean(({ meanWaitServedS }) => meanWaitServedS, served),
    meanWaitAbandonedS:
      first?.meanWaitAbandonedS === null ? null : mean((figures) => figures.meanWaitAbandonedS ?? 0, hungUp),
    meanWaitGivenWaitS: mean(({ meanWaitGivenWaitS }) => meanWaitGivenWaitS, waited),
    meanQueue: mean(({ meanQueue }) => meanQueue, time),
    occupancy: mean(({ occupancy }) => occupancy, time),
    within: (first?.within ?? []).map(({ thresholdS }, index) => {
      const level = (basis: ServiceLevelBasis, weight: (look: Look) => number): number =>
        mean(({ within }) => within[index]?.serviceLevel[basis] ?? 0, weight);
      const inTime = level("all", contacts);
      const early = level("abandonsIn", contacts) - inTime;
      return {
        thresholdS,
        serviceLevel: {
          all: inTime,
          served: level("served", served),
          abandonsOut: early < 1 ? inTime / (1 - early) : 0,
          abandonsIn: inTime + early,
        },
        pWaitGt: mean(({ within }) => within[index]?.pWaitGt ?? 0, contacts),
      };
    }),
  };
}
