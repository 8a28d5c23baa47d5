export { type Diagnosis, overallVerdict, runDoctor, type Verdict } from "./doctor/index.ts";
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
