import { mkdir } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { type Clock, Disposables, every, type Ids, type Random, SvaraError } from "@svara/kernel";
import { MediaHostPool } from "@svara/media";
import { SipError, type TlsListener } from "@svara/sip";
import { EmbeddedSwitch, type Switch } from "@svara/telephony";
import type { Database, Ledger, Log } from "../database/index.ts";
import type { Settings } from "../settings/settings.ts";
import { SettingsError } from "../settings/settings-error.ts";
import type { CallRule } from "./call-gate.ts";
import type { CentreModel } from "./centre-model.ts";
import { LiveDesk } from "./desk-service.ts";
import { LiveFloor } from "./floor-service.ts";
import { LiveDirectory } from "./live-directory.ts";
import { LiveFigures } from "./live-figures.ts";
import { ROUTER_ID } from "./live-parts.ts";
import { LiveRuntime, type ServiceNumbers } from "./live-runtime.ts";
import type { LiveService } from "./live-service.ts";
import type { LiveStore } from "./live-store.ts";
import type { MonitorNote } from "./monitoring.ts";
import { placedToday } from "./placed-today.ts";
import { recoverFromCrash } from "./recovery.ts";
import { LiveTelephony } from "./telephony-status.ts";
import { ThinLog } from "./thin-log.ts";

export interface StartLiveDeps {
  readonly settings: Pick<
    Settings,
    "sipBind" | "sipPort" | "mediaAddress" | "rtpPorts" | "webrtcPort" | "mediaHosts" | "dataDir"
  >;
  /** Certificate and key as PEM texts: with them SIP over TLS is heard on the port after `sipPort`. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly database: Database;
  readonly ledger: Ledger;
  readonly store: LiveStore;
  readonly loadModel: () => Promise<CentreModel>;
  readonly log: Log;
  /** Until the first administrator exists nothing listens beyond loopback. */
  readonly loopbackOnly: boolean;
  readonly callRules?: readonly CallRule[];
  /** Notes in the audit that a supervisor was at a colleague's call. */
  readonly audit?: (note: MonitorNote) => void;
  /** A phone from which nothing comes for so long is gone. Default 60 000. */
  readonly mediaTimeoutMs?: number;
  /** A phone's registration stays when its connection closes; see `UserAgentOptions`. */
  readonly bindingsOutliveConnections?: boolean;
  /** Phones may come by WebSocket too and sign in by digest. */
  readonly phoneSockets?: boolean;
  /** How we answer phones, by user name, that challenge our calls. */
  readonly phoneAccounts?: ConstructorParameters<typeof LiveDirectory>[1];
  /** How long an agent whose browser is gone in a call may take to come back. Default 30 s. */
  readonly reattachGraceMs?: number;
  /** Numbers that the switch serves without a contact, such as an echo test. */
  readonly serviceNumbers?: (sw: Switch) => ServiceNumbers;
}

export interface Live extends LiveService {
  readonly runtime: LiveRuntime;
  readonly figures: LiveFigures;
  /** Where SIP is heard, for the start's message and the demonstration. */
  readonly sipAddress: { readonly host: string; readonly port: number };
  /** SIP over TLS from now on with a newer certificate; connections stay. Nothing without a certificate at the start. */
  updateCertificate(certificate: { readonly cert: string; readonly key: string }): void;
  applyModel(model: CentreModel): void;
}

/** The digest realm; phones hash their passwords with it, so it never changes. */
const SIP_REALM = "svara";

const ROUTER_SNAPSHOT_MS = 3_600_000;

