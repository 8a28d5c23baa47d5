import { agentsFor, headcountOf, type StaffingTargets } from "../agents-for.ts";
import { erlangB, erlangBLines, erlangBLoad } from "../erlang-b.ts";
import { erlangC, erlangCWaitQuantile } from "../erlang-c.ts";
import type { QueueFigures } from "../figures.ts";
import { finiteLines } from "../finite-lines.ts";
import {
  erlangA,
  erlangAWaitQuantile,
  type ImpatientQueueFigures,
  impatientQueue,
  impatientWaitQuantile,
} from "../impatient-queue.ts";
import { badInput, durationIn, numberIn, openShareIn, secondsIn, shareIn, wholeAgentsIn } from "../input.ts";
import { garnettDelay, halfinWhittDelay } from "../square-root.ts";
import {
  agentsOf,
  ahtOf,
  erlangOf,
  given,
  isGiven,
  lambdaOf,
  type Model,
  type ModelInputs,
  type ModelOutputs,
  patienceMeanOf,
  patienceMeanOrNull,
  patienceOf,
  serviceLevelOf,
  thresholdsOf,
  wholeAgentsOf,
} from "./fields.ts";

const ERLANG_TARGETS = [
  "threshold_s",
  "service_level",
  "service_level_base",
  "max_asa_s",
  "max_pWait",
  "max_abandon",
  "max_occupancy",
  "shrinkage",
];

const queueOf = (inputs: ModelInputs) => ({
  lambdaPerHour: lambdaOf(inputs),
  ahtS: ahtOf(inputs),
  agents: agentsOf(inputs),
});

