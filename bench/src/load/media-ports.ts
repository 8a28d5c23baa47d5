import { createSocket, type Socket } from "node:dgram";
import { Histogram, type Percentiles } from "./histogram.ts";
import { literalLookup } from "./literal-lookup.ts";

/** Callers of one socket: few enough that a burst for all of them fits into its buffer. */
const callersPerSocket = 20;
const packetBytes = 12 + 160;
const packetsPerSecond = 50;
/** A talker's packets are spread over the 20 ms like those of strangers who do not know each other. */
const slots = 4;
const slotMs = 5;
/** A caller who does not talk shows this often that it is there; a switch may hang up on a line that stays dead. */
const signOfLifeMs = 4_000;

/** A packet that comes this much later than the punctual ones of its flow misses its turn in a phone's jitter buffer. */
const lateMs = 60;
/** Talkers write here, into the sound, when they sent it: a relay leaves the sound as it is. */
const stampAt = 12;
const stampGoodMs = 10_000;

/** In a room one of three makes a short noise now and then; the others listen for it. */
export const roomSize = 3;
const burstEvery = 25;
/** A square wave of 1 kHz at a third of full scale, and silence. */
const burst = Buffer.from(Array.from({ length: 160 }, (_, i) => (i % 8 < 4 ? 0x90 : 0x10)));
const quiet = Buffer.alloc(160, 0xff);
/** mu-law bytes without their sign: louder than this is the burst. */
const loud = 0x40;
/** Later than this it is not this burst. */
const burstGoodMs = 450;

/** What a caller says: nothing but a sign of life now and then; sound without end; what its place in a room asks for. */
export type Speech = "silent" | "talks" | { readonly room: number; readonly bursts: boolean };

interface Room {
  burstAt: number;
}

/** What callers heard in a time of measuring. */
export interface MediaHeard {
  readonly flows: number;
  readonly seconds: number;
  readonly packets: number;
  /** Shortage against 50 packets a second, mean of all flows and the worst of them, in percent. */
  readonly missingPercent: number;
  readonly missingPercentWorst: number;
  /** Packets more than 60 ms behind their time, in percent of those that came. */
  readonly latePercent: number;
  /** Numbers skipped in the sequence of packets. */
  readonly sequenceGaps: number;
  /** Time between two packets of a flow, in milliseconds, as the receiving program sees it. */
  readonly interArrivalMs: Percentiles;
}

interface Flow {
  readonly socket: Socket;
  readonly serverPort: number;
  readonly packet: Buffer;
  readonly speech: Speech;
  /** Null for callers outside of rooms. */
  readonly room: Room | null;
  /** The burst that was heard last, by the time of its sending. */
  heardBurstAt: number;
  sequence: number;
  timestamp: number;
  nextSign: number;
  count: number;
  lastAt: number;
  lastSequence: number;
  late: number;
  /** Arrival less RTP time of the most punctual packet of the last second, in milliseconds, and of this one so far. */
  punctual: number;
  punctualNow: number;
}

/** The callers' ends of the lines: counts what comes, and talks where it is told to. */
export class MediaPorts {
  readonly #sockets: { readonly socket: Socket; readonly flows: (Flow | undefined)[]; callers: number }[] =
    [];
  readonly #flows = new Set<Flow>();
  readonly #between = new Histogram();
  readonly #slots: Set<Flow>[] = Array.from({ length: slots }, () => new Set());
  #timer: NodeJS.Timeout | undefined;
  #due = 0;
  #slot = 0;
  /** From the burst in a room to the first of its samples at another member's. */
  readonly delay = new Histogram();
  readonly #rooms = new Map<number, Room>();
  #made = 0;
  #gaps = 0;
  #since = 0;

