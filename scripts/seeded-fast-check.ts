/**
 * `fast-check` as the tests get it: chance begins at the same seed in every run, so that a run tells about the change and
 * not about luck. `SVARA_TEST_SEED=random` looks for new counterexamples, a number repeats a run.
 */
import fc from "../node_modules/fast-check/lib/fast-check.js";

const given = process.env.SVARA_TEST_SEED ?? "20260105";
if (given !== "random") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(given) });

export * from "../node_modules/fast-check/lib/fast-check.js";
export default fc;