/** Models of one queue, under the names and fields of published checks. */
export const ERLANG_MODELS: Readonly<Record<string, Model>> = {
  erlangB: {
    summary: "blocking of lines without waiting",
    needs: ["agents", "offered_erlang"],
    evaluate: (inputs) => ({
      blocking: erlangB(numberIn(inputs.agents, "agents", { min: 0, max: 1e7 }), erlangOf(inputs)),
    }),
  },
  erlangB_inverse_load: {
    summary: "load that lines carry at a blocking",
    needs: ["agents", "blocking"],
    evaluate: (inputs) => ({
      offered_erlang: erlangBLoad(agentsOf(inputs), openShareIn(inputs.blocking, "blocking")),
    }),
  },
  erlangB_min_agents: {
    summary: "fewest lines for a blocking",
    needs: ["offered_erlang", "max_blocking"],
    evaluate: (inputs) => ({
      agents: erlangBLines(erlangOf(inputs), openShareIn(inputs.max_blocking, "max_blocking")),
    }),
  },
  erlangC: {
    summary: "patient callers (M/M/n)",
    needs: ["lambda_per_hour", "aht_s", "agents"],
    takes: ["threshold_s", "thresholds_s"],
    evaluate: (inputs) => {
      const thresholdsS = thresholdsOf(inputs);
      const figures = erlangC({ ...queueOf(inputs), thresholdsS });
      const level = (i: number): number | undefined => figures.within[i]?.serviceLevel.all;
      return {
        pWait: figures.pWait,
        ...(isGiven(inputs.threshold_s) && !isGiven(inputs.thresholds_s) ? { serviceLevel: level(0) } : {}),
        ...(isGiven(inputs.thresholds_s)
          ? Object.fromEntries(thresholdsS.map((s, i) => [`serviceLevel_${s}s`, level(i)]))
          : {}),
        asa_s: figures.meanWaitAllS,
        meanWaitGivenWait_s: figures.meanWaitGivenWaitS,
        meanQueue: figures.meanQueue,
        occupancy: figures.occupancy,
      };
    },
  },
  erlangC_wait_quantile: {
    summary: "wait that a share of patient callers does not exceed",
    needs: ["lambda_per_hour", "aht_s", "agents", "p"],
    evaluate: (inputs) => ({ wait_quantile_s: erlangCWaitQuantile(queueOf(inputs), quantileOf(inputs)) }),
  },
  erlangC_min_agents: {
    summary: "fewest agents for targets, patient callers",
    needs: ["lambda_per_hour", "aht_s"],
    takes: ERLANG_TARGETS.filter((name) => name !== "max_abandon"),
    evaluate: (inputs) => minAgents(inputs, null),
  },
  erlangC_min_agents_for_pWait: {
    summary: "fewest agents so that a share waits, patient callers",
    needs: ["offered_erlang", "max_pWait"],
    evaluate: (inputs) => {
      const maxPWait = openShareIn(inputs.max_pWait, "max_pWait");
      return { agents: agentsFor({ lambdaPerHour: erlangOf(inputs), ahtS: 3600 }, { maxPWait }).agents };
    },
  },
  halfin_whitt_pWait: {
    summary: "share that waits by the square-root rule, patient callers",
    needs: ["beta"],
    evaluate: ({ beta }) => ({ pWait: halfinWhittDelay(betaIn(beta)) }),
  },
  garnett_pWait: {
    summary: "share that waits by the square-root rule, callers who hang up",
    needs: ["beta", "mu", "theta"],
    evaluate: ({ beta, mu, theta }) => {
      const rate = { min: 0, max: 1e9, isAbove: true };
      return { pWait: garnettDelay(betaIn(beta), numberIn(theta, "theta", rate) / numberIn(mu, "mu", rate)) };
    },
  },
  erlangA: {
    summary: "callers who hang up (M/M/n+M)",
    needs: ["lambda_per_hour", "aht_s", "agents", "mean_patience_s"],
    takes: ["threshold_s", "thresholds_s"],
    evaluate: (inputs) =>
      impatientOutputs(
        erlangA({
          ...queueOf(inputs),
          meanPatienceS: patienceMeanOf(inputs),
          thresholdsS: thresholdsOf(inputs),
        }),
      ),
  },
  erlangA_scaled: {
    summary: "Erlang A by load and patience in handling times",
    needs: ["agents", "offered_erlang", "theta_over_mu"],
    evaluate: (inputs) => {
      const ratio = numberIn(inputs.theta_over_mu, "theta_over_mu", { min: 0, max: 1e6, isAbove: true });
      const { pWait, pAbandon, meanQueue } = erlangA({
        lambdaPerHour: erlangOf(inputs),
        ahtS: 3600,
        agents: agentsOf(inputs),
        meanPatienceS: 3600 / ratio,
      });
      return { pWait, pAbandon, meanQueue };
    },
  },
  erlangA_min_agents: {
    summary: "fewest agents for targets, callers who hang up",
    needs: ["lambda_per_hour", "aht_s", "mean_patience_s"],
    takes: ERLANG_TARGETS,
    evaluate: (inputs) => minAgents(inputs, patienceMeanOf(inputs)),
  },
  erlangA_wait_quantile: {
    summary: "wait that a share of all does not exceed, callers who hang up",
    needs: ["lambda_per_hour", "aht_s", "agents", "mean_patience_s", "p"],
    evaluate: (inputs) => ({
      wait_quantile_s: erlangAWaitQuantile(
        { ...queueOf(inputs), meanPatienceS: patienceMeanOf(inputs) },
        quantileOf(inputs),
      ),
    }),
  },
  mmnk_abandon: {
    summary: "so many lines, callers who hang up or not (M/M/n/k+M)",
    needs: ["lambda_per_hour", "aht_s", "agents", "lines"],
    takes: ["mean_patience_s", "threshold_s", "thresholds_s"],
    evaluate: (inputs) => {
      const figures = finiteLines({
        ...queueOf(inputs),
        agents: wholeAgentsOf(inputs),
        lines: wholeAgentsIn(inputs.lines, "lines"),
        meanPatienceS: patienceMeanOrNull(inputs),
        thresholdsS: thresholdsOf(inputs),
      });
      return {
        pBlock: figures.pBlock,
        pWaitGivenEntered: figures.pWait,
        meanQueue: figures.meanQueue,
        meanWaitEntered_s: figures.meanWaitAllS,
        pAbandonGivenEntered: figures.pAbandon,
        occupancy: figures.occupancy,
        ...withinOutputs(figures, "Entered"),
      };
    },
  },
  mmn_plus_G: {
    summary: "callers whose patience is a family or a curve (M/M/n+G)",
    needs: ["lambda_per_hour", "aht_s", "agents", "patience"],
    takes: ["threshold_s", "thresholds_s"],
    evaluate: (inputs) => {
      const figures = impatientQueue({
        ...queueOf(inputs),
        patience: patienceOf(inputs),
        thresholdsS: thresholdsOf(inputs),
      });
      return { ...impatientOutputs(figures), meanOfferedWait_s: figures.meanOfferedWaitS };
    },
  },
  mmn_plus_G_min_agents: {
    summary: "fewest agents for targets, any patience",
    needs: ["lambda_per_hour", "aht_s", "patience"],
    takes: ERLANG_TARGETS,
    evaluate: (inputs) => minAgents(inputs, patienceOf(inputs)),
  },
  mmn_plus_G_wait_quantile: {
    summary: "wait that a share of all does not exceed, any patience",
    needs: ["lambda_per_hour", "aht_s", "agents", "patience", "p"],
    evaluate: (inputs) => ({
      wait_quantile_s: impatientWaitQuantile(
        { ...queueOf(inputs), patience: patienceOf(inputs) },
        quantileOf(inputs),
      ),
    }),
  },
};

