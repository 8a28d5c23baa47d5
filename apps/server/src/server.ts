import { readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { SvaraError } from "@svara/kernel";
import type { Logger } from "pino";
import { centreModelOf } from "./centre/centre-model-of.ts";
import { databaseLiveStore } from "./contacts/database-live-store.ts";
import { patientLiveStore } from "./contacts/patient-live-store.ts";
import { type Core, openCore } from "./core.ts";
import { type DemoOptions, startDemo } from "./demo/start-demo.ts";
import { type Certificate, Listeners } from "./http/listeners.ts";
import { createHttpSide, type HttpSide } from "./http-side.ts";
import { userKind } from "./identity/user-kind.ts";
import { LAB_PHONE_ACCOUNTS } from "./lab/build-lab.ts";
import { labCertificate } from "./lab/lab-certificate.ts";
import { LabNumbers } from "./lab/lab-numbers.ts";
import type { CentreModel } from "./live/centre-model.ts";
import { type Live, type StartLiveDeps, startLive } from "./live/start-live.ts";
import { refuseSecondServer } from "./maintenance/running-server.ts";
import { startHousekeeping } from "./retention/housekeeping.ts";
import { createLog } from "./settings/log.ts";
import { prepareDataFolder, requireRoomForDatabase } from "./settings/prepare-data-folder.ts";
import type { Settings } from "./settings/settings.ts";
import { findCertificate } from "./tls/index.ts";

export interface StartOptions {
  readonly log?: Logger;
  /** Lives as a demonstration: customers and agents of software, everything on loopback. */
  readonly demo?: DemoOptions;
  /** Another server serves this centre now; this one is of no use any more. */
  readonly onTakenOver?: () => void;
  /**
   * The first administrator exists, so phones and browsers of other machines may come: whoever started this server starts it
   * anew, since telephony is bound to this machine until then. Without it only HTTP opens up.
   */
  readonly onFirstAdministrator?: () => void;
  /** How long an agent whose browser is gone in a call may take to come back. Default 30 s. */
  readonly reattachGraceMs?: number;
}

/** A server that runs. */
export interface RunningServer {
  /** Where the web is, as a browser on this machine writes it. */
  readonly address: string;
  /** Where the first administrator is made; absent once there is one. */
  readonly firstRunLink?: string;
  /** What else to say when it is ready. */
  readonly lines: readonly string[];
  /** Takes no new calls and waits for those that run, at most so long. */
  drain(limitMs: number): Promise<void>;
  /** Stops everything in order; twice is harmless. */
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";
const LAB_MEDIA_TIMEOUT_MS = 600_000;

/** Starts the server: database, live runtime, then HTTP. @throws SvaraError `port_taken` that names port and setting */
export async function startServer(settings: Settings, options: StartOptions = {}): Promise<RunningServer> {
  const log = options.log ?? createLog(settings.logLevel);
  prepareDataFolder(settings.dataDir);
  if (settings.databaseUrl === null) requireRoomForDatabase(settings.dataDir);
  await refuseSecondServer(settings.dataDir);
  const core = await openCore(settings, { log });
  const closing: (() => Promise<void> | void)[] = [() => core.close()];
  const closeAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const close of closing.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error); // the others are closed all the same
      }
    }
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
  };
  try {
    return await startOn(core, settings, options, closing, closeAll);
  } catch (error) {
    await closeAll().catch((cause: unknown) => log.error({ err: cause }, "could not stop cleanly"));
    throw error;
  }
}

async function startOn(
  core: Core,
  settings: Settings,
  options: StartOptions,
  closing: (() => Promise<void> | void)[],
  closeAll: () => Promise<void>,
): Promise<RunningServer> {
  const { log, office } = core;
  const { demo } = options;
  const hasUsers = office.catalogue.inUse(userKind).length > 0;
  const loopbackOnly = !hasUsers || demo !== undefined;

  const { clock, database, ids, countryOf } = core;
  const rows = databaseLiveStore({ db: database.db, clock, ids, office, countryOf });
  const store = patientLiveStore(rows, { clock, log });
  const live = await openLive(core, demo ? onLoopback(settings) : settings, {
    loopbackOnly,
    store,
    lab: demo?.lab ?? false,
    ...(options.reattachGraceMs === undefined ? {} : { reattachGraceMs: options.reattachGraceMs }),
  });
  closing.push(() => live.close());
  closing.push(() => store.dispose());
  // Another server has taken over this centre's ledger: what we would still do could not be written.
  const fenced = core.ledger.alarms.on((alarm) => {
    if (alarm.kind === "fenced") options.onTakenOver?.();
  });
  closing.push(() => fenced.dispose());
  const modelWatch = office.changed.on(() => live.applyModel(modelOf(core)));
  closing.push(() => modelWatch.dispose());

  const certificate = readCertificate(settings);
  const listeners = new Listeners(certificate ? { certificate } : {});
  let draining = false;
  const scheme = certificate ? "https" : "http";
  const side = await createHttpSide(core, {
    listeners,
    live,
    demonstration: demo !== undefined,
    turn: settings.turn,
    draining: () => draining,
    httpsUrl: () => (certificate ? `https://localhost:${listeners.port}` : null),
    onFirstRun: () => {
      if (demo !== undefined) return;
      if (options.onFirstAdministrator && settings.sipBind === null) options.onFirstAdministrator();
      else void openUp(listeners, settings, log);
    },
  });
  await side.idempotency.forget();
  const housekeeping = startHousekeeping({
    core,
    erasure: side.erasure,
    idempotency: side.idempotency,
  });
  closing.push(() => housekeeping.dispose());
  closing.push(() => closeHttp(side, listeners));
  await listeners.listen(loopbackOnly ? LOOPBACK : settings.httpHost, settings.httpPort);
  const address = `${scheme}://localhost:${listeners.port}`;
  closing.push(announce(settings.dataDir, address));
  log.info({ address, epoch: core.ledger.epoch }, "ready");

  const lines: string[] = [];
  if (demo) {
    const { ids, random } = core;
    const life = await startDemo(
      {
        clock,
        ids,
        random,
        live,
        configuration: core.configuration,
        office,
        dataDir: settings.dataDir,
        baseUrl: `${scheme}://${LOOPBACK}:${listeners.port}`,
        firstRunToken: side.firstRun.token ?? null,
      },
      demo,
    );
    closing.push(() => life.close());
    lines.push(
      "Sign in as agent / demo-agent to take calls, or as supervisor / demo-supervisor to watch the floor.",
    );
    const { host, port } = live.sipAddress;
    if (demo.lab)
      lines.push(
        `Test phones 1001, 1002, 1003 and 1005 (password pw1001 and so on) register at ${host}:${port}, over TLS at ${port + 1};`,
        "600 echoes, 601 rings, 604 takes keys, 608 stays, 609 plays before it answers, 700 is a queue with music.",
      );
  }
  const firstRunPath = side.firstRun.path;
  return {
    address,
    ...(firstRunPath !== undefined && { firstRunLink: `${address}${firstRunPath}` }),
    lines,
    async drain(limitMs) {
      draining = true;
      // the customers of a demonstration would call for ever, and none of them minds
      await live.drain(demo ? 0 : limitMs);
    },
    close: closeAll,
  };
}

