import { availableParallelism } from "node:os";
import { SecureRandom, type SystemClock, UuidV7 } from "@svara/kernel";
import { type DnsResolver, systemDns } from "@svara/sip";
import type { Settings } from "../settings/settings.ts";
import { findCertificate } from "../tls/index.ts";
import { askServer } from "./ask-server.ts";
import { checkAudioLoop } from "./audio-loop.ts";
import { isClockSynchronised, judgeDrift, judgeServerClock, judgeSynchronised } from "./clock-check.ts";
import { checkDatabase } from "./database-check.ts";
import { checkDisk } from "./disk-check.ts";
import { checkDns } from "./dns-check.ts";
import { type Finding, type Verdict, warn, worst } from "./finding.ts";
import { checkLimits } from "./limits-check.ts";
import { checkMediaPorts } from "./media-port-check.ts";
import { checkNat } from "./nat-check.ts";
import { checkPorts, type PortUse } from "./port-check.ts";
import { checkSipTls, checkTls } from "./tls-check.ts";
import { checkTrunks } from "./trunk-check.ts";

/** The things that the doctor looks at, in the order in which it says what it found. */
export type CheckName =
  | "disk"
  | "limits"
  | "ports"
  | "media ports"
  | "database"
  | "clock"
  | "TLS"
  | "DNS"
  | "NAT"
  | "trunks"
  | "audio loop";

/** One check with its finding. */
export type Diagnosis = Finding & { readonly check: CheckName };

interface DoctorDeps {
  readonly clock: SystemClock;
  /** Hears of each finding as soon as it is known. */
  readonly report?: (diagnosis: Diagnosis) => void;
  /** Default: this machine's name servers. */
  readonly dns?: DnsResolver;
}

/** Looks at everything that calls need, without changing anything. */
export async function runDoctor(settings: Settings, deps: DoctorDeps): Promise<Diagnosis[]> {
  const { clock, report } = deps;
  const found: Diagnosis[] = [];
  const say = (check: CheckName, finding: Finding): void => {
    const diagnosis = { check, ...finding };
    found.push(diagnosis);
    report?.(diagnosis);
  };
  const random = new SecureRandom();
  const ids = new UuidV7(clock, random);
  const certificate = settings.tls ?? findCertificate(settings.dataDir);
  const wallNow = (): number => clock.now() + clock.driftMs();
  const server = await askServer(addressOf(settings, certificate !== undefined), wallNow);
  const runs = server !== undefined;
  const sipHost = settings.sipBind ?? "0.0.0.0";

  say("disk", await checkDisk(settings.dataDir));
  say("limits", checkLimits());
  say("ports", await checkPorts(portsOf(settings, certificate !== undefined), runs));
  say("media ports", await checkMediaPorts(settings.rtpPorts, sipHost, runs));
  const database = await checkDatabase(
    { dataDir: settings.dataDir, databaseUrl: settings.databaseUrl ?? undefined },
    clock,
  );
  say("database", database.database);
  const audio = await checkAudioLoop({ clock, ids });
  say(
    "clock",
    worst([
      database.clock,
      judgeSynchronised(await isClockSynchronised()),
      ...judgeDrift(clock.driftMs()),
      ...(server ? judgeServerClock(server.clockAheadMs) : []),
    ]),
  );
  const sipTls =
    runs && settings.sipPort !== 0 ? { host: localOf(sipHost), port: settings.sipPort + 1 } : undefined;
  say(
    "TLS",
    worst([
      checkTls(certificate, settings.httpHost, clock.now()),
      ...(await checkSipTls(certificate, sipTls)),
    ]),
  );
  const { trunks } = database;
  const dns = await checkDns(trunks ?? [], {
    dns: deps.dns ?? systemDns(),
    random,
    now: () => performance.now(),
  });
  say("DNS", trunks === null ? unread("DNS") : dns.finding);
  say("NAT", await checkNat({ ...settings, peers: dns.addresses }));
  say(
    "trunks",
    trunks === null
      ? unread("trunks")
      : await checkTrunks(trunks, { clock, random, ids, seen: server?.trunks ?? new Map() }),
  );
  say("audio loop", audio);
  return found;
}

/** The verdict on the whole. */
export function overallVerdict(diagnoses: readonly Diagnosis[]): Verdict {
  return worst(diagnoses).verdict;
}

function unread(what: string): Finding {
  return warn(
    `${what} not looked at: the trunks could not be read from the database`,
    "mend the database first",
  );
}

function addressOf({ httpHost, httpPort }: Settings, secure: boolean): string {
  const host = localOf(httpHost);
  return `${secure ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${httpPort}`;
}

/** How this machine reaches what listens there. */
function localOf(host: string): string {
  return host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
}

/** What `svara start` listens on. */
export function portsOf(settings: Settings, hasCertificate: boolean): PortUse[] {
  const { httpHost, httpPort, sipPort, webrtcPort } = settings;
  const http = { host: "SVARA_HTTP_HOST", port: "SVARA_HTTP_PORT" };
  const sip = { host: "SVARA_SIP_BIND", port: "SVARA_SIP_PORT" };
  const webrtc = { host: "SVARA_SIP_BIND", port: "SVARA_WEBRTC_PORT" };
  const host = settings.sipBind ?? "0.0.0.0";
  const mediaHosts = settings.mediaHosts ?? Math.min(2, availableParallelism());
  const uses: PortUse[] = [
    {
      what: hasCertificate ? "HTTPS" : "HTTP",
      protocol: "tcp",
      host: httpHost,
      port: httpPort,
      settings: http,
    },
    { what: "SIP", protocol: "udp", host, port: sipPort, settings: sip },
    { what: "SIP", protocol: "tcp", host, port: sipPort, settings: sip },
    ...(hasCertificate && sipPort !== 0
      ? [{ what: "SIP over TLS", protocol: "tcp" as const, host, port: sipPort + 1, settings: sip }]
      : []),
    ...Array.from({ length: webrtcPort === 0 ? 0 : mediaHosts }, (_, i) => ({
      what: "browsers' media",
      protocol: "udp" as const,
      host,
      port: webrtcPort + i,
      settings: webrtc,
    })),
  ];
  return uses.filter(({ port }) => port !== 0); // 0 takes a free one
}
