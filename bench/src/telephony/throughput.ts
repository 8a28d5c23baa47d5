import { rounded, sleep } from "../cases/bench-case.ts";
import type { RushResult } from "../load/load-command.ts";
import type { Figure, PeerValue } from "../report/figure.ts";
import { corePercent } from "../server/process-cost.ts";
import type { CallSystem } from "./call-system.ts";
import type { Stage } from "./stage.ts";

export interface ThroughputSize {
  /** Calls per second, rising. */
  readonly rates: readonly number[];
  readonly seconds: number;
}

/** What one rate cost, in milliseconds of processor time for each call. */
export interface Rate extends RushResult {
  readonly perSecond: number;
  readonly cpuMsPerCall: number;
  readonly helpersCpuMsPerCall: number;
  /** Null when several threads share the signalling. */
  readonly signallingCpuMsPerCall: number | null;
  /** How long the switch still worked at what the calls left to be written. */
  readonly tailMs: number;
}

const talkMs = 2_000;
/** A caller's call that needs longer than this to reach a free agent has not held the rate. */
const heldP99Ms = 1_000;
/** Work is over when switch and database use less than this share of a core, for half a second. */
const idlePercent = 10;
const tailLimitMs = 10_000;

/** Calls that come at a steady rate, are answered at once and last two seconds; faster and faster, until not all are answered. */
export async function rush(stage: Stage, size: ThroughputSize): Promise<readonly Rate[] | null> {
  const number = await stage.system.line("served");
  if (number === null) return null;
  const rates: Rate[] = [];
  for (const perSecond of size.rates) {
    const rate = await atRate(stage, number, perSecond, size.seconds);
    rates.push(rate);
    stage.say(
      `${stage.system.name}: ${perSecond} calls/s: ${rate.answered} of ${rate.calls} answered, ${rate.retransmissions} sent again, ${rate.cpuMsPerCall} + ${rate.helpersCpuMsPerCall} ms CPU each, to the agent p99 ${rate.toAgentInviteMs.p99} ms`,
    );
    if (!holds(rate)) break;
  }
  return rates;
}

async function atRate(
  { system, load }: Stage,
  number: string,
  perSecond: number,
  seconds: number,
): Promise<Rate> {
  const read = () => [system.cost(), system.helpersCost(), system.signallingCost()] as const;
  const from = read();
  const result = await load.ask("rush", { number, calls: perSecond * seconds, perSecond, talkMs });
  const ended = performance.now();
  await settled(system);
  const to = read();
  const each = (after: { cpuMs: number }, before: { cpuMs: number }): number =>
    rounded((after.cpuMs - before.cpuMs) / result.calls, 2);
  return {
    ...result,
    perSecond,
    cpuMsPerCall: each(to[0], from[0]),
    helpersCpuMsPerCall: each(to[1], from[1]),
    signallingCpuMsPerCall: to[2] && from[2] ? each(to[2], from[2]) : null,
    tailMs: Math.round(performance.now() - ended),
  };
}

/** Rows and events are written behind the calls: their cost belongs to the calls, too. */
async function settled(system: CallSystem): Promise<void> {
  const limit = performance.now() + tailLimitMs;
  while (performance.now() < limit) {
    const from = [system.cost(), system.helpersCost()] as const;
    await sleep(500);
    if (corePercent(from[0], system.cost()) + corePercent(from[1], system.helpersCost()) < idlePercent)
      return;
  }
}

function holds({ answered, calls, toAgentInviteMs, retransmissions }: Rate): boolean {
  return answered === calls && retransmissions === 0 && toAgentInviteMs.p99 <= heldP99Ms;
}

/** The curve of rates, ours beside the peer's of the same run. */
export function throughputFigures(ours: readonly Rate[], peer: readonly Rate[] | null): Figure[] {
  return [
    ...ours.flatMap((rate) =>
      rateFigures(
        rate,
        peer?.find(({ perSecond }) => perSecond === rate.perSecond),
      ),
    ),
    held(ours, peer),
  ];
}

function rateFigures(rate: Rate, peer: Rate | undefined): Figure[] {
  const { perSecond, calls, answered } = rate;
  const id = `throughput.${perSecond}`;
  const peerOf = (value: (rate: Rate) => number): { peer?: PeerValue } =>
    peer ? { peer: { value: value(peer) } } : {};
  const ms = (key: "toAgentInviteMs" | "toCallerOkMs", at: "p50" | "p99", what: string): Figure => ({
    id: `${id}.${key}.${at}`,
    what: `${perSecond} calls/s: ${what} ${at}`,
    value: rate[key][at],
    unit: "ms",
    better: "lower",
    conditions: `max ${rate[key].max} ms`,
    ...peerOf((r) => r[key][at]),
  });
  const total = (r: Rate): number => rounded(r.cpuMsPerCall + r.helpersCpuMsPerCall, 2);
  return [
    {
      id: `${id}.answered`,
      what: `${perSecond} calls/s: answered`,
      value: rounded((100 * answered) / calls, 2),
      unit: "%",
      better: "higher",
      conditions: `${calls} calls, 2 s talk; ${rate.retransmissions} retransmissions`,
      ...peerOf((r) => rounded((100 * r.answered) / r.calls, 2)),
    },
    {
      id: `${id}.cpu`,
      what: `${perSecond} calls/s: CPU of a call, all processes`,
      value: total(rate),
      unit: "ms",
      better: "lower",
      conditions: `database ${rate.helpersCpuMsPerCall} ms of it; the peer writes CSV, keeps no ledger`,
      ...peerOf(total),
    },
    {
      id: `${id}.cpu.signalling`,
      what: `${perSecond} calls/s: CPU of a call, signalling thread`,
      value: rate.signallingCpuMsPerCall,
      unit: "ms",
      better: "lower",
      conditions: "signalling, routing and records share this thread",
    },
    ms("toAgentInviteMs", "p50", "INVITE to agent's INVITE"),
    ms("toAgentInviteMs", "p99", "INVITE to agent's INVITE"),
    ms("toCallerOkMs", "p50", "INVITE to caller's 200 (we answer first, the peer last)"),
  ];
}

function held(ours: readonly Rate[], peer: readonly Rate[] | null): Figure {
  const heldRate = (rates: readonly Rate[]): number => rates.filter(holds).at(-1)?.perSecond ?? 0;
  const rule = "all answered, none sent again, to the agent within 1 s at p99";
  return {
    id: "throughput.held",
    what: "highest rate that held",
    value: heldRate(ours),
    unit: "calls/s",
    better: "higher",
    conditions: ours.every(holds)
      ? `${rule}; the highest rate tried`
      : `${rule}; ${ours.at(-1)?.perSecond} did not`,
    ...(peer ? { peer: { value: heldRate(peer) } } : {}),
  };
}
