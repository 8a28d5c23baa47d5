/** The browsers of the browser case: ICE, DTLS and SRTP of their own on a socket each. */
import { setPriority } from "node:os";
import { WebRtcPeer } from "@svara/media/testing";
import { Histogram } from "../load/histogram.ts";
import { answerParent, type BrowsersHeard, type PeersAsk } from "./browser-command.ts";

const slots = 20;
const slotMs = 1;
const packetsPerSecond = 50;
/** Browsers ask for consent this often (RFC 7675). */
const checkPeriodMs = 4_000;
const stampAt = 12;
const stampGoodMs = 10_000;

const peers: WebRtcPeer[] = [];
const talking: WebRtcPeer[] = [];
const counts: number[] = [];
const delay = new Histogram();
const payload = Buffer.alloc(160, 0x55);
let due = 0;
let slot = 0;

try {
  setPriority(-10);
} catch {
  // no right to
}

answerParent<PeersAsk>(async (ask) => {
  switch (ask.kind) {
    case "offer": {
      const peer = await WebRtcPeer.open();
      peers.push(peer);
      return peer.sdp("actpass");
    }
    case "connect":
      return connect(ask.leg, ask.sdp);
    case "listen":
      return listen(ask.ms);
  }
});

async function connect(leg: number, sdp: string): Promise<void> {
  const peer = peers[leg];
  if (!peer) throw new Error(`no browser ${leg}`);
  await peer.connect(sdp);
  counts[leg] = 0;
  peer.onPacket = (packet) => {
    counts[leg] = (counts[leg] ?? 0) + 1;
    const delayMs = performance.now() - packet.readDoubleLE(stampAt);
    if (delayMs >= 0 && delayMs < stampGoodMs) delay.add(delayMs);
  };
  talking.push(peer);
  setInterval(() => peer.check(), checkPeriodMs);
  if (due === 0) begin();
}

async function listen(ms: number): Promise<BrowsersHeard> {
  delay.reset();
  counts.fill(0);
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, ms));
  const seconds = (performance.now() - began) / 1000;
  const packets = counts.reduce((sum, count) => sum + count, 0);
  const expected = seconds * packetsPerSecond * talking.length;
  return {
    seconds: Math.round(seconds * 100) / 100,
    packets,
    missingPercent: Math.round(Math.max(0, 1 - packets / expected) * 100_000) / 1000,
    oneWayMs: delay.percentiles(),
  };
}

function begin(): void {
  due = performance.now() + slotMs;
  setTimeout(wake, slotMs);
}

function wake(): void {
  for (const now = performance.now(); due <= now; due += slotMs) {
    for (let n = slot; n < talking.length; n += slots) {
      payload.writeDoubleLE(performance.now(), 0);
      talking[n]?.send(payload);
    }
    slot = (slot + 1) % slots;
  }
  setTimeout(wake, Math.max(0, due - performance.now()));
}
