import * as fs from "node:fs";
import { isIP } from "node:net";
import * as path from "node:path";
import { SettingsError } from "./settings-error.ts";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the environment decides; everything else is configured in the office. */
export interface Settings {
  /** Address that HTTP listens on once the first administrator exists; loopback until then. */
  readonly httpHost: string;
  readonly httpPort: number;
  /** Address that SIP listens on; null: loopback until the first administrator exists, then every address. */
  readonly sipBind: string | null;
  readonly sipPort: number;
  /** Address that media is announced with; null: found out from the machine. */
  readonly mediaAddress: string | null;
  /** Relays for browsers whose network lets no media through otherwise; null: none. */
  readonly turn: { readonly urls: readonly string[]; readonly secret: string | null } | null;
  readonly rtpPorts: { readonly min: number; readonly max: number };
  /** The UDP port of browsers' media, of the first media host; the next host has the next port. 0 takes free ones. */
  readonly webrtcPort: number;
  /** Threads that work the media; null: one a core, two at most. */
  readonly mediaHosts: number | null;
  /** Absolute. */
  readonly dataDir: string;
  /** A PostgreSQL of one's own; null: the embedded one. */
  readonly databaseUrl: string | null;
  /** Certificate and key in PEM; null: those of `tls/` in the data folder if they are there, else plain HTTP. */
  readonly tls: { readonly certPath: string; readonly keyPath: string } | null;
  readonly secretKey: string | null;
  readonly logLevel: LogLevel;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings. @throws SettingsError for the first one that cannot be used. */
export function readSettings(env: Environment): Settings {
  const dataDir = path.resolve(text(env, "SVARA_DATA_DIR") ?? "data");
  return {
    httpHost: host(env, "SVARA_HTTP_HOST") ?? "0.0.0.0",
    httpPort: port(env, "SVARA_HTTP_PORT", 8080),
    sipBind: host(env, "SVARA_SIP_BIND") ?? null,
    sipPort: port(env, "SVARA_SIP_PORT", 5060),
    mediaAddress: address(env, "SVARA_MEDIA_ADDRESS") ?? null,
    turn: turnServers(env),
    rtpPorts: portRange(env, "SVARA_RTP_PORTS", { min: 20_000, max: 29_999 }),
    webrtcPort: port(env, "SVARA_WEBRTC_PORT", 0),
    mediaHosts: mediaHosts(env),
    dataDir,
    databaseUrl: databaseUrl(env),
    tls: tlsFiles(env),
    secretKey: secretKey(env),
    logLevel: logLevel(env),
  };
}

/** Unset and empty are the same. */
function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}

function port(env: Environment, name: string, otherwise: number): number {
  const value = text(env, name);
  if (value === undefined) return otherwise;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65_535)
    throw new SettingsError(name, value, "a port is a whole number from 0 (a free one is taken) to 65535");
  return number;
}

function portRange(
  env: Environment,
  name: string,
  otherwise: { min: number; max: number },
): { min: number; max: number } {
  const value = text(env, name);
  if (value === undefined) return otherwise;
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(value);
  const min = Number(match?.[1]);
  const max = Number(match?.[2]);
  if (!match || min < 1024 || max > 65_535 || max - min < 3)
    throw new SettingsError(
      name,
      value,
      "a range such as 20000-29999, within 1024 and 65535, of at least four ports",
    );
  return { min, max };
}

function mediaHosts(env: Environment): number | null {
  const name = "SVARA_MEDIA_HOSTS";
  const value = text(env, name);
  if (value === undefined) return null;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= 64) return number;
  throw new SettingsError(name, value, "how many threads work the calls' sound, 1 to 64; best one a core");
}

function host(env: Environment, name: string): string | undefined {
  const value = text(env, name);
  if (value === undefined || isIP(value) !== 0 || value === "localhost") return value;
  throw new SettingsError(
    name,
    value,
    "an IP address of this machine, 0.0.0.0 for all of IPv4, :: for all, or localhost",
  );
}

