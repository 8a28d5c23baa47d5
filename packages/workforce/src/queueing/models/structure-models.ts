import { agentsFor, queueFigures } from "../agents-for.ts";
import { predictedWaitS } from "../delay-predictor.ts";
import { dialerCeiling } from "../dialer-ceiling.ts";
import { trunksFor } from "../finite-lines.ts";
import { badInput, numberIn, openShareIn, rateIn, secondsIn, wholeAgentsIn } from "../input.ts";
import { type MakeOrBuyInput, makeOrBuy } from "../make-or-buy.ts";
import { burstyBlocking, overflowMoments, sharedSecondTier, twoTiers } from "../overflow.ts";
import { pooling } from "../pooling.ts";
import { cMuOrder, orderCost, priorityWaits } from "../priority.ts";
import { squareRootAgents } from "../square-root.ts";
import { targetsOf } from "./erlang-models.ts";
import {
  agentsOf,
  ahtOf,
  camelKeys,
  erlangOf,
  given,
  lambdaOf,
  listIn,
  type Model,
  type ModelInputs,
  patienceMeanOf,
  patienceMeanOrNull,
  serviceLevelOf,
  snakeKeys,
  wholeAgentsOf,
} from "./fields.ts";

const poolsOf = (inputs: ModelInputs): number =>
  numberIn(inputs.pools, "pools", { min: 2, max: 1_000, isWhole: true });

const TARGETS = [
  "threshold_s",
  "service_level",
  "service_level_base",
  "max_asa_s",
  "max_pWait",
  "max_abandon",
  "max_occupancy",
];

