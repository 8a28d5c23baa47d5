/**
 * Thousands of short calls beside some that are held throughout, over loopback: a switch with its media hosts here, the people in
 * a process of their own. Says each interval what is alive and what memory it takes, and in the end whether anything is left.
 *
 *    node --expose-gc packages/telephony/tools/soak.ts [--seconds 300] [--held 100] [--rate 10] [--hosts 2]
 *
 * Each short call: a customer calls, is answered, an agent's phone is called near it, both are bridged and recorded, the customer
 * hangs up. A line a 10 s to standard output as JSON; exit status 1 when something leaked or a held call was lost.
 */
import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import {
  type BridgeId,
  type EndpointId,
  every,
  type LegId,
  type RecordingId,
  SecureRandom,
  SystemClock,
  type TrunkId,
  UuidV7,
} from "@svara/kernel";
import { MediaHostPool, WorkerMediaHost } from "@svara/media";
import { makeHa1, SILENT_LOG } from "@svara/sip";
import { EmbeddedSwitch } from "../src/embedded/embedded-switch.ts";
import { ListDirectory } from "../src/embedded/testing/list-directory.ts";
import type { SoftCall } from "../src/soft-phone/soft-call.ts";
import { SoftPhone } from "../src/soft-phone/soft-phone.ts";

const HOST = "127.0.0.1";
const PHONES = 20;
const TALK_MS = 800;
const REPORT_MS = 10_000;
/** SIP remembers ended transactions for 32 s, the media lets ports rest for 2 s. */
const SETTLE_MS = 40_000;
/** What the heap may have grown between the end of the first quarter and the end. */
const HEAP_SLACK_MB = 15;

/** What the people tell the switch's process. */
type Told =
  | { readonly type: "ready" }
  | {
      readonly type: "counts";
      readonly done: number;
      readonly refused: number;
      readonly failed: number;
      readonly held: number;
    }
  | { readonly type: "over" };

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "300" },
    held: { type: "string", default: "100" },
    rate: { type: "string", default: "10" },
    hosts: { type: "string", default: "2" },
    people: { type: "string" },
  },
});
const wanted = { seconds: Number(values.seconds), held: Number(values.held), rate: Number(values.rate) };
const clock = new SystemClock();
const random = new SecureRandom();
const ids = new UuidV7(clock, random);
const wait = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));

if (values.people === undefined) await runSwitch();
else await runPeople(Number(values.people));

async function runSwitch(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "svara-soak-"));
  const media = await MediaHostPool.start(
    { bindAddress: HOST, rtpPorts: { min: 0, max: 0 }, webrtcPort: 0, hosts: Number(values.hosts) },
    { clock },
  );
  const directory = new ListDirectory();
  directory.trunkList = [{ trunkId: "trunk" as TrunkId, addresses: [HOST], register: false }];
  for (let i = 0; i < PHONES; i++) {
    const user = `phone${i}`;
    directory.accounts.push({
      endpointId: user as EndpointId,
      user,
      kind: "phone",
      ha1: makeHa1(user, directory.realm, user),
    });
  }
  const sw = new EmbeddedSwitch({
    switchId: "soak",
    clock,
    random,
    ids,
    log: SILENT_LOG,
    directory,
    media,
    advertisedAddress: HOST,
    trunkPingMs: 0,
  });
  const { port } = await sw.listenUdp({ host: HOST, port: 0 });
  serve(sw, folder);

  const people = fork(import.meta.filename, [...process.argv.slice(2), "--people", String(port)]);
  let counts = { done: 0, refused: 0, failed: 0, held: 0 };
  const over = new Promise<void>((resolve) => {
    people.on("message", (told: Told) => {
      if (told.type === "counts") counts = told;
      if (told.type === "over") resolve();
    });
    people.on("exit", () => resolve());
  });
  // each registration that stands has its timer
  const base = process.getActiveResourcesInfo().length + PHONES;
  const heaps: number[] = [];
  let lateMax = 0;
  const report = async (): Promise<Awaited<ReturnType<typeof look>>> => {
    const line = await look(sw, media);
    heaps.push(line.heapMb);
    lateMax = Math.max(lateMax, line.mediaLateMs);
    console.log(JSON.stringify({ ...line, ...counts }));
    return line;
  };
  const reporting = every(clock, REPORT_MS, () => void report());
  await over;
  reporting.dispose();
  const held = counts.held;
  await wait(SETTLE_MS);
  const last = await report();
  const early = heaps[Math.floor(heaps.length / 4)] ?? 0;
  const leaks = [
    ...(last.legs + last.bridges + last.recordings + last.mediaLegs > 0
      ? ["legs, bridges or recordings"]
      : []),
    ...(last.dialogs > 0 ? ["dialogs"] : []),
    ...(last.transactions > 0 ? ["transactions"] : []),
    ...(last.resources > base ? [`handles (${base} before, ${last.resources} after)`] : []),
    ...(last.heapMb - early > HEAP_SLACK_MB
      ? [`heap (${early} MB early, ${last.heapMb} MB at the end)`]
      : []),
    ...(held < wanted.held ? [`held calls (${held} of ${wanted.held})`] : []),
    ...(counts.failed > 0 ? [`failed calls (${counts.failed})`] : []),
  ];
  console.log(
    JSON.stringify({ verdict: leaks.length === 0 ? "clean" : "leaks", leaks, lateMax, ...counts, held }),
  );
  await sw.close();
  people.kill();
  await rm(folder, { recursive: true, force: true });
  process.exitCode = leaks.length === 0 ? 0 : 1;
}

