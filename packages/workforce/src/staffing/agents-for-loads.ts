import {
  agentsFor,
  meetsTargets,
  type QueueDemand,
  type QueueFigures,
  queueFigures,
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
  let agents = least.agents;
  for (;;) {
    const figures = together(
      loads.map((load) => ({ load, figures: figuresOf(demandOf(load), agents, thresholdsS) })),
      agents,
    );
    if (agents >= most || meetsTargets(targets, figures))
      return { ...least, agents, headcount: agents, figures };
    agents++;
  }
}

/** While there are fewer agents than load and nobody hangs up, everybody waits and nobody knows how long. */
function figuresOf(demand: QueueDemand, agents: number, thresholdsS: readonly number[]): QueueFigures {
  const offeredErlang = (demand.lambdaPerHour * demand.ahtS) / 3600;
  if ((demand.patience ?? null) !== null || agents > offeredErlang)
    return queueFigures(demand, agents, thresholdsS);
  const nothing = { all: 0, served: 0, abandonsOut: 0, abandonsIn: 0 };
  return {
    agents,
    offeredErlang,
    pBlock: 0,
    pWait: 1,
    pAbandon: 0,
    meanWaitAllS: Number.POSITIVE_INFINITY,
    meanWaitServedS: Number.POSITIVE_INFINITY,
    meanWaitAbandonedS: null,
    meanWaitGivenWaitS: Number.POSITIVE_INFINITY,
    meanQueue: Number.POSITIVE_INFINITY,
    occupancy: 1,
    within: thresholdsS.map((thresholdS) => ({ thresholdS, serviceLevel: nothing, pWaitGt: 1 })),
  };
}

type Look = { readonly load: number; readonly figures: QueueFigures };

function together(looks: readonly Look[], agents: number): QueueFigures {
  const all = looks.reduce((sum, { load }) => sum + load, 0);
  const byContacts = (of: (figures: QueueFigures) => number): number =>
    looks.reduce((sum, { load, figures }) => sum + (load === 0 ? 0 : (load / all) * of(figures)), 0);
  const byTime = (of: (figures: QueueFigures) => number): number =>
    looks.reduce((sum, { figures }) => sum + of(figures), 0) / looks.length;
  const levelOf = (index: number, basis: keyof QueueFigures["within"][number]["serviceLevel"]): number =>
    byContacts(({ within }) => within[index]?.serviceLevel[basis] ?? 0);
  const first = looks[0]?.figures;
  return {
    agents,
    offeredErlang: all / looks.length,
    pBlock: byContacts(({ pBlock }) => pBlock),
    pWait: byContacts(({ pWait }) => pWait),
    pAbandon: byContacts(({ pAbandon }) => pAbandon),
    meanWaitAllS: byContacts(({ meanWaitAllS }) => meanWaitAllS),
    meanWaitServedS: byContacts(({ meanWaitServedS }) => meanWaitServedS),
    meanWaitAbandonedS:
      first?.meanWaitAbandonedS === null ? null : byContacts((f) => f.meanWaitAbandonedS ?? 0),
    meanWaitGivenWaitS: byContacts(({ meanWaitGivenWaitS }) => meanWaitGivenWaitS),
    meanQueue: byTime(({ meanQueue }) => meanQueue),
    occupancy: byTime(({ occupancy }) => occupancy),
    within: (first?.within ?? []).map(({ thresholdS }, index) => ({
      thresholdS,
      serviceLevel: {
        all: levelOf(index, "all"),
        served: levelOf(index, "served"),
        abandonsOut: levelOf(index, "abandonsOut"),
        abandonsIn: levelOf(index, "abandonsIn"),
      },
      pWaitGt: byContacts(({ within }) => within[index]?.pWaitGt ?? 0),
    })),
  };
}