/** Models of several groups, classes or lines, under the names and fields of published checks, and some of our own. */
export const STRUCTURE_MODELS: Readonly<Record<string, Model>> = {
  pooling_erlangC: {
    summary: "agents of equal pools apart and merged, patient callers",
    needs: ["lambda_per_hour_each", "aht_s", "threshold_s", "service_level", "pools"],
    evaluate: (inputs) => {
      const pools = poolsOf(inputs);
      const each = rateIn(inputs.lambda_per_hour_each, "lambda_per_hour_each");
      const serviceLevel = serviceLevelOf(inputs);
      if (serviceLevel === undefined)
        throw badInput("service_level", "service_level is missing; give a share such as 0.8");
      const agentsAt = (lambdaPerHour: number): number =>
        agentsFor({ lambdaPerHour, ahtS: ahtOf(inputs) }, { serviceLevel }).agents;
      return {
        [`agents_each_of_${IN_WORDS[pools] ?? pools}_pools`]: agentsAt(each),
        agents_one_pool: agentsAt(pools * each),
      };
    },
  },
  pooling_same_agents: {
    summary: "service of equal pools apart and merged with the same agents, patient callers",
    needs: ["lambda_per_hour_total", "aht_s", "threshold_s", "pools", "agents_total"],
    evaluate: (inputs) => {
      const pools = poolsOf(inputs);
      const total = rateIn(inputs.lambda_per_hour_total, "lambda_per_hour_total");
      const agents = wholeAgentsIn(inputs.agents_total, "agents_total");
      if (agents % pools !== 0)
        throw badInput(
          "agents_total",
          `agents_total is ${agents}, which ${pools} equal pools do not divide; give a multiple`,
        );
      const thresholdS = secondsIn(inputs.threshold_s, "threshold_s");
      const at = (share: number) =>
        queueFigures({ lambdaPerHour: total / share, ahtS: ahtOf(inputs) }, agents / share, [thresholdS]);
      const [split, pooled] = [at(pools), at(1)];
      return {
        sl_split: split.within[0]?.serviceLevel.all,
        sl_pooled: pooled.within[0]?.serviceLevel.all,
        asa_split_s: split.meanWaitAllS,
        asa_pooled_s: pooled.meanWaitAllS,
      };
    },
  },
  pooling: {
    summary: "whether centres that differ are better merged, at a loss of language or skill",
    needs: ["centres"],
    takes: ["loss", ...TARGETS],
    evaluate: (inputs) => {
      const centres = listIn(inputs.centres, "centres", (value, field) => {
        const centre = objectIn(value, field);
        return { lambdaPerHour: lambdaOf(centre), ahtS: ahtOf(centre), patience: patienceMeanOrNull(centre) };
      });
      const loss = camelKeys(given(inputs, "loss", objectIn) ?? {}) as object;
      const { separate, together, sameAgents, ...rest } = pooling({
        centres,
        targets: targetsOf(inputs),
        loss,
      });
      const [level] = sameAgents.within;
      return snakeKeys({
        agentsEach: separate.map(({ agents }) => agents),
        agentsTogether: together.agents,
        ...rest,
        sameAgents: {
          asaS: sameAgents.meanWaitAllS,
          abandonment: sameAgents.pAbandon,
          ...(level ? { serviceLevel: level.serviceLevel.all } : {}),
        },
      }) as Record<string, unknown>;
    },
  },
  overflow_moments: {
    summary: "what a full group turns away, and how bursty it is",
    needs: ["agents", "offered_erlang"],
    evaluate: (inputs) => {
      const { meanErlang, variance, peakedness } = overflowMoments(agentsOf(inputs), erlangOf(inputs));
      return { overflow_mean_erlang: meanErlang, overflow_variance: variance, peakedness };
    },
  },
  overflow_two_tier: {
    summary: "a second tier that takes what the first cannot",
    needs: ["primary", "secondary", "offered_erlang"],
    evaluate: (inputs) => {
      const tiers = twoTiers({
        primary: groupIn(inputs.primary, "primary"),
        secondary: groupIn(inputs.secondary, "secondary"),
        offeredErlang: erlangOf(inputs),
      });
      return {
        overflow_primary_fraction: tiers.overflowFraction,
        lost_fraction: tiers.lostFraction,
        secondary_occupancy: tiers.secondaryOccupancy,
      };
    },
  },
  overflow_bursty: {
    summary: "blocking of bursty traffic",
    needs: ["lines", "mean_erlang", "peakedness"],
    evaluate: ({ lines, mean_erlang, peakedness }) => ({
      blocking: burstyBlocking(groupIn(lines, "lines"), {
        meanErlang: numberIn(mean_erlang, "mean_erlang", { min: 0, max: 1e7 }),
        peakedness: numberIn(peakedness, "peakedness", { min: 1, max: 1_000 }),
      }),
    }),
  },
  overflow_shared_tier: {
    summary: "one second tier behind several first tiers",
    needs: ["primaries", "max_blocking"],
    evaluate: (inputs) => {
      const { agents, blocking, offered } = sharedSecondTier({
        primaries: listIn(inputs.primaries, "primaries", (value, field) => {
          const group = objectIn(value, field);
          return { agents: agentsOf(group), offeredErlang: erlangOf(group) };
        }),
        maxBlocking: openShareIn(inputs.max_blocking, "max_blocking"),
      });
      return { agents, blocking, overflow_mean_erlang: offered.meanErlang, peakedness: offered.peakedness };
    },
  },
  trunks: {
    summary: "fewest lines for callers who wait and talk",
    needs: ["lambda_per_hour", "aht_s", "agents", "max_blocking"],
    takes: ["mean_patience_s", "before_s"],
    evaluate: (inputs) => {
      const { lines, pBlock, trunkErlang, linesErlangB } = trunksFor({
        lambdaPerHour: lambdaOf(inputs),
        ahtS: ahtOf(inputs),
        agents: wholeAgentsOf(inputs),
        meanPatienceS: patienceMeanOrNull(inputs),
        maxBlocking: openShareIn(inputs.max_blocking, "max_blocking"),
        beforeS: given(inputs, "before_s", secondsIn) ?? 0,
      });
      return { lines, pBlock, trunk_erlang: trunkErlang, lines_erlangB: linesErlangB };
    },
  },
  make_or_buy: {
    summary: "an own centre against an outsourcer over months",
    needs: ["hours", "aht_s", "own", "outsourcer"],
    takes: ["mean_patience_s", ...TARGETS, "months", "growth_per_month", "discount_per_year"],
    evaluate: (inputs) => {
      const amount = (value: unknown, field: string): number =>
        numberIn(value, field, { min: -1e15, max: 1e15 });
      const optional = (name: string) => given(inputs, name, amount);
      const [months, growthPerMonth, discountPerYear] = [
        optional("months"),
        optional("growth_per_month"),
        optional("discount_per_year"),
      ];
      return snakeKeys(
        makeOrBuy({
          hours: camelKeys(listIn(inputs.hours, "hours", objectIn)) as MakeOrBuyInput["hours"],
          ahtS: ahtOf(inputs),
          patience: patienceMeanOrNull(inputs),
          targets: targetsOf(inputs),
          own: camelKeys(objectIn(inputs.own, "own")) as MakeOrBuyInput["own"],
          outsourcer: camelKeys(objectIn(inputs.outsourcer, "outsourcer")) as MakeOrBuyInput["outsourcer"],
          ...(months === undefined ? {} : { months }),
          ...(growthPerMonth === undefined ? {} : { growthPerMonth }),
          ...(discountPerYear === undefined ? {} : { discountPerYear }),
        }),
      ) as Record<string, unknown>;
    },
  },
  square_root_staffing: {
    summary: "agents by the square-root rule",
    needs: ["offered_erlang", "beta"],
    evaluate: (inputs) => ({
      agents: squareRootAgents(erlangOf(inputs), numberIn(inputs.beta, "beta", { min: -40, max: 40 })),
    }),
  },
  mmc_nonpreemptive_priority: {
    summary: "mean waits of classes served by rank, patient callers",
    needs: ["agents", "lambda_per_hour", "aht_s"],
    evaluate: (inputs) => {
      const waits = priorityWaits({
        lambdaPerHour: listIn(inputs.lambda_per_hour, "lambda_per_hour", rateIn),
        ahtS: ahtOf(inputs),
        agents: agentsOf(inputs),
      });
      return Object.fromEntries(waits.map((wait, i) => [`meanWait_s_class${i + 1}`, wait]));
    },
  },
  cmu_rule_mm1: {
    summary: "cost of waiting by the class that one server serves first",
    needs: ["lambda_", "mu", "holding_cost"],
    evaluate: (inputs) => {
      const amount = (value: unknown, field: string): number => numberIn(value, field, { min: 0, max: 1e9 });
      const classes = {
        lambda: listIn(inputs.lambda_, "lambda_", amount),
        mu: listIn(inputs.mu, "mu", (value, field) =>
          numberIn(value, field, { min: 0, max: 1e9, isAbove: true }),
        ),
        holdingCost: listIn(inputs.holding_cost, "holding_cost", amount),
      };
      const best = cMuOrder(classes);
      // Each class first in turn, the others by the rule.
      const orders = classes.lambda.map((_, first) => [first, ...best.filter((other) => other !== first)]);
      return {
        ...Object.fromEntries(
          orders.map((order, i) => [`cost_class${i + 1}_first`, orderCost(classes, order)]),
        ),
        least_cost: orderCost(classes, best),
        least_cost_order: best.map((index) => index + 1),
      };
    },
  },
  dialer_poisson_zero_wait_ceiling: {
    summary: "occupancy of blind dialling at an abandonment, dropped at once",
    needs: ["agents", "max_abandon"],
    evaluate: (inputs) => {
      const maxAbandon = openShareIn(inputs.max_abandon, "max_abandon");
      const { answeredErlang, occupancy } = dialerCeiling({ agents: agentsOf(inputs), maxAbandon });
      return { answered_load_erlang: answeredErlang, occupancy };
    },
  },
  dialer_poisson_2s_grace_ceiling: {
    summary: "occupancy of blind dialling at an abandonment, dropped after a grace",
    needs: ["agents", "aht_s", "max_abandon"],
    takes: ["grace_s"],
    evaluate: (inputs) => {
      const { answeredErlang, occupancy, pWait } = dialerCeiling({
        agents: agentsOf(inputs),
        ahtS: ahtOf(inputs),
        graceS: given(inputs, "grace_s", secondsIn) ?? 2,
        maxAbandon: openShareIn(inputs.max_abandon, "max_abandon"),
      });
      return { answered_load_erlang: answeredErlang, occupancy, pWait };
    },
  },
  delay_predictor_QL: {
    summary: "further wait by the place in the queue, nobody hangs up",
    needs: ["agents", "aht_s", "queue_ahead"],
    takes: ["mean_patience_s"],
    evaluate: (inputs) => {
      if (patienceMeanOrNull(inputs) !== null)
        throw badInput(
          "mean_patience_s",
          "mean_patience_s is given, which delay_predictor_QL leaves out; use delay_predictor_QLm",
        );
      return { expected_wait_s: predictedWaitS({ ...placeOf(inputs), meanPatienceS: null }) };
    },
  },
  delay_predictor_QLm: {
    summary: "further wait by the place in the queue, callers who hang up",
    needs: ["agents", "aht_s", "queue_ahead", "mean_patience_s"],
    evaluate: (inputs) => ({
      expected_wait_s: predictedWaitS({ ...placeOf(inputs), meanPatienceS: patienceMeanOf(inputs) }),
    }),
  },
};

const IN_WORDS: Readonly<Record<number, string>> = { 2: "two", 3: "three", 4: "four" };

const groupIn = (value: unknown, field: string): number =>
  numberIn(value, field, { min: 0, max: 1e7, isAbove: true });

const placeOf = (inputs: ModelInputs) => ({
  agents: agentsOf(inputs),
  ahtS: ahtOf(inputs),
  queueAhead: numberIn(inputs.queue_ahead, "queue_ahead", { min: 0, max: 1e7, isWhole: true }),
});

function objectIn(value: unknown, field: string): ModelInputs {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as ModelInputs;
  throw badInput(field, `${field} is no object; give its fields by name`);
}