/** Every caller is answered; those of `held` hear music, the others talk with a phone. */
function serve(sw: EmbeddedSwitch, folder: string): void {
  /** By both legs of a talk. */
  const talks = new Map<LegId, { customer: LegId; agent: LegId; bridgeId: BridgeId }>();
  let turn = 0;
  sw.events.on((event) => {
    switch (event.type) {
      case "leg.incoming":
        void sw.answer(event.legId);
        if (event.calledNumber !== "held") talks.set(event.legId, talkOf(event.legId));
        return;
      case "leg.answered":
        return void answered(event.legId).catch(() => undefined);
      case "leg.ended":
        return void ended(event.legId).catch(() => undefined);
      case "recording.stored":
        void rm(event.tracks.inPath, { force: true });
        void rm(event.tracks.outPath, { force: true });
        return;
    }
  });

  function talkOf(customer: LegId) {
    return { customer, agent: ids.next() as LegId, bridgeId: ids.next() as BridgeId };
  }

  async function answered(legId: LegId): Promise<void> {
    const talk = talks.get(legId);
    if (!talk) return sw.play(ids.next(), legId, [{ kind: "tone", tone: "dial" }], { loop: true });
    const { customer, agent, bridgeId } = talk;
    if (legId === customer) {
      talks.set(agent, talk);
      const endpointId = `phone${turn++ % PHONES}` as EndpointId;
      await sw.originate({
        legId: agent,
        target: { kind: "endpoint", endpointId },
        ringTimeoutMs: 10_000,
        near: customer,
      });
      return;
    }
    await sw.createBridge(bridgeId);
    await sw.join(bridgeId, customer);
    await sw.join(bridgeId, agent);
    const recordingId = ids.next() as RecordingId;
    await sw.startRecording(recordingId, customer, path.join(folder, recordingId));
  }

  async function ended(legId: LegId): Promise<void> {
    const talk = talks.get(legId);
    talks.delete(legId);
    if (!talk || !talks.has(legId === talk.customer ? talk.agent : talk.customer)) return;
    await sw.hangup(legId === talk.customer ? talk.agent : talk.customer, "normal");
    await sw.destroyBridge(talk.bridgeId).catch(() => undefined);
  }
}

async function look(sw: EmbeddedSwitch, media: MediaHostPool) {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const { legs, bridges, recordings, mediaLatenessP99Ms } = sw.figures();
  const { dialogs, callsInSetup, clientTransactions, serverTransactions } = sw.sipStats();
  const { host } = await media.request({ type: "stats" });
  return {
    at: new Date().toISOString().slice(11, 19),
    heapMb: Math.round(heapUsed / 1e5) / 10,
    rssMb: Math.round(rss / 1e6),
    resources: process.getActiveResourcesInfo().length,
    legs,
    bridges,
    recordings,
    mediaLegs: host.legs,
    dialogs: dialogs + callsInSetup,
    transactions: clientTransactions + serverTransactions,
    mediaLateMs: mediaLatenessP99Ms,
  };
}

async function runPeople(port: number): Promise<void> {
  const tell = (told: Told): void => void process.send?.(told);
  const media = await WorkerMediaHost.start({
    bindAddress: HOST,
    rtpPorts: { min: 0, max: 0 },
    webrtcPort: 0,
    mediaTimeoutMs: 3_600_000,
  });
  const common = { clock, random, ids, log: SILENT_LOG, media, host: HOST, server: { host: HOST, port } };
  const phones: SoftPhone[] = [];
  for (let i = 0; i < PHONES; i++) {
    const phone = await SoftPhone.start({ ...common, user: `phone${i}`, password: `phone${i}` });
    phone.incoming.on((call) => {
      void call
        .answer()
        .then(() => call.say([{ silenceMs: 1_000 }], true))
        .catch(() => undefined);
    });
    await phone.register();
    phones.push(phone);
  }
  const outside = await SoftPhone.start({ ...common, user: "0701234567" });
  const held: SoftCall[] = [];
  for (let i = 0; i < wanted.held; i++) {
    const call = await outside.call("held");
    await call.whenAnswered();
    await call.say([{ silenceMs: 1_000 }], true);
    held.push(call);
  }
  tell({ type: "ready" });
  let done = 0;
  /** By 503: a machine that is too busy turns new calls away and keeps those it has. */
  let refused = 0;
  let failed = 0;
  let open = 0;
  const counts = (): Told => ({
    type: "counts",
    done,
    refused,
    failed,
    held: held.filter(({ state }) => state === "answered").length,
  });
  const oneCall = async (): Promise<void> => {
    open++;
    const call = await outside.call("short", { timeoutMs: 20_000 });
    try {
      await call.whenAnswered();
      await call.say([{ silenceMs: 1_000 }], true);
      await wait(TALK_MS);
      call.hangup();
      done++;
    } catch {
      if (call.end?.status === 503) refused++;
      else failed++;
    } finally {
      open--;
    }
  };
  const calling = every(clock, 1_000 / wanted.rate, () => void oneCall());
  const telling = every(clock, 1_000, () => tell(counts()));
  await wait(wanted.seconds * 1_000);
  calling.dispose();
  while (open > 0) await wait(100);
  telling.dispose();
  tell(counts());
  for (const call of held) call.hangup();
  await wait(1_000);
  tell({ type: "over" });
  await wait(SETTLE_MS * 2);
  for (const phone of [...phones, outside]) await phone.close();
  await media.close();
  process.exit(0);
}
