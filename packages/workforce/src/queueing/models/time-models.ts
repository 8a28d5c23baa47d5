import { badInput, durationIn, LIMITS, numberIn, openShareIn, secondsIn, wholeAgentsIn } from "../input.ts";
import { normalQuantile } from "../normal.ts";
import { type PeriodicRate, periodicOfferedLoad, staffPeriodicLoad } from "../offered-load.ts";
import { timeVaryingQueue } from "../time-varying-queue.ts";
import { type TransientDay, transientDay } from "../transient-day.ts";
import { given, isGiven, listIn, type Model, type ModelInputs, wholeAgentsOf, wordIn } from "./fields.ts";
import { rateFormula } from "./rate-formula.ts";

const DAY = ["lambda_per_min", "mu_per_min", "agents", "day_min", "awt_s"];
const SEMANTICS = ["start", "after_close"];

/** Models of a queue over time, under the names and fields of published checks. */
export const TIME_MODELS: Readonly<Record<string, Model>> = {
  mt_m_inf_offered_load_periodic: {
    summary: "offered load of arrivals a + b sin(gamma t)",
    needs: ["a", "b", "gamma", "mu", "t"],
    evaluate: (inputs) => {
      const rate = periodicOf(inputs);
      return { m: listIn(inputs.t, "t", instantIn).map((t) => periodicOfferedLoad(rate, t)) };
    },
  },
  mol_staffing_theta_eq_mu: {
    summary: "staffing by the modified offered load, patience as long as handling",
    needs: ["mu", "theta", "target_delay_prob", "t", "a", "b", "gamma"],
    takes: ["beta"],
    evaluate: (inputs) => {
      const rate = periodicOf(inputs);
      if (inputs.theta !== inputs.mu)
        throw badInput(
          "theta",
          `theta is ${inputs.theta}, not mu (${inputs.mu}), where alone this is exact; give both alike`,
        );
      const target = openShareIn(inputs.target_delay_prob, "target_delay_prob");
      const exact = normalQuantile(1 - target);
      const beta =
        given(inputs, "beta", (value, field) => numberIn(value, field, { min: -40, max: 40 })) ?? exact;
      if (Math.abs(beta - exact) > 1e-6)
        throw badInput("beta", `beta is ${beta}, but target_delay_prob needs ${exact}; leave beta out`);
      const staffed = staffPeriodicLoad(rate, instantIn(inputs.t, "t"), target, beta);
      return { m_t: staffed.offeredErlang, agents: staffed.agents, exact_delay_prob: staffed.delay };
    },
  },
  transient_day_mmc: {
    summary: "a day that begins empty, patient callers",
    needs: DAY,
    takes: SEMANTICS,
    evaluate: (inputs) => {
      const day = dayOf(inputs, {});
      return {
        expected_in_target: day.inTarget,
        service_level: day.serviceLevel,
        mean_wait_min: day.meanWaitS / 60,
        occupancy_while_open: day.occupancy,
      };
    },
  },
  transient_day_mmc_abandon: {
    summary: "a day that begins empty, callers who hang up",
    needs: [...DAY, "mean_patience_min"],
    takes: SEMANTICS,
    evaluate: (inputs) => {
      const day = dayOf(inputs, {
        meanPatienceS: 60 * durationIn(inputs.mean_patience_min, "mean_patience_min"),
      });
      return {
        expected_abandoned: day.abandoned,
        expected_in_target: day.inTarget,
        mean_wait_all_min: day.meanWaitS / 60,
        occupancy_while_open: day.occupancy,
      };
    },
  },
  transient_day_mmc_blocked: {
    summary: "a day that begins empty, so many places to wait",
    needs: [...DAY, "queue_capacity"],
    takes: SEMANTICS,
    evaluate: (inputs) => {
      const queueCapacity = numberIn(inputs.queue_capacity, "queue_capacity", {
        min: 0,
        max: 1e6,
        isWhole: true,
      });
      const day = dayOf(inputs, { queueCapacity });
      return {
        expected_blocked: day.blocked,
        expected_in_target: day.inTarget,
        occupancy_while_open: day.occupancy,
      };
    },
  },
  time_varying_mt_m_n_m: {
    summary: "a queue at instants of a changing rate, callers who hang up",
    needs: ["lambda_t", "mu", "theta", "agents", "t"],
    takes: ["start"],
    evaluate: (inputs) => {
      const rate = rateFormula(inputs.lambda_t, "lambda_t");
      const mu = numberIn(inputs.mu, "mu", { min: 1e-6, max: 1e6 });
      const theta = numberIn(inputs.theta, "theta", { min: 0, max: 1e6 });
      emptyStart(inputs);
      const t = listIn(inputs.t, "t", (value, field) => numberIn(value, field, { min: 0, max: 1e6 }));
      const order = [...t].sort((a, b) => a - b);
      // The unit of time is an hour here, whatever it is there.
      const moments = timeVaryingQueue({
        lambdaPerHourAt: (tS) => rate(tS / 3600),
        ahtS: 3600 / mu,
        meanPatienceS: theta === 0 ? null : 3600 / theta,
        staff: [{ fromS: 0, agents: wholeAgentsOf(inputs) }],
        atS: order.map((instant) => instant * 3600),
      });
      return Object.fromEntries(
        t.flatMap((instant) => {
          const moment = moments[order.indexOf(instant)];
          return [
            [`pDelay_t${instant}`, moment?.pDelay],
            [`meanQueue_t${instant}`, moment?.meanQueue],
            [`meanInSystem_t${instant}`, moment?.meanInSystem],
          ];
        }),
      );
    },
  },
};

const instantIn = (value: unknown, field: string): number => numberIn(value, field, { min: -1e9, max: 1e9 });

function periodicOf(inputs: ModelInputs): PeriodicRate {
  const mean = numberIn(inputs.a, "a", { min: 0, max: LIMITS.lambdaPerHour });
  const swing = numberIn(inputs.b, "b", { min: -LIMITS.lambdaPerHour, max: LIMITS.lambdaPerHour });
  if (Math.abs(swing) > mean)
    throw badInput("b", `b is ${swing}, more than a (${mean}): the rate falls below 0; give less`);
  return {
    mean,
    swing,
    frequency: numberIn(inputs.gamma, "gamma", { min: 0, max: 1e6 }),
    mu: numberIn(inputs.mu, "mu", { min: 0, max: 1e6, isAbove: true }),
  };
}

function emptyStart(inputs: ModelInputs): void {
  if (isGiven(inputs.start)) wordIn(inputs.start, "start", ["empty"]);
}

function dayOf(inputs: ModelInputs, rest: { meanPatienceS?: number; queueCapacity?: number }): TransientDay {
  emptyStart(inputs);
  if (isGiven(inputs.after_close)) wordIn(inputs.after_close, "after_close", ["arrivals stop, queue drains"]);
  return transientDay({
    lambdaPerHour: 60 * numberIn(inputs.lambda_per_min, "lambda_per_min", { min: 0, max: 1e6 }),
    ahtS: 60 / numberIn(inputs.mu_per_min, "mu_per_min", { min: 1e-6, max: 1e6 }),
    agents: wholeAgentsIn(inputs.agents),
    dayS: 60 * durationIn(inputs.day_min, "day_min"),
    thresholdS: secondsIn(inputs.awt_s, "awt_s"),
    ...rest,
  });
}