  /** The port of the next caller. */
  async port(): Promise<number> {
    const last = this.#sockets.at(-1);
    if (last && last.callers < callersPerSocket) {
      last.callers++;
      return last.socket.address().port;
    }
    const flows: (Flow | undefined)[] = [];
    const socket = createSocket({ type: "udp4", lookup: literalLookup, recvBufferSize: 1 << 20 });
    socket.on("message", (packet, from) => this.#heard(flows[from.port], packet));
    socket.on("error", () => undefined);
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    this.#sockets.push({ socket, flows, callers: 1 });
    return socket.address().port;
  }

  /** A call stands: `serverPort` sends to `ownPort`. The result ends it. */
  open(ownPort: number, serverPort: number, speech: Speech): () => void {
    const place = this.#sockets.find(({ socket }) => socket.address().port === ownPort);
    if (!place) throw new Error(`port ${ownPort} is not ours`);
    const room = typeof speech === "string" ? null : this.#room(speech.room);
    const flow = newFlow(place.socket, serverPort, speech, room, ++this.#made);
    place.flows[serverPort] = flow;
    this.#flows.add(flow);
    const slot = this.#slots[this.#made % slots];
    slot?.add(flow);
    this.#send(flow, performance.now());
    this.#timer ??= this.#start();
    return () => {
      place.flows[serverPort] = undefined;
      this.#flows.delete(flow);
      slot?.delete(flow);
    };
  }

  /** Begins a time of measuring. */
  begin(): void {
    this.#between.reset();
    this.delay.reset();
    this.#gaps = 0;
    this.#since = performance.now();
    for (const flow of this.#flows) {
      flow.count = 0;
      flow.lastAt = 0;
      flow.lastSequence = -1;
      flow.late = 0;
    }
  }

  /** Ends it. */
  end(): MediaHeard {
    const seconds = (performance.now() - this.#since) / 1000;
    const due = seconds * packetsPerSecond;
    const missing = [...this.#flows].map(({ count }) => Math.max(0, 1 - count / due) * 100);
    const packets = [...this.#flows].reduce((sum, { count }) => sum + count, 0);
    const late = [...this.#flows].reduce((sum, flow) => sum + flow.late, 0);
    return {
      flows: this.#flows.size,
      seconds: round(seconds, 2),
      packets,
      missingPercent: round(missing.reduce((sum, m) => sum + m, 0) / Math.max(1, missing.length), 3),
      missingPercentWorst: round(Math.max(0, ...missing), 2),
      latePercent: round((100 * late) / Math.max(1, packets), 3),
      sequenceGaps: this.#gaps,
      interArrivalMs: this.#between.percentiles(),
    };
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const { socket } of this.#sockets) socket.close();
  }

  #heard(flow: Flow | undefined, packet: Buffer): void {
    const type = packet[1] ?? 0;
    if (flow === undefined || (type >= 192 && type <= 223)) return; // RTCP shares the port
    const now = performance.now();
    if (flow.room !== null) this.#hearBurst(flow, flow.room, packet, now);
    const sequence = packet.readUInt16BE(2);
    if (flow.lastSequence >= 0) {
      this.#between.add(now - flow.lastAt);
      const step = (sequence - flow.lastSequence) & 0xffff;
      if (step > 1 && step < 1_000) this.#gaps += step - 1;
    }
    const transit = now - packet.readUInt32BE(4) / 8;
    if (transit < flow.punctualNow) flow.punctualNow = transit;
    if (transit > Math.min(flow.punctual, flow.punctualNow) + lateMs) flow.late++;
    // As a phone's buffer does: a stream that stays late is played later.
    if (sequence % packetsPerSecond === 0) {
      flow.punctual = flow.punctualNow;
      flow.punctualNow = Number.POSITIVE_INFINITY;
    }
    flow.lastAt = now;
    flow.lastSequence = sequence;
    flow.count++;
  }

  /** Sample k of a packet is heard k/8 ms after its arrival. */
  #hearBurst(flow: Flow, room: Room, packet: Buffer, now: number): void {
    if (room.burstAt === flow.heardBurstAt || now - room.burstAt > burstGoodMs) return;
    const at = packet.subarray(stampAt).findIndex((byte) => (~byte & 0x7f) > loud);
    if (at < 0) return;
    flow.heardBurstAt = room.burstAt;
    this.delay.add(now + at / 8 - room.burstAt);
  }

  #room(number: number): Room {
    const known = this.#rooms.get(number);
    if (known) return known;
    const room = { burstAt: 0 };
    this.#rooms.set(number, room);
    return room;
  }

  #start(): NodeJS.Timeout {
    this.#due = performance.now() + slotMs;
    return setTimeout(() => this.#wake(), slotMs);
  }

  #wake(): void {
    const now = performance.now();
    for (; this.#due <= now; this.#due += slotMs) {
      for (const flow of this.#slots[this.#slot] ?? [])
        if (flow.speech !== "silent" || flow.nextSign <= now) this.#send(flow, now);
      this.#slot = (this.#slot + 1) % slots;
    }
    this.#timer = setTimeout(() => this.#wake(), Math.max(0, this.#due - performance.now()));
  }

  #send(flow: Flow, now: number): void {
    flow.sequence = (flow.sequence + 1) & 0xffff;
    flow.timestamp = (flow.timestamp + 160) >>> 0;
    flow.nextSign = now + signOfLifeMs;
    flow.packet.writeUInt16BE(flow.sequence, 2);
    flow.packet.writeUInt32BE(flow.timestamp, 4);
    const { speech, room } = flow;
    if (typeof speech === "string" || room === null) flow.packet.writeDoubleLE(performance.now(), stampAt);
    else {
      const bursts = speech.bursts && flow.sequence % burstEvery === 0;
      flow.packet.set(bursts ? burst : quiet, stampAt);
      if (bursts) room.burstAt = performance.now();
    }
    flow.socket.send(flow.packet, flow.serverPort, "127.0.0.1");
  }
}

/** The agents' ends: sends every packet back to where it came from. */
export class EchoPorts {
  readonly #sockets: Socket[] = [];
  readonly #delay: Histogram;
  #given = 0;

  /** `delay` counts how long the packets of talkers were on their way. */
  constructor(delay: Histogram) {
    this.#delay = delay;
  }

  async port(): Promise<number> {
    const socket = this.#sockets.at(-1);
    if (socket && this.#given % callersPerSocket !== 0) {
      this.#given++;
      return socket.address().port;
    }
    const made = createSocket({ type: "udp4", lookup: literalLookup, recvBufferSize: 1 << 20 });
    made.on("message", (packet, from) => {
      const type = packet[1] ?? 0;
      if (type >= 192 && type <= 223) return;
      const delayMs = packet.length === packetBytes ? performance.now() - packet.readDoubleLE(stampAt) : -1;
      if (delayMs >= 0 && delayMs < stampGoodMs) this.#delay.add(delayMs); // other sound gives no such number
      made.send(packet, from.port, from.address);
    });
    made.on("error", () => undefined);
    await new Promise<void>((resolve) => made.bind(0, "127.0.0.1", resolve));
    this.#sockets.push(made);
    this.#given++;
    return made.address().port;
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }
}

function newFlow(socket: Socket, serverPort: number, speech: Speech, room: Room | null, ssrc: number): Flow {
  const packet = Buffer.alloc(packetBytes, 0x55);
  packet[0] = 0x80;
  packet[1] = 0; // PCMU
  packet.writeUInt32BE(ssrc, 8);
  return {
    socket,
    serverPort,
    packet,
    speech,
    room,
    heardBurstAt: 0,
    sequence: 0,
    timestamp: 0,
    nextSign: 0,
    count: 0,
    lastAt: 0,
    lastSequence: -1,
    late: 0,
    punctual: Number.POSITIVE_INFINITY,
    punctualNow: Number.POSITIVE_INFINITY,
  };
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
