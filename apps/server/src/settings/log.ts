import { type DestinationStream, type Logger, pino } from "pino";
import type { LogLevel } from "./settings.ts";

const SECRETS = [
  "password",
  "inboundPassword",
  "outboundPassword",
  "current",
  "next",
  "token",
  "csrf",
  "secretKey",
  "ha1",
  "digest",
  "authorization",
  "cookie",
];

/** The server's log, as lines of JSON. Secrets are cut out wherever they stand, up to three levels deep. */
export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  const paths = SECRETS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  const options = {
    level,
    redact: { paths: [...paths, 'req.headers["set-cookie"]', 'req.headers["x-svara-csrf"]'], censor: "***" },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return destination ? pino(options, destination) : pino(options);
}
