import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer, rootCertificates } from "node:tls";
import type { Instant } from "@svara/kernel";
import { type CertificateFiles, type CertifiedNames, localNames } from "../tls/index.ts";
import { type Finding, fail, ok, warn, worst } from "./finding.ts";

const DAY_MS = 86_400_000;
const WARN_DAYS = 21;
const HANDSHAKE_MS = 3_000;

/** Whether other machines can reach the desk over HTTPS, without which their browsers give no microphone. */
export function checkTls(files: CertificateFiles | undefined, httpHost: string, now: Instant): Finding {
  if (files === undefined) return judgeAbsence(httpHost);
  try {
    const [certificate, ...chain] = certificatesIn(readFileSync(files.certPath, "latin1"));
    if (!certificate) throw new Error(`${files.certPath} holds no certificate`);
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(files.keyPath)))) {
      return fail(
        `${files.keyPath} is not the key of ${files.certPath}`,
        "set SVARA_TLS_CERT and SVARA_TLS_KEY to files that belong together",
      );
    }
    return worst([
      judgeCertificate(certificate, files.certPath, now),
      ...judgeChain([certificate, ...chain], files.certPath),
    ]);
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

/** Every certificate of a PEM file, in its order. */
function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** Each certificate of the file must be vouched for by the next, the last by an authority that browsers know. */
function judgeChain(chain: readonly X509Certificate[], path: string): Finding[] {
  const broken = chain.findIndex((each, i) => {
    const next = chain[i + 1];
    return next !== undefined && !(each.checkIssued(next) && each.verify(next.publicKey));
  });
  if (broken !== -1) {
    return [
      fail(
        `certificate ${broken + 2} in ${path} did not issue the one before it: phones and browsers refuse it`,
        "put your certificate first in that file, then the authority's that issued it, and so on",
      ),
    ];
  }
  const last = chain.at(-1);
  if (!last || last.issuer.includes("O=Svara") || last.checkIssued(last)) return [];
  if (authorities().some((root) => last.checkIssued(root))) return [];
  return [
    warn(
      `${path} lacks the certificate of its issuer (${last.issuer.replaceAll("\n", ", ")}), which is not known to everybody: phones and some browsers refuse it`,
      "append the authority's intermediate certificate to that file (fullchain.pem)",
    ),
  ];
}

function authorities(): X509Certificate[] {
  return rootCertificates.map((pem) => new X509Certificate(pem));
}

/**
 * Whether a phone gets through a TLS handshake: with the running server at `port`, else with a listener of the same files.
 * Nothing is said without certificate.
 */
export async function checkSipTls(
  files: CertificateFiles | undefined,
  running: { readonly host: string; readonly port: number } | undefined,
): Promise<Finding[]> {
  if (files === undefined) return [];
  const began = performance.now();
  try {
    const protocol = running ? await shakeHands(running) : await rehearse(files);
    return [ok(`SIP over TLS shakes hands in ${Math.round(performance.now() - began)} ms (${protocol})`)];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      fail(
        `SIP over TLS does not come about: ${reason}`,
        running
          ? "start the server again, so that it takes the certificate; see whether another program holds the port after SVARA_SIP_PORT"
          : 'make a certificate with "svara tls", or mend SVARA_TLS_CERT and SVARA_TLS_KEY',
      ),
    ];
  }
}

async function rehearse(files: CertificateFiles): Promise<string> {
  const server = createServer({ cert: readFileSync(files.certPath), key: readFileSync(files.keyPath) });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await shakeHands({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
  } finally {
    server.close();
  }
}

async function shakeHands({ host, port }: { readonly host: string; readonly port: number }): Promise<string> {
  // whether others believe the certificate is judged apart
  const socket = connect({ host, port, rejectUnauthorized: false, timeout: HANDSHAKE_MS });
  socket.once("timeout", () => socket.destroy(new Error("no answer")));
  try {
    await once(socket, "secureConnect");
    return socket.getProtocol() ?? "";
  } finally {
    socket.destroy();
  }
}

function uncovered(certificate: X509Certificate, names: CertifiedNames): string[] {
  return [
    ...names.dns.filter((name) => certificate.checkHost(name) === undefined),
    ...names.ip.filter((address) => certificate.checkIP(address) === undefined),
  ];
}