/** Recovers from a crash, then opens SIP and media and begins to serve. @throws SvaraError naming the setting of a taken port */
export async function startLive(deps: StartLiveDeps): Promise<Live> {
  const { clock, ids, random, database, ledger, store, log } = deps;
  const warn = (message: string, detail: object): void => log.warn(detail, message);
  const recordingsFolder = path.join(deps.settings.dataDir, "recordings");
  await mkdir(recordingsFolder, { recursive: true });
  const open = new Disposables();

  const recovered = await recoverFromCrash({ clock, database, ledger, store, recordingsFolder, warn });
  if (recovered.contacts + recovered.agents + recovered.recordings > 0)
    log.warn(recovered, "closed what a crash cut");
  ledger.append({
    type: "centre.started",
    at: clock.now(),
    payload: { version: "0.1.0", cutContacts: recovered.contacts },
  });

  const model = await deps.loadModel();
  const directory = new LiveDirectory(SIP_REALM, deps.phoneAccounts);
  directory.update(model);
  const address = addresses(deps);
  const media = await startMedia(deps, address, warn);
  const failures = new ThinLog(clock, (fields) => log.warn(fields, "SIP sign-in failed"));
  const sw = new EmbeddedSwitch({
    switchId: "embedded-1",
    clock,
    random,
    ids,
    log: {
      debug: () => undefined,
      info: (fields, message) => log.info(fields, message),
      warn: (fields, message) => log.warn(fields, message),
    },
    directory,
    media,
    advertisedAddress: address.advertised,
    onLoginFailure: (username, source) => failures.say({ username, address: source.host }),
    bindingsOutliveConnections: deps.bindingsOutliveConnections ?? false,
  });
  const serviceNumbers = deps.serviceNumbers?.(sw);
  if (serviceNumbers) open.add({ dispose: () => serviceNumbers.dispose() });
  const runtime = new LiveRuntime({
    clock,
    ids,
    random,
    epoch: ledger.epoch,
    switch: sw,
    model,
    store,
    append: (draft) => ledger.append(draft),
    journal: (entry) => ledger.journal(entry),
    recordingsFolder,
    ...(deps.callRules ? { callRules: deps.callRules } : {}),
    ...(deps.reattachGraceMs === undefined ? {} : { reattachGraceMs: deps.reattachGraceMs }),
    ...(deps.audit ? { audit: deps.audit } : {}),
    ...(serviceNumbers ? { serviceNumbers } : {}),
    warn,
  });
  open.add(runtime.modelChanged.on((changed) => directory.update(changed)));
  open.add({ dispose: () => runtime.link.close() });
  // the figures are read before the first call can come, so that none is missed
  const { figures, listening } = await orClose(
    async () => {
      const figures = open.add(await LiveFigures.load({ clock, database, ledger, runtime }));
      await runtime.restore(await placedToday({ clock, database, model }));
      return { figures, listening: await listen(sw, address.bind, deps) };
    },
    open,
    sw,
  );
  open.add(every(clock, ROUTER_SNAPSHOT_MS, () => snapshotRouter(runtime, ledger)));
  const desk = new LiveDesk({
    runtime,
    store,
    realm: SIP_REALM,
    today: (agentId) => figures.today(agentId),
    append: (draft) => ledger.append(draft),
    flush: () => ledger.flush(),
  });
  const floor = new LiveFloor({ runtime, figures, flush: () => ledger.flush() });
  const telephony = new LiveTelephony({ switch: sw, runtime, clock });
  open.add(telephony);

  return {
    runtime,
    figures,
    desk,
    floor,
    insight: figures,
    telephony,
    sipAddress: { host: address.bind, port: listening.port },
    updateCertificate: (certificate) => listening.tls?.updateCertificate(certificate),
    sip: {
      accept: (socket, who) => {
        const { browserEndpointId } = runtime.agents.profile(who.agentId);
        sw.attachBrowser(socket, browserEndpointId, who.source, who.secure);
      },
      ...(deps.phoneSockets
        ? { acceptPhone: (socket, { source, secure }) => sw.attachPhoneSocket(socket, source, secure) }
        : {}),
    },
    get activeContacts() {
      return runtime.contacts.size;
    },
    meters: () => {
      const { legs, mediaLatenessMaxMs } = sw.figures();
      const { dialogs, callsInSetup, clientTransactions, serverTransactions } = sw.sipStats();
      return {
        legs,
        mediaLatenessMs: mediaLatenessMaxMs,
        dialogs: dialogs + callsInSetup,
        transactions: clientTransactions + serverTransactions,
      };
    },
    applyModel: (changed) => runtime.applyModel(changed),
    customerChanged: (id, name) => runtime.customerChanged(id, name),
    contactsErased: (contactIds) => runtime.contactsErased(contactIds),
    drain: (limitMs) => runtime.drain(limitMs),
    close: async () => {
      await runtime.close();
      snapshotRouter(runtime, ledger);
      ledger.append({
        type: "centre.stopped",
        at: clock.now(),
        payload: { reason: runtime.draining ? "drain" : "signal" },
      });
      await ledger.flush();
      open.dispose();
    },
  };
}

