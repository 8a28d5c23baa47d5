import { SecureRandom, type SystemClock, UuidV7 } from "@svara/kernel";
import type { Settings } from "../settings/settings.ts";
import { findCertificate } from "../tls/index.ts";
import { checkAudioLoop } from "./audio-loop.ts";
import { checkDatabase } from "./database-check.ts";
import { checkDisk } from "./disk-check.ts";
import { type Finding, type Verdict, warn, worst } from "./finding.ts";
import { checkMediaPorts } from "./media-port-check.ts";
import { answersAsSvara, checkPorts, type PortUse } from "./port-check.ts";
import { checkTls } from "./tls-check.ts";

/** The things that the doctor looks at, in the order in which it says what it found. */
export type CheckName = "disk" | "ports" | "media ports" | "database" | "clock" | "TLS" | "audio loop";

/** One check with its finding. */
export type Diagnosis = Finding & { readonly check: CheckName };

const TOLERATED_DRIFT_MS = 50; // within the seconds that the doctor takes: somebody sets the clock by steps

/**
 * Looks at everything that calls need, without changing anything. `report` hears of each finding as soon as it is known;
 * all of them come back.
 */
export async function runDoctor(
  settings: Settings,
  { clock, report }: { clock: SystemClock; report?: (diagnosis: Diagnosis) => void },
): Promise<Diagnosis[]> {
  const found: Diagnosis[] = [];
  const say = (check: CheckName, finding: Finding): void => {
    const diagnosis = { check, ...finding };
    found.push(diagnosis);
    report?.(diagnosis);
  };
  const certificate = settings.tls ?? findCertificate(settings.dataDir);
  const svaraRuns = await answersAsSvara(addressOf(settings, certificate !== undefined));

  say("disk", await checkDisk(settings.dataDir));
  say("ports", await checkPorts(portsOf(settings), svaraRuns));
  say("media ports", await checkMediaPorts(settings.rtpPorts, settings.sipBind ?? "0.0.0.0", svaraRuns));
  const { database, clock: databaseClock } = await checkDatabase(
    { dataDir: settings.dataDir, databaseUrl: settings.databaseUrl ?? undefined },
    clock,
  );
  say("database", database);
  const audio = await checkAudioLoop({ clock, ids: new UuidV7(clock, new SecureRandom()) });
  say("clock", worst([databaseClock, ...judgeDrift(clock.driftMs())]));
  say("TLS", checkTls(certificate, settings.httpHost, clock.now()));
  say("audio loop", audio);
  return found;
}

/** The verdict on the whole. */
export function overallVerdict(diagnoses: readonly Diagnosis[]): Verdict {
  return worst(diagnoses).verdict;
}

/** Wall clock and monotonic clock part only while somebody steps the wall clock. */
function judgeDrift(driftMs: number): Finding[] {
  if (Math.abs(driftMs) < TOLERATED_DRIFT_MS) return [];
  return [
    warn(
      `the wall clock jumped by ${Math.round(driftMs)} ms while the doctor looked`,
      "let the clock be set by NTP, which slews it",
    ),
  ];
}

function addressOf({ httpHost, httpPort }: Settings, secure: boolean): string {
  const host = httpHost === "0.0.0.0" || httpHost === "::" ? "127.0.0.1" : httpHost;
  return `${secure ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${httpPort}`;
}

function portsOf(settings: Settings): PortUse[] {
  const http = { host: "SVARA_HTTP_HOST", port: "SVARA_HTTP_PORT" };
  const sip = { host: "SVARA_SIP_BIND", port: "SVARA_SIP_PORT" };
  const webrtc = { host: "SVARA_SIP_BIND", port: "SVARA_WEBRTC_PORT" };
  const sipHost = settings.sipBind ?? "0.0.0.0";
  const uses: PortUse[] = [
    { what: "HTTP", protocol: "tcp", host: settings.httpHost, port: settings.httpPort, settings: http },
    { what: "SIP", protocol: "udp", host: sipHost, port: settings.sipPort, settings: sip },
    { what: "SIP", protocol: "tcp", host: sipHost, port: settings.sipPort, settings: sip },
    { what: "browsers' media", protocol: "udp", host: sipHost, port: settings.webrtcPort, settings: webrtc },
  ];
  return uses.filter(({ port }) => port !== 0); // 0 takes a free one
}