/** A demonstration trusts whoever calls: it is not to be reached from elsewhere, whatever is set. */
function onLoopback(settings: Settings): Settings {
  const { sipBind } = settings;
  const isLoopback = sipBind !== null && (sipBind === "::1" || sipBind.startsWith("127."));
  return { ...settings, sipBind: isLoopback ? sipBind : LOOPBACK, mediaAddress: null };
}

function openLive(
  core: Core,
  settings: Settings,
  {
    lab,
    ...options
  }: Pick<StartLiveDeps, "loopbackOnly" | "store" | "reattachGraceMs"> & { readonly lab: boolean },
): Promise<Live> {
  const { clock, ids, random, database, ledger, log } = core;
  const warn = (message: string, detail: object): void => log.warn(detail, message);
  const certificate = readCertificate(settings);
  const tls = certificate
    ? { cert: certificate.cert.toString("utf8"), key: certificate.key.toString("utf8") }
    : lab
      ? labCertificate(settings.dataDir, { clock, random })
      : undefined;
  return startLive({
    settings,
    ...(tls ? { tls } : {}),
    phoneSockets: lab,
    bindingsOutliveConnections: lab,
    ...(lab ? { phoneAccounts: LAB_PHONE_ACCOUNTS } : {}),
    // programs that test signalling send no sound
    ...(lab ? { mediaTimeoutMs: LAB_MEDIA_TIMEOUT_MS } : {}),
    clock,
    ids,
    random,
    database,
    ledger,
    loadModel: async () => modelOf(core),
    audit: (note) => {
      core.audit
        .note(note)
        .catch((error: unknown) => log.error({ error: String(error), note }, "audit not written"));
    },
    log,
    ...options,
    ...(lab ? { serviceNumbers: (sw) => new LabNumbers({ switch: sw, clock, ids, warn }) } : {}),
  });
}

function modelOf({ office, trunkKind, box, promptsFolder }: Core): CentreModel {
  return centreModelOf({
    catalogue: office.catalogue,
    trunkKind,
    box,
    promptsFolder,
    revision: office.revision,
  });
}

/** The first administrator exists: from now on others may come. */
async function openUp(listeners: Listeners, settings: Settings, log: Logger): Promise<void> {
  if (settings.httpHost === LOOPBACK || settings.httpHost === "localhost") return;
  try {
    await listeners.move(settings.httpHost);
    log.info({ host: settings.httpHost, port: listeners.port }, "listening for other machines too");
  } catch (error) {
    log.error({ err: error }, "cannot listen for other machines; only this one is served");
    await listeners.listen(LOOPBACK, listeners.port).catch(() => undefined);
  }
}

async function closeHttp(side: HttpSide, listeners: Listeners): Promise<void> {
  side.dispose();
  await listeners.close();
  await side.app.close();
}

/** @throws SvaraError when a certificate is there but cannot be read */
function readCertificate(settings: Settings): Certificate | undefined {
  const files = settings.tls ?? findCertificate(settings.dataDir);
  if (!files) return undefined;
  try {
    return { cert: readFileSync(files.certPath), key: readFileSync(files.keyPath) };
  } catch (cause) {
    throw new SvaraError(`the certificate ${files.certPath} cannot be read`, {
      code: "tls.unreadable",
      cause,
    });
  }
}

/** Tells `svara drain` and others on this machine where we are; the result takes it back. */
function announce(dataDir: string, address: string): () => void {
  const file = path.join(dataDir, "server.json");
  writeFileSync(file, `${JSON.stringify({ pid: process.pid, address })}\n`, { mode: 0o600 });
  return () => rmSync(file, { force: true });
}
