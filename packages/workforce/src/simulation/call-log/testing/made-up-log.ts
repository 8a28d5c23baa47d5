import type { AgentId } from "@svara/kernel";
import { SeededRandom } from "@svara/kernel";
import type { Decision, Input } from "@svara/routing";
import { simulate } from "../../simulate.ts";
import { agents, exponential, floor, HOUR_MS, queue, stream } from "../../testing/floors.ts";

/** What is true of a made-up centre. */
export const TRUTH = {
  opensMs: 8 * HOUR_MS,
  closesMs: 20 * HOUR_MS,
  /** Calls an hour of each type, all day. */
  perHour: { PS: 90, NE: 25 },
  talkMs: { PS: 180_000, NE: 300_000 },
  afterWorkMs: 12_000,
  patienceMs: 240_000,
  /** Log odds of a low score: this, and so much for each minute of waiting. */
  lowScore: { intercept: -1.5, perMinute: 0.6 },
  servers: 9,
} as const;

const COLUMNS =
  "vru_line,call_id,customer,priority,type,date,vru_entry_s,vru_exit_s,vru_time_s,q_start_s,q_exit_s,q_time_s,outcome,ser_start_s,ser_exit_s,ser_time_s,server,score";

interface MadeUpCall {
  readonly type: string;
  readonly askedAt: number;
  endedAt: number | null;
  server: string | null;
  from: number | null;
  to: number | null;
}

/** A day that never was, as the lines of a call log: `day` counts from 1 and is its seed as well. */
function madeUpDay(day: number): string[] {
  const calls = new Map<string, MadeUpCall>();
  simulate(scenarioOf(), {
    seed: day,
    journal: ({ at, input, decisions }) => {
      told(calls, input, at);
      for (const decision of decisions) decided(calls, decision);
    },
  });
  const random = new SeededRandom(day);
  const date = `2026-03-${String(day).padStart(2, "0")}`;
  return [...calls.values()].flatMap((call, n) => lineOf(call, { n, date, uniform: random.next() }));
}

/** Several days in one file. */
export function madeUpLog(days: readonly number[]): string {
  return `${[COLUMNS, ...days.flatMap(madeUpDay)].join("\n")}\n`;
}

/** When a server works: in two shifts that overlap, each with half an hour's break in its middle, one after another. */
export function shiftOf(server: number): {
  from: number;
  to: number;
  breaks: [{ from: number; to: number }];
} {
  const early = server % 3 !== 2;
  const from = TRUTH.opensMs + (early ? 0 : 4 * HOUR_MS);
  const to = early ? TRUTH.opensMs + 8 * HOUR_MS : TRUTH.closesMs;
  const pause = from + 3 * HOUR_MS + server * 600_000;
  return { from, to, breaks: [{ from: pause, to: pause + 1_800_000 }] };
}

export function serverName(server: number): string {
  return `s${String(server).padStart(3, "0")}`;
}

function scenarioOf() {
  const { perHour, talkMs, afterWorkMs, patienceMs, servers, opensMs, closesMs } = TRUTH;
  const staff = agents("s", servers).map((agent, i) =>
    // two know no more than the one type
    i < 2 ? { ...agent, queueIds: ["PS"] as never[] } : agent,
  );
  const times = { wrapUp: exponential(afterWorkMs), patience: exponential(patienceMs) };
  const wrapUp = { wrapUp: { mode: "manual" } } as const;
  const base = floor({
    lengthMs: closesMs,
    queues: [queue("PS", wrapUp), queue("NE", wrapUp)],
    staff,
    arrivals: (["PS", "NE"] as const).map((type) => ({
      ...stream(type, perHour[type], { talk: exponential(talkMs[type]), ...times }),
      rates: [{ from: opensMs, perHour: perHour[type] }],
    })),
  });
  return {
    ...base,
    from: opensMs,
    shifts: staff.map(({ id }, i) => ({ agentId: id as AgentId, ...shiftOf(i) })),
  };
}

function told(calls: Map<string, MadeUpCall>, input: Input, at: number): void {
  if (input.type === "item.queued") {
    const call = { type: String(input.item.queueId), askedAt: at, endedAt: null };
    calls.set(input.item.id, { ...call, server: null, from: null, to: null });
  } else if (input.type === "item.withdrawn") {
    const call = calls.get(input.itemId);
    if (call) call.endedAt = at;
  } else if (input.type === "item.ended") {
    const call = calls.get(input.itemId);
    if (call) call.to = at;
  }
}

function decided(calls: Map<string, MadeUpCall>, decision: Decision): void {
  if (decision.type !== "offer.accepted") return;
  const call = calls.get(decision.itemId);
  if (call) Object.assign(call, { endedAt: decision.at, server: decision.agentId, from: decision.at });
}

function lineOf(
  call: MadeUpCall,
  { n, date, uniform }: { readonly n: number; readonly date: string; readonly uniform: number },
): string[] {
  const { type, askedAt, endedAt, server, from, to } = call;
  if (endedAt === null) return [];
  const s = (ms: number | null): number => (ms === null ? 0 : Math.round(ms / 1000));
  const waited = s(endedAt) - s(askedAt);
  const queued = waited > 0 || server === null;
  const { intercept, perMinute } = TRUTH.lowScore;
  const isLow = uniform < 1 / (1 + Math.exp(-(intercept + (perMinute * waited) / 60)));
  const cells = [
    "AA0101",
    n,
    0,
    type === "NE" ? 2 : 0,
    type,
    date,
    s(askedAt) - 10,
    s(askedAt),
    10,
    queued ? s(askedAt) : 0,
    queued ? s(endedAt) : 0,
    queued ? waited : 0,
    server === null ? "HANG" : "AGENT",
    s(from),
    s(to),
    s(to) - s(from),
    server ?? "",
    server === null ? "" : isLow ? 1 : 5,
  ];
  return [cells.join(",")];
}