function address(env: Environment, name: string): string | undefined {
  const value = text(env, name);
  if (value === undefined || (isIP(value) !== 0 && value !== "0.0.0.0" && value !== "::")) return value;
  throw new SettingsError(name, value, "the one IP address at which phones and browsers reach this machine");
}

function turnServers(env: Environment): Settings["turn"] {
  const value = text(env, "SVARA_TURN_URL");
  const secret = text(env, "SVARA_TURN_SECRET") ?? null;
  if (value === undefined) {
    if (secret === null) return null;
    throw new SettingsError(
      "SVARA_TURN_URL",
      "",
      "a secret is set in SVARA_TURN_SECRET: the server's address is needed too",
    );
  }
  const urls = value.split(/[\s,]+/);
  const wrong = urls.find((url) => !/^(turns?|stuns?):[^\s/?]+(\?transport=(udp|tcp))?$/.test(url));
  if (wrong !== undefined)
    throw new SettingsError(
      "SVARA_TURN_URL",
      wrong,
      "such as turn:turn.example.org:3478?transport=udp; several with commas",
    );
  if (secret === null && urls.some((url) => url.startsWith("turn")))
    throw new SettingsError(
      "SVARA_TURN_SECRET",
      "",
      "the secret that the TURN server knows (static-auth-secret of coturn)",
    );
  return { urls, secret };
}

function databaseUrl(env: Environment): string | null {
  const name = "SVARA_DATABASE_URL";
  const value = text(env, name);
  if (value === undefined) return null;
  const shown = withoutPassword(value);
  const allowed = "such as postgres://user:password@host:5432/database; unset it for the embedded database";
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new SettingsError(name, shown, allowed);
  }
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:")
    throw new SettingsError(name, shown, allowed);
  if (url.pathname.length < 2)
    throw new SettingsError(name, shown, `the name of the database is missing; ${allowed}`);
  return value;
}

/** An address fit to be shown. */
function withoutPassword(value: string): string {
  return value.replace(/:\/\/([^:@/]*):[^@]*@/, "://$1:***@");
}

function tlsFiles(env: Environment): Settings["tls"] {
  const cert = text(env, "SVARA_TLS_CERT");
  const key = text(env, "SVARA_TLS_KEY");
  if (cert === undefined && key === undefined) return null;
  if (cert === undefined)
    throw new SettingsError(
      "SVARA_TLS_CERT",
      "",
      "a key is set in SVARA_TLS_KEY: the certificate's file is needed too",
    );
  if (key === undefined)
    throw new SettingsError(
      "SVARA_TLS_KEY",
      "",
      "a certificate is set in SVARA_TLS_CERT: the key's file is needed too",
    );
  return { certPath: readable("SVARA_TLS_CERT", cert), keyPath: readable("SVARA_TLS_KEY", key) };
}

function readable(name: string, value: string): string {
  const file = path.resolve(value);
  try {
    fs.accessSync(file, fs.constants.R_OK);
  } catch {
    throw new SettingsError(name, value, "a PEM file that this account may read");
  }
  return file;
}

function secretKey(env: Environment): string | null {
  const value = text(env, "SVARA_SECRET_KEY");
  if (value === undefined) return null;
  const key = /^[0-9a-fA-F]{64}$/.test(value) ? Buffer.from(value, "hex") : Buffer.from(value, "base64");
  if (key.length !== 32)
    throw new SettingsError(
      "SVARA_SECRET_KEY",
      "***",
      "32 bytes as base64 or hex, as `openssl rand -base64 32` prints them; unset it for a key in the data folder",
    );
  return value;
}

function logLevel(env: Environment): LogLevel {
  const value = text(env, "SVARA_LOG_LEVEL");
  if (value === undefined) return "info";
  const found = LOG_LEVELS.find((level) => level === value);
  if (!found) throw new SettingsError("SVARA_LOG_LEVEL", value, `one of ${LOG_LEVELS.join(", ")}`);
  return found;
}
