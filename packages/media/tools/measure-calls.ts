/**
 * CPU of the media host per call: `node packages/media/tools/measure-calls.ts [seconds] [calls]`. The phones live in a process of their own,
 * so that the figure is the host's alone. Prints one JSON line per case.
 */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorkerMediaHost } from "../src/index.ts";
import { toneWav } from "../src/testing.ts";

const seconds = Number(process.argv[2] ?? 8);
const calls = Number(process.argv[3] ?? 100);

interface Case {
  readonly name: string;
  readonly calls: number;
  readonly kinds: readonly ("rtp" | "webrtc")[];
  readonly talks: boolean;
  readonly bridged: boolean;
  readonly recorded: boolean;
  readonly music: boolean;
}

const base = {
  calls,
  kinds: ["rtp", "rtp"],
  talks: true,
  bridged: true,
  recorded: false,
  music: false,
} as const;
const cases: readonly Case[] = [
  { ...base, name: "bridged RTP call" },
  { ...base, name: "recorded bridged RTP call", recorded: true },
  {
    ...base,
    name: "music on hold, silent listener",
    calls: 3 * calls,
    kinds: ["rtp"],
    talks: false,
    bridged: false,
    music: true,
  },
  {
    ...base,
    name: "music on hold, speaking listener",
    calls: 2 * calls,
    kinds: ["rtp"],
    bridged: false,
    music: true,
  },
  { ...base, name: "bridged RTP-WebRTC call", calls: Math.ceil(calls / 2), kinds: ["rtp", "webrtc"] },
  {
    ...base,
    name: "recorded bridged RTP-WebRTC call",
    calls: Math.ceil(calls / 2),
    kinds: ["rtp", "webrtc"],
    recorded: true,
  },
];

/** What the phones' process says. */
type FromPhones =
  | { readonly kind: "ready" }
  | { readonly kind: "offer"; readonly id: string; readonly sdp: string }
  | { readonly kind: "connected"; readonly id: string }
  | { readonly kind: "heard"; readonly packets: number };

const only = process.argv[4];
const folder = await mkdtemp(join(tmpdir(), "svara-bench-"));
await toneWav(join(folder, "music.wav"), 440, 30);
for (const c of cases) if (!only || c.name.includes(only)) await measure(c);
await rm(folder, { recursive: true, force: true });
process.exit(0);

async function measure(c: Case): Promise<void> {
  const host = await WorkerMediaHost.start({
    bindAddress: "127.0.0.1",
    rtpPorts: { min: 0, max: 0 },
    webrtcPort: 0,
    mediaTimeoutMs: 60_000,
    codecs: ["PCMU"],
  });
  const phones = fork(new URL("./phones.ts", import.meta.url).pathname, [], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const next = <K extends FromPhones["kind"]>(
    kind: K,
    id?: string,
  ): Promise<Extract<FromPhones, { kind: K }>> =>
    new Promise((resolve) => {
      const look = (message: FromPhones): void => {
        if (message.kind !== kind || (id && "id" in message && message.id !== id)) return;
        phones.off("message", look);
        resolve(message as Extract<FromPhones, { kind: K }>);
      };
      phones.on("message", look);
    });
  await next("ready");
  for (let n = 0; n < c.calls; n++) await setUp(c, n, host, phones, next);
  phones.send({ kind: "talk", talks: c.talks });
  await sleep(2000);
  const before = process.cpuUsage();
  const at = performance.now();
  const start = (await host.request({ type: "stats" })).host;
  await sleep(seconds * 1000);
  const used = process.cpuUsage(before);
  const wallUs = (performance.now() - at) * 1000;
  const { host: end, lateness } = await host.request({ type: "stats" });
  phones.send({ kind: "count" });
  const { packets: heard } = await next("heard");
  const packets = end.packetsReceived - start.packetsReceived + end.packetsSent - start.packetsSent;
  const cpu = used.user + used.system;
  console.log(
    JSON.stringify({
      case: c.name,
      calls: c.calls,
      cpuPercent: round((100 * cpu) / wallUs),
      cpuPercentPerCall: round((100 * cpu) / wallUs / c.calls, 4),
      usPerPacket: round(cpu / packets, 2),
      packetsPerSecond: Math.round((packets * 1e6) / wallUs),
      heardByPhones: heard,
      dropped: end.packetsDropped,
      latenessMs: lateness,
      rssMb: Math.round(process.memoryUsage.rss() / 1e6),
    }),
  );
  phones.kill();
  await host.close();
}

async function setUp(
  c: Case,
  n: number,
  host: WorkerMediaHost,
  phones: ChildProcess,
  next: <K extends FromPhones["kind"]>(kind: K, id?: string) => Promise<Extract<FromPhones, { kind: K }>>,
): Promise<void> {
  const ids = c.kinds.map((_, side) => `${n}-${side}`);
  for (const [side, kind] of c.kinds.entries()) {
    const id = ids[side] ?? "";
    const offered = next("offer", id);
    phones.send({ kind: "open", id, leg: kind });
    const { sdp } = await host.request({
      type: "leg.answer",
      legId: id,
      kind,
      remoteSdp: (await offered).sdp,
    });
    const connected = next("connected", id);
    phones.send({ kind: "connect", id, sdp });
    await connected;
  }
  const [first = ""] = ids;
  if (c.bridged) {
    await host.request({ type: "bridge.create", bridgeId: first });
    for (const legId of ids) await host.request({ type: "bridge.join", bridgeId: first, legId });
  }
  if (c.music) {
    const items = [{ file: join(folder, "music.wav") }];
    await host.request({ type: "play.start", playbackId: first, legId: first, items, loop: true });
  }
  if (c.recorded) {
    const pathPrefix = join(folder, `${c.name}-${first}`);
    await host.request({ type: "record.start", recordingId: first, legId: first, pathPrefix });
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function round(value: number, digits = 1): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
