import { crossSelling } from "../cross-selling.ts";
import { badInput, LIMITS, numberIn, shareIn, wholeAgentsIn } from "../input.ts";
import { nModel } from "../n-model.ts";
import { type VModelPolicy, vModel } from "../v-model.ts";
import { isGiven, type Model, type ModelInputs, wholeAgentsOf, wordIn } from "./fields.ts";

const N_MODEL_ROUTING =
  "class1: A first, else B, else queue1; class2: B else queue2. Freed A takes queue1; freed B takes queue2 first, else queue1. FIFO within class, no threshold";
const CROSS_SELLING_RULE =
  "at phase-1 completion, if number in system just before completion <= threshold, candidate (prob p) stays with the agent for an Exp(mu_cross) cross-sell phase";

/** Models of skills and of selling, by exact chains, under the names and fields of published checks. */
export const SKILL_MODELS: Readonly<Record<string, Model>> = {
  skill_routing_N_model_ctmc: {
    summary: "specialists for one class, generalists for both",
    needs: ["lambda1", "lambda2", "mu", "theta1", "theta2", "agentsA", "agentsB"],
    takes: ["routing"],
    evaluate: (inputs) => {
      onlyRule(inputs, "routing", N_MODEL_ROUTING);
      return {
        ...nModel({
          lambda1: rateOf(inputs, "lambda1"),
          lambda2: rateOf(inputs, "lambda2"),
          mu: serviceRateOf(inputs, "mu"),
          theta1: rateOf(inputs, "theta1"),
          theta2: rateOf(inputs, "theta2"),
          agentsA: wholeAgentsIn(inputs.agentsA, "agentsA"),
          agentsB: wholeAgentsIn(inputs.agentsB, "agentsB"),
        }),
      };
    },
  },
  v_model_routing_ctmc: {
    summary: "two classes before one group, by a policy",
    needs: ["lambda1", "lambda2", "mu", "theta", "agents", "policy"],
    takes: ["tie"],
    evaluate: (inputs) => {
      if (isGiven(inputs.tie)) wordIn(inputs.tie, "tie", ["class 1"]);
      const { pWait, meanQueue1, meanQueue2 } = vModel({
        lambda1: rateOf(inputs, "lambda1"),
        lambda2: rateOf(inputs, "lambda2"),
        mu: serviceRateOf(inputs, "mu"),
        theta: rateOf(inputs, "theta"),
        agents: wholeAgentsOf(inputs),
        policy: policyOf(inputs.policy),
      });
      const total = meanQueue1 + meanQueue2;
      return { pWait, meanQueue1, meanQueue2, ratioQ1: total > 0 ? meanQueue1 / total : 0 };
    },
  },
  cross_sell_threshold_ctmc: {
    summary: "agents who sell after serving when few are in the system",
    needs: ["lambda_", "mu_service", "mu_cross", "agents", "threshold_in_system", "p_candidate"],
    takes: ["rule"],
    evaluate: (inputs) => {
      onlyRule(inputs, "rule", CROSS_SELLING_RULE);
      const { crossSellRate, meanQueue, pWait, meanWait, occupancy } = crossSelling({
        lambda: rateOf(inputs, "lambda_"),
        muService: serviceRateOf(inputs, "mu_service"),
        muCross: serviceRateOf(inputs, "mu_cross"),
        agents: wholeAgentsOf(inputs),
        thresholdInSystem: numberIn(inputs.threshold_in_system, "threshold_in_system", {
          min: 0,
          max: LIMITS.agents,
          isWhole: true,
        }),
        pCandidate: shareIn(inputs.p_candidate, "p_candidate"),
      });
      return { cross_sell_rate: crossSellRate, meanQueue, pWait, meanWait, occupancy };
    },
  },
};

const rateOf = (inputs: ModelInputs, name: string): number =>
  numberIn(inputs[name], name, { min: 0, max: LIMITS.lambdaPerHour });

const serviceRateOf = (inputs: ModelInputs, name: string): number =>
  numberIn(inputs[name], name, { min: 0, max: LIMITS.lambdaPerHour, isAbove: true });

/** A rule given in words must be the one that is computed: another would be answered by a wrong number. */
function onlyRule(inputs: ModelInputs, name: string, rule: string): void {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, " ").trim();
  const value = inputs[name];
  if (isGiven(value) && (typeof value !== "string" || plain(value) !== plain(rule)))
    throw badInput(
      name,
      `${name} is another rule than the one that is solved exactly ("${rule}"); leave it out, or simulate yours with "svara simulate"`,
    );
}

/** `static_priority_class1`, `fqr_p1_0.3` or `gcmu_quadratic_c1_3_c2_1`. */
function policyOf(value: unknown): VModelPolicy {
  const text = typeof value === "string" ? value : "";
  if (text === "static_priority_class1") return { kind: "static_priority" };
  const ratio = /^fqr_p1_(\d*\.?\d+)$/.exec(text);
  if (ratio) return { kind: "fixed_queue_ratio", share1: shareIn(Number(ratio[1]), "policy") };
  const costs = /^gcmu_quadratic_c1_(\d*\.?\d+)_c2_(\d*\.?\d+)$/.exec(text);
  if (costs) return { kind: "quadratic_cost", cost1: Number(costs[1]), cost2: Number(costs[2]) };
  throw badInput(
    "policy",
    `policy is ${isGiven(value) ? `"${value}"` : "missing"}; give static_priority_class1, fqr_p1_<share> or gcmu_quadratic_c1_<cost>_c2_<cost>`,
  );
}
