import { SvaraError } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { CHECKS, missed } from "../testing/checks.ts";
import { evaluateModel, modelSummaries } from "./evaluate-model.ts";

const refusal = (
  model: string,
  inputs: unknown,
): { code: string; field: string | undefined; message: string } => {
  try {
    evaluateModel(model, inputs);
  } catch (error) {
    if (error instanceof SvaraError) return { code: error.code, field: error.field, message: error.message };
    throw error;
  }
  throw new Error(`${model} was answered`);
};

const ERLANG_A = { lambda_per_hour: 1836, aht_s: 200, agents: 100, mean_patience_s: 200, thresholds_s: [20] };

describe("models by name", () => {
  test.each([...new Set(CHECKS.map(({ model }) => model))])(
    "[WF40] %s holds every published check",
    (model) => {
      const checks = CHECKS.filter((check) => check.model === model);
      expect(checks.flatMap((check) => missed(check, evaluateModel(check.model, check.inputs)))).toEqual([]);
    },
  );

  test("[WF40] the checks are all there, and none of them is of a model that nobody can ask for", () => {
    expect(CHECKS).toHaveLength(113);
    const names = modelSummaries().map(({ name }) => name);
    expect(CHECKS.filter(({ model }) => !names.includes(model))).toEqual([]);
  });

  test.each([
    ["negative", { ...ERLANG_A, aht_s: -200 }, "aht_s", /aht_s is -200; give a number above 0/],
    ["missing", { ...ERLANG_A, agents: undefined }, "agents", /agents is missing; erlangA needs/],
    ["null", { ...ERLANG_A, mean_patience_s: null }, "mean_patience_s", /mean_patience_s is missing/],
    ["a text", { ...ERLANG_A, agents: "100" }, "agents", /agents is the text "100"; give a number/],
    ["absurd", { ...ERLANG_A, agents: 1e12 }, "agents", /give a number above 0 and up to 10000000/],
    ["no number", { ...ERLANG_A, lambda_per_hour: Number.NaN }, "lambda_per_hour", /lambda_per_hour is NaN/],
    [
      "unknown",
      { ...ERLANG_A, lamda: 3 },
      "lamda",
      /lamda is no input of erlangA; give only lambda_per_hour/,
    ],
    ["in a list", { ...ERLANG_A, thresholds_s: [20, -1] }, "thresholds_s[1]", /thresholds_s\[1\] is -1/],
  ])(
    "[WF42] an input that is %s is refused by its own name and with a remedy",
    (_, inputs, field, message) => {
      const refused = refusal("erlangA", inputs);
      expect(refused).toMatchObject({ code: "queueing.bad_input", field });
      expect(refused.message).toMatch(message);
    },
  );

  test.each([
    ["erlangA_min_agents", { lambda_per_hour: 1800, aht_s: 200, mean_patience_s: 120 }, "service_level"],
    ["erlangC_min_agents", { lambda_per_hour: 180, aht_s: 200, service_level: 0.8 }, "threshold_s"],
    [
      "erlangC_min_agents",
      { lambda_per_hour: 180, aht_s: 200, service_level: 1, threshold_s: 20 },
      "service_level",
    ],
    ["mmnk_abandon", { lambda_per_hour: 180, aht_s: 200, agents: 9, lines: 8 }, "lines"],
    [
      "mmn_plus_G",
      { lambda_per_hour: 18, aht_s: 200, agents: 9, patience: { dist: "gamma" } },
      "patience.dist",
    ],
    [
      "mmn_plus_G",
      { lambda_per_hour: 18, aht_s: 200, agents: 9, patience: { dist: "erlang", shape: 2 } },
      "patience.mean_s",
    ],
    ["delay_predictor_QL", { agents: 5, aht_s: 180, mean_patience_s: 60, queue_ahead: 1 }, "mean_patience_s"],
    [
      "mol_staffing_theta_eq_mu",
      { mu: 1, theta: 2, target_delay_prob: 0.1, t: 1, a: 9, b: 1, gamma: 1 },
      "theta",
    ],
    ["mt_m_inf_offered_load_periodic", { a: 10, b: 20, gamma: 1, mu: 1, t: [0] }, "b"],
    ["time_varying_mt_m_n_m", { lambda_t: "100+x", mu: 1, theta: 1, agents: 9, t: [1] }, "lambda_t"],
    [
      "time_varying_mt_m_n_m",
      { lambda_t: "sin(t)", mu: 1, theta: 1, agents: 9, t: [5] },
      "lambda_per_hour_at",
    ],
    [
      "v_model_routing_ctmc",
      { lambda1: 1, lambda2: 1, mu: 1, theta: 1, agents: 2, policy: "best" },
      "policy",
    ],
    [
      "cross_sell_threshold_ctmc",
      { ...CHECKS.find(({ id }) => id === "E112")?.inputs, rule: "sell always" },
      "rule",
    ],
    [
      "pooling_same_agents",
      { lambda_per_hour_total: 9, aht_s: 9, threshold_s: 9, pools: 2, agents_total: 9 },
      "agents_total",
    ],
  ])("[WF42] %s refuses what contradicts itself or is incomplete", (model, inputs, field) => {
    expect(refusal(model, inputs)).toMatchObject({ code: "queueing.bad_input", field });
  });

  test("[WF59] what only a simulation or the data can answer is refused by naming the command that does", () => {
    expect(refusal("simulation_M_GI_100_GI", {})).toMatchObject({
      code: "queueing.no_formula",
      field: "model",
      message: expect.stringContaining("svara simulate"),
    });
    expect(refusal("data_patience_estimation", {}).message).toContain("svara forecast");
    expect(refusal("erlangX", {})).toMatchObject({ code: "queueing.unknown_model", field: "model" });
  });

  test("[WF42] every model refuses an empty input by the name of what it needs first", () => {
    for (const { name, needs } of modelSummaries())
      expect(refusal(name, {})).toMatchObject({ code: "queueing.bad_input", field: needs[0] });
  });
});
