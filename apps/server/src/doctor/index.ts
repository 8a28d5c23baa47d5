export { type CheckName, type Diagnosis, overallVerdict, runDoctor } from "./doctor.ts";
export type { Finding, Verdict } from "./finding.ts";
