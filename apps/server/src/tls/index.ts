export type { CertifiedNames } from "./certificate.ts";
export {
  type CertificateFiles,
  findCertificate,
  type LocalCertificate,
  makeCertificate,
} from "./local-certificate.ts";
export { localNames } from "./local-names.ts";
