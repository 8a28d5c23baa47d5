/**
 * Thousands of short calls through a queue to agents at desk phones, beside some that are held throughout, against the whole
 * server with its database. Says every ten seconds what the server holds, and in the end whether anything is left or grows.
 *
 *    node bench/src/soak/soak.ts [--seconds 300] [--held 100] [--rate 30] [--agents 120] [--talk-ms 2000] [--record] [--json]
 *
 * Linux only. Exit status 1 when something leaked, a held call was lost or a call came to nothing.
 */
import { parseArgs } from "node:util";
import { LoadGenerator } from "../load/load-generator.ts";
import { BenchCentre, servedNumber, waitingNumber } from "../server/bench-centre.ts";
import { freePort, ServerProcess } from "../server/server-process.ts";
import { HeapInspector } from "./heap-inspector.ts";
import { judgeSoak } from "./judge-soak.ts";
import { type ServerSample, sampleServer } from "./server-sample.ts";

const SAMPLE_MS = 10_000;
/** SIP remembers ended transactions for 32 s, media ports rest for 2 s. */
const SETTLE_MS = 40_000;
const HOLD_PER_SECOND = 5;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "300" },
    held: { type: "string", default: "100" },
    rate: { type: "string", default: "30" },
    agents: { type: "string", default: "120" },
    "talk-ms": { type: "string", default: "2000" },
    record: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds);
const rate = Number(values.rate);
const held = Number(values.held);
const calls = Math.round(seconds * rate);
const talkMs = Number(values["talk-ms"]);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const columns: readonly (readonly [name: string, field: keyof ServerSample])[] = [
  ["s", "atSeconds"],
  ["contacts", "contacts"],
  ["RSS MB", "residentMb"],
  ["heap MB", "heapMb"],
  ["handles", "fileHandles"],
  ["sockets", "sockets"],
  ["legs", "legs"],
  ["dialogs", "dialogs"],
  ["trans", "transactions"],
  ["active", "contactsActive"],
  ["pending", "ledgerPending"],
  ["loop p99", "loopP99Ms"],
  ["media late", "mediaLateMs"],
];
const width = 11;
const heading = columns.map(([name]) => name.padStart(width)).join("");

const inspectorPort = await freePort();
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --inspect-port=127.0.0.1:${inspectorPort}`;
const server = await ServerProcess.start({ sipPort: await freePort() });
delete process.env.NODE_OPTIONS;
const load = await LoadGenerator.start(server.sip);
try {
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  load.stop();
  await server.stop();
}

async function run(): Promise<boolean> {
  const centre = await BenchCentre.build(server.baseUrl, server.firstRunToken);
  await load.ask("register", { phones: await centre.hire(Number(values.agents)) });
  await centre.open();
  await centre.record(values.record);
  const inspector = await inspect();
  const heapMb = async (): Promise<number> => (await inspector?.liveMb()) ?? Number.NaN;
  const began = performance.now();
  const sample = (): Promise<ServerSample> =>
    sampleServer(server, heapMb, (performance.now() - began) / 1000);

  const before = await sample();
  say(heading);
  say(rowOf(before));
  const { up, refused: notHeld } = await load.ask("hold", {
    number: waitingNumber,
    calls: held,
    perSecond: HOLD_PER_SECOND,
    speech: "silent",
  });
  if (notHeld > 0) say(`${notHeld} of the ${held} held calls were refused`);
  const cpuBefore = server.cost();
  const databaseBefore = server.databaseCost();
  const rush = load.ask("rush", { number: servedNumber, calls, perSecond: rate, talkMs });
  const samples = await sampleUntil(rush, sample);
  const rushed = await rush;
  const cpu = server.cost();
  const database = server.databaseCost();
  const { released } = await load.ask("release", {});
  await wait(SETTLE_MS);
  const after = await sample();
  say(rowOf(after));
  inspector?.close();

  const verdict = judgeSoak({
    before,
    samples,
    after,
    calls,
    answered: rushed.answered,
    refused: rushed.refused,
    held: { wanted: up, kept: released },
  });
  const summary = {
    ...verdict,
    calls,
    answered: rushed.answered,
    refused: rushed.refused,
    retransmissions: rushed.retransmissions,
    held: { wanted: held, up, kept: released },
    toAgentInviteMs: rushed.toAgentInviteMs,
    serverCpuMsACall: round((cpu.cpuMs - cpuBefore.cpuMs) / calls),
    databaseCpuMsACall: round((database.cpuMs - databaseBefore.cpuMs) / calls),
  };
  if (values.json) console.log(JSON.stringify({ ...summary, before, samples, after }));
  else console.log(JSON.stringify(summary, undefined, 2));
  return verdict.clean && up === held;
}

/** Signal 1 opens the inspector of a running Node. */
async function inspect(): Promise<HeapInspector | undefined> {
  process.kill(server.pid, "SIGUSR1");
  await wait(1_000);
  try {
    return await HeapInspector.connect(inspectorPort);
  } catch (error) {
    say(`the heap cannot be measured: ${String(error)}`);
    return undefined;
  }
}

async function sampleUntil(
  end: Promise<unknown>,
  sample: () => Promise<ServerSample>,
): Promise<ServerSample[]> {
  const samples: ServerSample[] = [];
  let over = false;
  const ended = end.finally(() => {
    over = true;
  });
  for (;;) {
    await Promise.race([wait(SAMPLE_MS), ended]);
    if (over) return samples;
    const taken = await sample();
    samples.push(taken);
    say(rowOf(taken));
  }
}

function rowOf(sample: ServerSample): string {
  return columns.map(([, field]) => String(sample[field]).padStart(width)).join("");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
