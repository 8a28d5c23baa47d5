/** The server's door: what the command line and the benchmarks use. */
export { type Diagnosis, overallVerdict, runDoctor, type Verdict } from "./doctor/index.ts";
export { backup, type MadeBackup, type MadeRestore, restore } from "./maintenance/back-up.ts";
export { type DrainOutcome, drain } from "./maintenance/drain-server.ts";
export { type JournalSource, withJournal } from "./maintenance/read-journal.ts";
export { type ResetUser, resetUser } from "./maintenance/reset-user.ts";
export { type RunningServer, type StartOptions, startServer } from "./server.ts";
export { type Environment, readSettings, type Settings } from "./settings/settings.ts";
export { SettingsError } from "./settings/settings-error.ts";
export {
  type CertificateFiles,
  findCertificate,
  type LocalCertificate,
  localNames,
  makeCertificate,
} from "./tls/index.ts";
