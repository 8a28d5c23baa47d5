import { once } from "node:events";
import { get as httpGet, type IncomingMessage } from "node:http";
import { get as httpsGet } from "node:https";
import { text } from "node:stream/consumers";

/** What a server that runs here tells everybody on this machine. */
export interface ServerSeen {
  /** Its clock, when it answered, against the wall's: it never jumps, so this is what the wall clock was stepped since its start. */
  readonly clockAheadMs: number;
  readonly alarms: readonly string[];
  /** Trunks that it has heard of, by id: they answer, or are registered. */
  readonly trunks: ReadonlyMap<string, boolean>;
}

/** Asks the program at this address; undefined when it is no Svara. Its own certificate need not be known here. */
export async function askServer(address: string, wallNow: () => number): Promise<ServerSeen | undefined> {
  try {
    const before = wallNow();
    const health: unknown = JSON.parse(await read(new URL("/api/health", address)));
    const after = wallNow();
    if (typeof health !== "object" || health === null || !("status" in health) || !("now" in health))
      return undefined;
    const { now, alarms = [] } = health as { now: number; alarms?: readonly string[] };
    const metrics = await read(new URL("/metrics", address)).catch(() => "");
    return { clockAheadMs: now - (before + after) / 2, alarms, trunks: trunksIn(metrics) };
  } catch {
    return undefined;
  }
}

/** The lines `svara_trunk_up{trunk="…"} 1` of the metrics. */
export function trunksIn(metrics: string): ReadonlyMap<string, boolean> {
  const lines = metrics.matchAll(/^svara_trunk_up\{trunk="([^"]+)"\} ([01])$/gm);
  return new Map([...lines].map(([, id = "", up]) => [id, up === "1"]));
}

async function read(url: URL): Promise<string> {
  const options = { timeout: 2_000, rejectUnauthorized: false };
  const request = url.protocol === "https:" ? httpsGet(url, options) : httpGet(url, options);
  request.once("timeout", () => request.destroy());
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return text(response);
}
