import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Clock, Random } from "@svara/kernel";
import { findCertificate, localNames, makeCertificate } from "../tls/index.ts";

/** A certificate for SIP over TLS in a folder of its own, so that the lab's web stays plain HTTP and its WebSocket `ws:`. */
export function labCertificate(
  dataDir: string,
  deps: { readonly clock: Clock; readonly random: Random },
): { readonly cert: string; readonly key: string } {
  const folder = path.join(dataDir, "lab");
  const files = findCertificate(folder) ?? makeCertificate({ dataDir: folder, names: localNames([]) }, deps);
  return { cert: readFileSync(files.certPath, "utf8"), key: readFileSync(files.keyPath, "utf8") };
}