const betaIn = (value: unknown): number => numberIn(value, "beta", { min: -40, max: 40 });

function quantileOf(inputs: ModelInputs): number {
  const p = shareIn(inputs.p, "p");
  if (p < 1) return p;
  throw badInput(
    "p",
    "p is 1: no wait is so long that nobody could wait longer; give a share below 1, such as 0.9",
  );
}

/** The targets that a model of fewest agents may be given. */
export function targetsOf(inputs: ModelInputs): StaffingTargets {
  const serviceLevel = serviceLevelOf(inputs);
  const maxMeanWaitS = given(inputs, "max_asa_s", durationIn);
  const maxPWait = given(inputs, "max_pWait", openShareIn);
  const maxAbandon = given(inputs, "max_abandon", openShareIn);
  const maxOccupancy = given(inputs, "max_occupancy", openShareIn);
  const targets: StaffingTargets = {
    ...(serviceLevel ? { serviceLevel } : {}),
    ...(maxMeanWaitS === undefined ? {} : { maxMeanWaitS }),
    ...(maxPWait === undefined ? {} : { maxPWait }),
    ...(maxAbandon === undefined ? {} : { maxAbandon }),
    ...(maxOccupancy === undefined ? {} : { maxOccupancy }),
  };
  if (Object.keys(targets).length === 0)
    throw badInput(
      "service_level",
      "no target is given; give service_level with threshold_s, max_asa_s, max_pWait, max_abandon or max_occupancy",
    );
  return targets;
}

function minAgents(inputs: ModelInputs, patience: Parameters<typeof agentsFor>[0]["patience"]): ModelOutputs {
  const shrinkage = given(inputs, "shrinkage", (value, field) =>
    numberIn(value, field, { min: 0, max: 0.99 }),
  );
  const demand = { lambdaPerHour: lambdaOf(inputs), ahtS: ahtOf(inputs), patience: patience ?? null };
  const { agents } = agentsFor(demand, targetsOf(inputs));
  return { agents, ...(shrinkage === undefined ? {} : { headcount: headcountOf(agents, shrinkage) }) };
}

function impatientOutputs(figures: ImpatientQueueFigures): ModelOutputs {
  return {
    pWait: figures.pWait,
    pAbandon: figures.pAbandon,
    meanWaitAll_s: figures.meanWaitAllS,
    meanWaitServed_s: figures.meanWaitServedS,
    meanWaitAbandoned_s: figures.meanWaitAbandonedS,
    meanQueue: figures.meanQueue,
    occupancy: figures.occupancy,
    ...withinOutputs(figures, "All"),
  };
}

function withinOutputs({ within }: QueueFigures, base: "All" | "Entered"): ModelOutputs {
  return Object.fromEntries(
    within.flatMap(({ thresholdS, serviceLevel, pWaitGt }) => [
      [`servedWithin_${secondsIn(thresholdS, "thresholds_s")}s_of${base}`, serviceLevel.all],
      [`servedWithin_${thresholdS}s_ofServed`, serviceLevel.served],
      [`pWaitGt_${thresholdS}s`, pWaitGt],
      [`serviceLevel_${thresholdS}s_abandonsOut`, serviceLevel.abandonsOut],
      [`serviceLevel_${thresholdS}s_abandonsIn`, serviceLevel.abandonsIn],
    ]),
  );
}
