import { readdirSync, readlinkSync } from "node:fs";
import { residentMb } from "../server/process-cost.ts";

/** What the server holds at one moment. */
export interface ServerSample {
  /** Seconds since the soak began. */
  readonly atSeconds: number;
  /** Contacts that have been answered or ended so far. */
  readonly contacts: number;
  readonly residentMb: number;
  /** Of the main thread, right after a full collection; NaN where the inspector was not to be had. */
  readonly heapMb: number;
  readonly fileHandles: number;
  readonly sockets: number;
  readonly legs: number;
  readonly dialogs: number;
  readonly transactions: number;
  readonly contactsActive: number;
  /** Events that are not durable yet. */
  readonly ledgerPending: number;
  readonly loopP99Ms: number;
  readonly mediaLateMs: number;
}

/** Reads what `/proc` and `/metrics` tell of the server. Not all of one instant. */
export async function sampleServer(
  { pid, baseUrl }: { readonly pid: number; readonly baseUrl: string },
  heapMb: () => Promise<number>,
  atSeconds: number,
): Promise<ServerSample> {
  const heap = await heapMb();
  const figures = parseMetrics(await (await fetch(new URL("/metrics", baseUrl))).text());
  const sumOf = (name: string): number =>
    figures.filter((f) => f.name === name).reduce((s, f) => s + f.value, 0);
  const handles = handlesOf(pid);
  return {
    atSeconds: Math.round(atSeconds),
    contacts: sumOf("svara_contacts_total"),
    residentMb: round(residentMb(pid)),
    heapMb: round(heap),
    fileHandles: handles.length,
    sockets: handles.filter((target) => target.startsWith("socket:")).length,
    legs: sumOf("svara_legs"),
    dialogs: sumOf("svara_sip_dialogs"),
    transactions: sumOf("svara_sip_transactions"),
    contactsActive: sumOf("svara_contacts_active"),
    ledgerPending: sumOf("svara_ledger_pending"),
    loopP99Ms: round(
      1000 *
        (figures.find((f) => f.name === "svara_event_loop_delay_seconds" && f.labels.includes('"0.99"'))
          ?.value ?? Number.NaN),
    ),
    mediaLateMs: round(1000 * sumOf("svara_media_lateness_seconds")),
  };
}

interface Figure {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

/** The lines of the text format of Prometheus, without its comments. */
export function parseMetrics(text: string): Figure[] {
  return text.split("\n").flatMap((line) => {
    const found = /^([a-z_:]+)(\{[^}]*\})? (\S+)$/i.exec(line);
    return found ? [{ name: found[1] ?? "", labels: found[2] ?? "", value: Number(found[3]) }] : [];
  });
}

/** What the process holds open: `socket:[…]`, `anon_inode:…`, paths. */
function handlesOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
      } catch {
        return []; // closed since
      }
    });
  } catch {
    return [];
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
