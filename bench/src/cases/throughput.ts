import type { RushResult } from "../load/load-command.ts";
import type { Figure } from "../report/figure.ts";
import { PEER_RATE_HELD, PEER_THROUGHPUT } from "../report/peer.ts";
import { servedNumber } from "../server/bench-centre.ts";
import { corePercent } from "../server/process-cost.ts";
import { type CaseResult, rounded, type Stage, sleep } from "./bench-case.ts";

export interface ThroughputSize {
  readonly agents: number;
  /** Calls per second, rising. */
  readonly rates: readonly number[];
  readonly seconds: number;
}

interface Rate extends RushResult {
  readonly perSecond: number;
  readonly serverCpuMsPerCall: number;
  readonly databaseCpuMsPerCall: number;
  /** How long the server still worked at what the calls left to be written. */
  readonly tailMs: number;
}

const talkMs = 2_000;
/** A caller's call that needs longer than this to reach a free agent has not held the rate. */
const heldP99Ms = 1_000;
/** Work is over when server and database use less than this share of a core, for half a second. */
const idlePercent = 10;
const tailLimitMs = 10_000;

/** Calls that come at a steady rate, are answered at once and last two seconds; faster and faster, until not all are answered. */
export async function throughput(stage: Stage, size: ThroughputSize): Promise<CaseResult> {
  const rates: Rate[] = [];
  for (const perSecond of size.rates) {
    const rate = await atRate(stage, size, perSecond);
    rates.push(rate);
    stage.say(
      `${perSecond} calls/s: ${rate.answered} of ${rate.calls} answered, ${rate.serverCpuMsPerCall} ms CPU each, to the agent p99 ${rate.toAgentInviteMs.p99} ms`,
    );
    if (!holds(rate)) break;
  }
  return {
    group: {
      title: "Calls through the queue",
      figures: [...rates.flatMap((r) => figures(r, size)), held(rates)],
    },
    detail: rates,
  };
}

async function atRate(stage: Stage, size: ThroughputSize, perSecond: number): Promise<Rate> {
  const { server, load } = stage;
  const from = [server.cost(), server.databaseCost()] as const;
  const rush = await load.ask("rush", {
    number: servedNumber,
    calls: perSecond * size.seconds,
    perSecond,
    talkMs,
  });
  const ended = performance.now();
  await settled(server);
  const to = [server.cost(), server.databaseCost()] as const;
  return {
    ...rush,
    perSecond,
    serverCpuMsPerCall: rounded((to[0].cpuMs - from[0].cpuMs) / rush.calls, 2),
    databaseCpuMsPerCall: rounded((to[1].cpuMs - from[1].cpuMs) / rush.calls, 2),
    tailMs: Math.round(performance.now() - ended),
  };
}

/** Rows and events are written behind the calls: their cost belongs to the calls, too. */
async function settled(server: Stage["server"]): Promise<void> {
  const limit = performance.now() + tailLimitMs;
  while (performance.now() < limit) {
    const from = [server.cost(), server.databaseCost()] as const;
    await sleep(500);
    if (corePercent(from[0], server.cost()) + corePercent(from[1], server.databaseCost()) < idlePercent)
      return;
  }
}

function holds({ answered, calls, toAgentInviteMs }: Rate): boolean {
  return answered === calls && toAgentInviteMs.p99 <= heldP99Ms;
}

function figures(rate: Rate, { agents }: ThroughputSize): Figure[] {
  const { perSecond, calls, answered } = rate;
  const peer = PEER_THROUGHPUT.get(perSecond);
  const conditions = `${calls} calls, ${agents} agents, 2 s talk`;
  const id = `throughput.${perSecond}`;
  const ms = (
    key: "toAgentInviteMs" | "toCallerOkMs",
    at: "p50" | "p99",
    what: string,
    more: string,
  ): Figure => ({
    id: `${id}.${key}.${at}`,
    what: `${perSecond} calls/s: ${what} ${at}`,
    value: rate[key][at],
    unit: "ms",
    better: "lower",
    conditions: more,
    ...(peer ? { peer: { value: peer[key][at] } } : {}),
  });
  return [
    {
      id: `${id}.answered`,
      what: `${perSecond} calls/s: answered`,
      value: rounded((100 * answered) / calls, 2),
      unit: "%",
      better: "higher",
      conditions: `${conditions}; ${rate.retransmissions} retransmissions`,
      ...(peer ? { peer: { value: 100 } } : {}),
    },
    {
      id: `${id}.cpu`,
      what: `${perSecond} calls/s: CPU of a call`,
      value: rate.serverCpuMsPerCall,
      unit: "ms",
      better: "lower",
      conditions: `server process; PostgreSQL beside it ${rate.databaseCpuMsPerCall} ms`,
      ...(peer ? { peer: { value: peer.cpuMsPerCall, note: "writes CSV, keeps no ledger" } } : {}),
    },
    ms("toAgentInviteMs", "p50", "INVITE to agent's INVITE", conditions),
    ms(
      "toAgentInviteMs",
      "p99",
      "INVITE to agent's INVITE",
      `${conditions}; max ${rate.toAgentInviteMs.max} ms`,
    ),
    ms(
      "toCallerOkMs",
      "p50",
      "INVITE to caller's 200",
      "we answer first and then queue; the peer answers last",
    ),
    ms("toCallerOkMs", "p99", "INVITE to caller's 200", `max ${rate.toCallerOkMs.max} ms`),
  ];
}

function held(rates: readonly Rate[]): Figure {
  const last = rates.filter(holds).at(-1);
  return {
    id: "throughput.held",
    what: "highest rate that held",
    value: last?.perSecond ?? 0,
    unit: "calls/s",
    better: "higher",
    conditions: rates.every(holds)
      ? "the highest rate tried; all answered, to the agent within 1 s at p99"
      : `${rates.at(-1)?.perSecond} calls/s did not: all answered, to the agent within 1 s at p99`,
    peer: { value: PEER_RATE_HELD },
  };
}
