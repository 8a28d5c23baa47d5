import { cpus } from "node:os";
import { type CaseResult, rounded, sleep } from "../cases/bench-case.ts";
import type { Figure } from "../report/figure.ts";
import { corePercent, costOf } from "../server/process-cost.ts";
import type { BrowsersHeard, HostAsk, PeersAsk } from "./browser-command.ts";
import { HelperProcess } from "./helper-process.ts";

export interface BrowsersSize {
  /** Numbers of browser legs, rising and even. */
  readonly levels: readonly number[];
  readonly windowMs: number;
}

interface Level extends BrowsersHeard {
  readonly legs: number;
  readonly cpuPercent: number;
  readonly loadCpuPercent: number;
}

const cleanPercent = 0.2;
const settleMs = 1_500;

/**
 * Browser legs (ICE, DTLS, SRTP) in pairs, all talking, each recorded, on one media host in a process of its own: as many
 * as one thread carries. The peer has none: its module for WebRTC is not part of the comparison.
 */
export async function browsers(
  size: BrowsersSize,
  options: { readonly say: (line: string) => void; readonly profileDir?: string },
): Promise<CaseResult> {
  const flags = options.profileDir ? ["--cpu-prof", `--cpu-prof-dir=${options.profileDir}`] : [];
  const host = new HelperProcess<HostAsk>(new URL("./host-process.ts", import.meta.url), flags);
  const peers = new HelperProcess<PeersAsk>(new URL("./peers-process.ts", import.meta.url));
  const levels: Level[] = [];
  let handshakeMs = 0;
  try {
    let legs = 0;
    for (const wanted of size.levels) {
      const from = costOf([host.pid]);
      for (const first = legs; legs < wanted; legs++) {
        await connect(host, peers, legs);
        if (legs === wanted - 1) handshakeMs = (costOf([host.pid]).cpuMs - from.cpuMs) / (wanted - first);
      }
      await sleep(settleMs);
      const level = await listen(host, peers, legs, size.windowMs);
      levels.push(level);
      options.say(
        `${legs} browser legs, recorded: ${level.cpuPercent} % of a core, ${level.missingPercent} % missing, one way p99 ${level.oneWayMs.p99} ms, browsers ${level.loadCpuPercent} %`,
      );
      if (level.missingPercent > cleanPercent || beyond(level, size.levels[levels.length] ?? legs)) break;
    }
    await host.ask({ kind: "close" });
  } finally {
    peers.stop();
    host.stop();
  }
  return {
    group: {
      title: "Browser legs (DTLS-SRTP), bridged in pairs, each recorded",
      figures: figures(levels, handshakeMs),
    },
    detail: levels,
  };
}

async function connect(
  host: HelperProcess<HostAsk>,
  peers: HelperProcess<PeersAsk>,
  leg: number,
): Promise<void> {
  const offer = (await peers.ask({ kind: "offer" })) as string;
  const answer = (await host.ask({ kind: "answer", leg, sdp: offer })) as string;
  await peers.ask({ kind: "connect", leg, sdp: answer });
}

async function listen(
  host: HelperProcess<HostAsk>,
  peers: HelperProcess<PeersAsk>,
  legs: number,
  ms: number,
): Promise<Level> {
  const from = [costOf([host.pid]), costOf([peers.pid])] as const;
  const heard = (await peers.ask({ kind: "listen", ms })) as BrowsersHeard;
  const to = [costOf([host.pid]), costOf([peers.pid])] as const;
  return {
    ...heard,
    legs,
    cpuPercent: rounded(corePercent(from[0], to[0])),
    loadCpuPercent: rounded(corePercent(from[1], to[1])),
  };
}

/** Either process is one thread: beyond a core there is nothing. */
function beyond({ legs, cpuPercent, loadCpuPercent }: Level, next: number): boolean {
  const threads = (Math.max(cpuPercent, loadCpuPercent) * next) / legs;
  const both = ((cpuPercent + loadCpuPercent) * next) / legs;
  return threads > 100 || both > 100 * cpus().length;
}

function figures(levels: readonly Level[], handshakeMs: number): Figure[] {
  const clean = levels.filter(({ missingPercent }) => missingPercent <= cleanPercent).at(-1);
  const each = (level: Level): number => rounded(level.cpuPercent / level.legs, 4);
  return [
    ...levels.map(
      (level): Figure => ({
        id: `browsers.${level.legs}.cpu`,
        what: `${level.legs} browser legs: CPU each`,
        value: each(level),
        unit: "% of a core",
        better: "lower",
        conditions: `${level.seconds} s; ${level.missingPercent} % missing; one way p50 ${level.oneWayMs.p50}, p99 ${level.oneWayMs.p99} ms; browsers ${level.loadCpuPercent} %`,
      }),
    ),
    {
      id: "browsers.held",
      what: "most browser legs tried that were clean",
      value: clean?.legs ?? 0,
      unit: "legs",
      better: "higher",
      conditions: "one host thread; the browsers' own encryption on the other core bounds what can be tried",
    },
    {
      id: "browsers.perCore",
      what: "browser legs for each core",
      value: clean && clean.cpuPercent > 0 ? Math.floor((100 * clean.legs) / clean.cpuPercent) : null,
      unit: "legs",
      better: "higher",
      conditions: `reckoned from ${clean?.legs ?? 0} legs`,
    },
    {
      id: "browsers.setUp",
      what: "CPU of a browser leg's set-up: ICE, DTLS handshake, bridge, recording",
      value: rounded(handshakeMs, 1),
      unit: "ms",
      better: "lower",
      conditions: "mean of the highest level's new legs, the media of the others included",
    },
  ];
}