function snapshotRouter(runtime: LiveRuntime, ledger: Ledger): void {
  const snapshot = runtime.routerSnapshot();
  ledger.snapshot({ routerId: ROUTER_ID, ...snapshot });
}

async function startMedia(
  { settings, clock, mediaTimeoutMs }: StartLiveDeps,
  { bind, advertised }: { readonly bind: string; readonly advertised: string },
  warn: (message: string, detail: object) => void,
): Promise<MediaHostPool> {
  const { rtpPorts, webrtcPort, mediaHosts } = settings;
  try {
    return await MediaHostPool.start(
      {
        bindAddress: bind,
        advertisedAddress: advertised,
        rtpPorts,
        webrtcPort,
        ...(mediaHosts === null ? {} : { hosts: mediaHosts }),
        ...(mediaTimeoutMs === undefined ? {} : { mediaTimeoutMs }),
      },
      { clock, warn },
    );
  } catch (cause) {
    const text = String(cause);
    if (text.includes("EADDRINUSE"))
      throw new SvaraError(
        `The port of the browsers' media, ${webrtcPort} on ${bind}, or one of those after it is taken by another program; choose another by SVARA_WEBRTC_PORT, or stop that program`,
        { code: "port_taken", field: "SVARA_WEBRTC_PORT", cause },
      );
    if (text.includes("EADDRNOTAVAIL"))
      throw new SettingsError("SVARA_SIP_BIND", bind, "this machine has no such address");
    throw cause;
  }
}

/** UDP and TCP on one port, TLS on the next. */
async function listen(
  sw: EmbeddedSwitch,
  host: string,
  { settings, tls }: StartLiveDeps,
): Promise<{ readonly port: number; readonly tls: TlsListener | undefined }> {
  const { sipPort } = settings;
  let wanted = sipPort;
  try {
    const { port } = await sw.listenUdp({ host, port: sipPort });
    await sw.listenTcp({ host, port });
    // where any port will do, the next one may be somebody's
    wanted = sipPort === 0 ? 0 : port + 1;
    return { port, tls: tls && (await sw.listenTls({ host, port: wanted, ...tls })) };
  } catch (error) {
    if (!(error instanceof SipError) || error.code !== "sip.port_taken") throw error;
    throw new SvaraError(
      `SIP port ${wanted} on ${host} is taken by another program; choose another by SVARA_SIP_PORT, or stop that program`,
      { code: "port_taken", cause: error },
    );
  }
}

/** A start that fails leaves nothing open behind. */
async function orClose<T>(start: () => Promise<T>, open: Disposables, sw: EmbeddedSwitch): Promise<T> {
  try {
    return await start();
  } catch (error) {
    open.dispose();
    await sw.close();
    throw error;
  }
}

/** Where to listen, and the address that others are told. */
function addresses(deps: StartLiveDeps): { bind: string; advertised: string } {
  const { settings, loopbackOnly } = deps;
  const bind = settings.sipBind ?? (loopbackOnly ? "127.0.0.1" : "0.0.0.0");
  const own =
    bind === "0.0.0.0" || bind === "::" ? firstOwnAddress() : bind === "localhost" ? "127.0.0.1" : bind;
  return { bind, advertised: settings.mediaAddress ?? own };
}

function firstOwnAddress(): string {
  for (const list of Object.values(networkInterfaces())) {
    const found = list?.find((a) => a.family === "IPv4" && !a.internal);
    if (found) return found.address;
  }
  return "127.0.0.1";
}
