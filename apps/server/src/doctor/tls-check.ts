import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Instant } from "@svara/kernel";
import { type CertificateFiles, type CertifiedNames, localNames } from "../tls/index.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const DAY_MS = 86_400_000;
const WARN_DAYS = 21;

/** Whether other machines can reach the desk over HTTPS, without which their browsers give no microphone. */
export function checkTls(files: CertificateFiles | undefined, httpHost: string, now: Instant): Finding {
  if (files === undefined) return judgeAbsence(httpHost);
  try {
    const certificate = new X509Certificate(readFileSync(files.certPath));
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(files.keyPath)))) {
      return fail(
        `${files.keyPath} is not the key of ${files.certPath}`,
        "set SVARA_TLS_CERT and SVARA_TLS_KEY to files that belong together",
      );
    }
    return judgeCertificate(certificate, files.certPath, now);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(
      `the TLS certificate cannot be read: ${reason}`,
      'make one with "svara tls", or set SVARA_TLS_CERT and SVARA_TLS_KEY',
    );
  }
}

function judgeAbsence(httpHost: string): Finding {
  if (/^(localhost|127\.|::1$|\[::1\])/.test(httpHost)) {
    return ok("no certificate, and none needed: only this machine can reach the desk");
  }
  return warn(
    "no certificate: browsers on other machines will give the desk no microphone",
    'run "svara tls", then start again; or set SVARA_TLS_CERT and SVARA_TLS_KEY',
  );
}

function judgeCertificate(certificate: X509Certificate, path: string, now: Instant): Finding {
  const until = certificate.validToDate;
  const day = until.toISOString().slice(0, 10);
  const renew = 'make a new one with "svara tls", or renew it where it came from';
  if (now < certificate.validFromDate.getTime())
    return fail(`${path} is not valid yet`, "look at this machine's clock");
  if (now >= until.getTime()) return fail(`${path} ended on ${day}`, renew);
  const days = Math.floor((until.getTime() - now) / DAY_MS);
  if (days < WARN_DAYS) return warn(`${path} ends in ${days} days, on ${day}`, renew);
  const missing = uncovered(certificate, localNames());
  const message = `${path} is valid until ${day}`;
  // A public certificate names what its owner wants; only ours is meant to name every address.
  if (missing.length > 0 && certificate.issuer.includes("O=Svara")) {
    return warn(
      `${message}, but does not name ${missing.join(", ")}`,
      'run "svara tls" again: it names the present addresses',
    );
  }
  return ok(message);
}

function uncovered(certificate: X509Certificate, names: CertifiedNames): string[] {
  return [
    ...names.dns.filter((name) => certificate.checkHost(name) === undefined),
    ...names.ip.filter((address) => certificate.checkIP(address) === undefined),
  ];
}
