import { type CaseResult, sleep } from "../cases/bench-case.ts";
import { LoadGenerator } from "../load/load-generator.ts";
import { asteriskRoot } from "../peer/asterisk-root.ts";
import { AsteriskSystem } from "../peer/asterisk-system.ts";
import type { Figure } from "../report/figure.ts";
import { freePort } from "../server/server-process.ts";
import { SvaraSystem } from "../server/svara-system.ts";
import type { Sizes } from "../sizes.ts";
import type { CallSystem, Surroundings } from "./call-system.ts";
import { climb, type Level } from "./ladder.ts";
import { delayFigures, ladderFigures, memoryFigure } from "./ladder-figures.ts";
import { ownRooms } from "./own-rooms.ts";
import type { Stage } from "./stage.ts";
import { type Rate, rush, throughputFigures } from "./throughput.ts";

/** Cases that need a running switch, in the order of their measuring. */
export const CALL_CASES = ["waiting", "sending", "throughput", "bridged", "recorded", "rooms"] as const;
export type CallCase = (typeof CALL_CASES)[number];

interface TelephonyOptions {
  readonly say: (line: string) => void;
  readonly profileDir?: string;
  /** Measure the peer, too. */
  readonly peer: boolean;
}

/** What one system did in each case; null where it has no such thing. */
interface Measured {
  readonly name: string;
  readonly idleMb: number;
  readonly ladders: Partial<Record<Exclude<CallCase, "throughput">, readonly Level[] | null>>;
  readonly rates: readonly Rate[] | null;
}

const restMs = 2_000;

/** Both systems one after another, each alone on the machine with the same load, and their figures side by side. */
export async function telephony(
  cases: readonly CallCase[],
  sizes: Sizes,
  options: TelephonyOptions,
): Promise<CaseResult[]> {
  const { say, profileDir } = options;
  const peer = options.peer ? await measurePeer(cases, sizes, say) : null;
  const ours = await measure(cases, sizes, say, (around) => SvaraSystem.start(around, profileDir));
  const detail = (pick: (measured: Measured) => unknown) => ({
    ours: pick(ours),
    peer: peer && { name: peer.name, idleMb: peer.idleMb, measured: pick(peer) },
  });
  const results: CaseResult[] = [];
  const add = (title: string, figures: readonly Figure[], pick: (measured: Measured) => unknown) =>
    results.push({
      group: { title: `${title}${peer ? `; peer: ${peer.name}` : "; peer not run"}`, figures },
      detail: detail(pick),
    });
  const ladder = (name: keyof Measured["ladders"], title: string, what: string, pps: number): void => {
    const levels = ours.ladders[name];
    if (!levels) return;
    const theirs = peer?.ladders[name] ?? null;
    const subject = { id: name, what, packetsPerSecond: pps };
    const figures = [...ladderFigures(subject, levels, theirs)];
    if (name === "waiting") figures.push(memoryFigure(subject, levels, theirs));
    if (name === "bridged" || name === "recorded" || name === "rooms")
      figures.push(...delayFigures(subject, levels, theirs));
    add(title, figures, (measured) => measured.ladders[name]);
  };
  ladder("waiting", "Waiting callers who say nothing, with music", "waiting", 50);
  ladder("sending", "Waiting callers who talk, with music", "waiting and sending", 100);
  const { rates } = ours;
  if (rates) add("Calls through the queue", throughputFigures(rates, peer?.rates ?? null), (m) => m.rates);
  ladder("bridged", "Bridged calls with media both ways", "bridged", 100);
  ladder("recorded", "Bridged calls, recorded", "bridged and recorded", 100);
  ladder("rooms", "Members of conferences of three (ours: the media host alone)", "in rooms", 100);
  return results;
}

async function measurePeer(
  cases: readonly CallCase[],
  sizes: Sizes,
  say: (line: string) => void,
): Promise<Measured | null> {
  const root = asteriskRoot(say);
  if (root.kind === "missing") {
    say(`peer not run: ${root.why}`);
    return null;
  }
  return measure(cases, sizes, say, (around) => AsteriskSystem.start(root, around));
}

async function measure(
  cases: readonly CallCase[],
  sizes: Sizes,
  say: (line: string) => void,
  start: (around: Surroundings) => Promise<CallSystem>,
): Promise<Measured> {
  const sip = { host: "127.0.0.1", port: await freePort() };
  const load = await LoadGenerator.start(sip);
  let system: CallSystem | undefined;
  try {
    const agents = cases.some((name) => name === "throughput" || name === "bridged" || name === "recorded")
      ? sizes.agents
      : 0;
    system = await start({ sip, phonesPort: load.phonesPort, agents });
    if (agents > 0) {
      await load.ask("register", { phones: system.phones });
      await system.open();
    }
    say(`${system.name} is ready`);
    await sleep(restMs);
    return await measureAll({ system, load, say }, cases, sizes);
  } finally {
    load.stop();
    await system?.stop();
  }
}

async function measureAll(stage: Stage, cases: readonly CallCase[], sizes: Sizes): Promise<Measured> {
  const idleMb = Math.round(stage.system.residentMb);
  const ladders: Measured["ladders"] = {};
  let rates: readonly Rate[] | null = null;
  for (const name of CALL_CASES.filter((known) => cases.includes(known))) {
    switch (name) {
      case "waiting":
        ladders.waiting = await climb(stage, "waiting", "silent", sizes.waiting);
        break;
      case "sending":
        ladders.sending = await climb(stage, "waiting", "talks", sizes.sending);
        break;
      case "throughput":
        rates = await rush(stage, sizes.throughput);
        break;
      case "bridged":
        ladders.bridged = await climb(stage, "served", "talks", sizes.bridged);
        break;
      case "rooms":
        ladders.rooms =
          (await climb(stage, "room", "room", sizes.rooms)) ?? (await ownRooms(sizes.rooms, stage.say));
        break;
      case "recorded":
        ladders.recorded = await climb(stage, "recorded", "talks", sizes.recorded);
        break;
    }
  }
  return { name: stage.system.name, idleMb, ladders, rates };
}
