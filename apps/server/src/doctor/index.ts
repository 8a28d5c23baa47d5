export { type Diagnosis, overallVerdict, runDoctor } from "./doctor.ts";
export type { Verdict } from "./finding.ts";
