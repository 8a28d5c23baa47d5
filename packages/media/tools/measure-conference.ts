/**
 * How much delay a conference adds: `node packages/media/tools/measure-conference.ts [conferences] [seconds] [members]`.
 * Phones on loopback, the host in its worker, real time. A pulse each half second; what is printed is the time from its
 * packet's being sent to its being heard by the others, in ms.
 */
import { decodeG711, encodeG711 } from "../src/g711.ts";
import { RtpPhone } from "../src/testing.ts";
import { WorkerMediaHost } from "../src/worker-media-host.ts";

const [conferences = 1, seconds = 10, members = 3] = process.argv.slice(2).map(Number);
const framePeriodMs = 20;
const pulseEvery = 25;

const host = await WorkerMediaHost.start({
  bindAddress: "127.0.0.1",
  rtpPorts: { min: 0, max: 0 },
  webrtcPort: 0,
});
const delays: number[] = [];

/** Phones of one conference and when its first one last spoke a pulse. */
async function open(index: number): Promise<{ phones: RtpPhone[]; phaseMs: number; saidAt: number }> {
  const conference = { phones: [] as RtpPhone[], phaseMs: (index * 7.3) % framePeriodMs, saidAt: 0 };
  const bridgeId = `b${index}`;
  await host.request({ type: "bridge.create", bridgeId });
  for (let k = 0; k < members; k++) {
    const phone = await RtpPhone.open(index * 100 + k + 1);
    const legId = `l${index}.${k}`;
    const remoteSdp = phone.sdp({ codecs: ["PCMA"] });
    phone.aim((await host.request({ type: "leg.answer", legId, kind: "rtp", remoteSdp })).sdp);
    await host.request({ type: "bridge.join", bridgeId, legId });
    conference.phones.push(phone);
    if (k === 0) continue;
    phone.socket.on("message", (packet) => {
      const at = decodeG711(packet.subarray(12), "PCMA").findIndex((sample) => sample > 8000);
      if (at >= 0) delays.push(performance.now() + at / 8 - conference.saidAt);
    });
  }
  return conference;
}

const all = await Promise.all(Array.from({ length: conferences }, (_, index) => open(index)));
all.sort((a, b) => a.phaseMs - b.phaseMs);
const quiet = encodeG711(new Int16Array(160), "PCMA");
const pulse = encodeG711(new Int16Array(160).fill(16_000, 0, 8), "PCMA");
const start = performance.now();
for (let n = 0; n < (seconds * 1000) / framePeriodMs; n++) {
  for (const conference of all) {
    const wait = start + n * framePeriodMs + conference.phaseMs - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    const speaks = n % pulseEvery === 12;
    if (speaks) conference.saidAt = performance.now();
    conference.phones.forEach((phone, k) => void phone.send(8, speaks && k === 0 ? pulse : quiet));
  }
}
await new Promise((resolve) => setTimeout(resolve, 300));
delays.sort((a, b) => a - b);
const at = (share: number): string => (delays[Math.floor((delays.length - 1) * share)] ?? 0).toFixed(1);
const { lateness, legs } = await host.request({ type: "stats" });
console.log({
  conferences,
  members,
  pulses: delays.length,
  p50: at(0.5),
  p95: at(0.95),
  p99: at(0.99),
  max: at(1),
  tickerLatenessMs: lateness,
  worstJitterMs: Math.max(...legs.map((leg) => leg.jitterMs)),
});
for (const { phones } of all) for (const phone of phones) await phone.close();
await host.close();
