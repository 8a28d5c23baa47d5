import {
  type BridgeId,
  type Clock,
  type Disposable,
  type EndpointId,
  type LegId,
  type RecordingId,
  Signal,
  type TrunkId,
} from "@svara/kernel";
import {
  type BridgeRole,
  type DetectedWord,
  type Detection,
  type Diversion,
  type EndCause,
  type HangupCause,
  type LegEnd,
  type LegInfo,
  type LegQuality,
  type LegState,
  type Originate,
  type Party,
  type PlaybackItem,
  type Switch,
  type SwitchEvent,
  type SwitchEventBody,
  type SwitchFigures,
  TelephonyError,
} from "@svara/telephony";

/** A leg as the double keeps it; `ended` legs stay, so that a test can look at them. */
export interface MemoryLeg {
  readonly legId: LegId;
  party: Party;
  readonly direction: "inbound" | "outbound";
  /** As asked for by `originate`. */
  readonly asked?: Originate;
  state: LegState;
  since: number;
  bridgeId?: BridgeId;
  /** As what it is in the bridge. */
  role?: BridgeRole;
  /** A called network plays to it before its answer. */
  earlyMedia?: boolean;
  echo?: boolean;
  muted?: boolean;
  /** What is listened for. */
  detecting?: Detection;
  /** The next of `asked`'s routes. */
  route: number;
  playbackId?: string;
  end?: LegEnd;
  /** The outcome of its last REFER: `undefined` while nobody has decided. */
  transfer?: number | undefined;
  sent: string;
}

interface Playback {
  readonly legId: LegId;
  readonly loop: boolean;
  readonly timer: Disposable | undefined;
}

/** How long one file or tone lasts that is not looped. */
const ITEM_MS = 2_000;

/**
 * A switch without sockets that keeps the rules of the port (packages/telephony/SPEC.md), for tests of what drives it.
 * Parties are moved by `party`; events are delivered at once or, while `holding`, when `deliver` is called: always in order.
 */
export class MemorySwitch implements Switch {
  readonly switchId = "memory-1";
  readonly events = new Signal<SwitchEvent>();
  readonly legs = new Map<LegId, MemoryLeg>();
  readonly bridges = new Map<BridgeId, Set<LegId>>();
  readonly recordings = new Map<
    RecordingId,
    { legId: LegId; prefix: string; state: "running" | "paused" | "over" }
  >();
  /** Addresses whose signalling is dropped. */
  readonly banned = new Map<string, { readonly until: number; readonly reason: string }>();
  /** Trunks that take no call: routes over them fail before they ring. */
  readonly deadTrunks = new Set<TrunkId>();
  /** Everything asked of the switch, for a look at what went wrong. */
  readonly log: string[] = [];
  /** Events wait for `deliver`, so that they may cross commands. */
  holding = false;
  /** What the next recordings end with, when they are to fail at their start. */
  recordingFault: string | undefined;
  /** `originate` is refused, as with an unknown trunk. */
  originateFault: boolean = false;
  draining = false;
  #isLetIn: (calledNumber: string) => boolean = () => false;
  closed = false;
  readonly #clock: Clock;
  readonly #registered = new Set<EndpointId>();
  readonly #playbacks = new Map<string, Playback>();
  readonly #endedIds = new Set<string>();
  readonly #waiting: SwitchEventBody[] = [];
  readonly #rings = new Map<LegId, Disposable>();
  #delivering = false;
  #n = 0;
  #calls = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  // The far ends.

  register(endpointId: EndpointId): void {
    if (this.#registered.has(endpointId)) return;
    this.#registered.add(endpointId);
    this.#emit({ type: "endpoint.registered", endpointId });
  }

  unregister(
    endpointId: EndpointId,
    reason: "removed" | "expired" | "connection_lost" = "connection_lost",
  ): void {
    if (!this.#registered.delete(endpointId)) return;
    this.#emit({ type: "endpoint.unregistered", endpointId, reason });
  }

  /** A party calls in. Undefined: refused because the switch is draining. */
  callIn(
    calledNumber: string,
    from: {
      callerNumber?: string;
      trunkId?: TrunkId;
      endpointId?: EndpointId;
      divertedFrom?: Diversion;
      replacesLegId?: LegId;
    } = {},
  ): LegId | undefined {
    if (this.closed || (this.draining && !this.#isLetIn(calledNumber))) return undefined;
    const legId = `in-${++this.#calls}` as LegId;
    const party: Party =
      from.endpointId === undefined
        ? { kind: "trunk", trunkId: from.trunkId ?? ("trunk-1" as TrunkId) }
        : { kind: "endpoint", endpointId: from.endpointId };
    this.#adopt({
      legId,
      party,
      direction: "inbound",
      state: "incoming",
      since: this.#clock.now(),
      sent: "",
      route: 0,
    });
    this.#emit({
      type: "leg.incoming",
      legId,
      party,
      calledNumber,
      ...(from.callerNumber === undefined ? {} : { callerNumber: from.callerNumber }),
      ...(from.divertedFrom ? { divertedFrom: from.divertedFrom } : {}),
      ...(from.replacesLegId === undefined ? {} : { replacesLegId: from.replacesLegId }),
      headers: {},
    });
    return legId;
  }

  /** The party of a leg that we call rings, answers or refuses; a party that is in a call does what telephones do. */
  ringing(legId: LegId): void {
    const leg = this.legs.get(legId);
    if (leg?.state !== "dialing") return;
    this.#enter(leg, "ringing");
    this.#emit({ type: "leg.ringing", legId });
  }

  /** The called network plays to us before the answer. */
  playEarly(legId: LegId): void {
    this.ringing(legId);
    const leg = this.legs.get(legId);
    if (leg?.state !== "ringing" || leg.earlyMedia) return;
    leg.earlyMedia = true;
    this.#emit({ type: "leg.early_media", legId });
  }

  pickUp(legId: LegId): void {
    const leg = this.legs.get(legId);
    if (leg?.state !== "dialing" && leg?.state !== "ringing") return;
    this.#enter(leg, "answered");
    this.#emit({ type: "leg.answered", legId });
  }

  refuse(legId: LegId, cause: EndCause = "refused", status = 603): void {
    const leg = this.legs.get(legId);
    if (leg?.state !== "dialing" && leg?.state !== "ringing") return;
    this.#end(leg, { doing: "far_end", cause, status });
  }

  hangUpBy(legId: LegId): void {
    const leg = this.legs.get(legId);
    if (!leg || leg.state === "ended" || leg.state === "dialing" || leg.state === "ringing") return;
    this.#end(leg, { doing: "far_end", cause: leg.state === "answered" ? "normal" : "cancelled" });
  }

  /** The network or the media of a leg fails. */
  fail(legId: LegId, cause: "media_timeout" | "transport_lost" | "failed" = "media_timeout"): void {
    const leg = this.legs.get(legId);
    if (leg && leg.state !== "ended") this.#end(leg, { doing: "carrier", cause });
  }

  holdBy(legId: LegId, held: boolean): void {
    if (this.legs.get(legId)?.state === "answered")
      this.#emit({ type: held ? "leg.held" : "leg.resumed", legId });
  }

  press(legId: LegId, digit: string): void {
    if (this.legs.get(legId)?.state === "answered") this.#emit({ type: "leg.dtmf", legId, digit });
  }

  /** The party asks for a transfer by REFER. */
  refer(legId: LegId, number: string, replacesLegId?: LegId): void {
    const leg = this.legs.get(legId);
    if (leg?.state !== "answered") return;
    leg.transfer = undefined;
    this.#emit({ type: "leg.transfer_asked", legId, number, ...(replacesLegId ? { replacesLegId } : {}) });
  }

  /** What the party says has been judged. */
  detected(legId: LegId, what: DetectedWord): void {
    const leg = this.legs.get(legId);
    if (!leg || leg.state === "ended" || (!leg.detecting && what !== "beep")) return;
    delete leg.detecting;
    this.#emit({ type: "leg.detected", legId, what });
  }

  reportQuality(legId: LegId, quality: LegQuality): void {
    if (this.legs.get(legId)?.state === "answered") this.#emit({ type: "leg.quality", legId, quality });
  }

  /** The media host of these legs dies: their recordings and playbacks with it; `restoreMedia` carries a leg over. */
  loseMedia(...legIds: LegId[]): void {
    const lost = new Set(legIds);
    for (const [id, recording] of this.recordings)
      if (lost.has(recording.legId)) this.failRecording(id, "media_host_failed");
    for (const [id, playback] of [...this.#playbacks])
      if (lost.has(playback.legId)) this.#playbackEnded(id, "failed");
    for (const legId of legIds)
      if (this.legs.get(legId)?.state === "answered") this.#emit({ type: "leg.media_lost", legId });
  }

  restoreMedia(legId: LegId): void {
    if (this.legs.get(legId)?.state === "answered") this.#emit({ type: "leg.media_restored", legId });
  }

  ban(address: string, reason = "logins", forMs = 600_000): void {
    const until = this.#clock.now() + forMs;
    this.banned.set(address, { until, reason });
    this.#emit({ type: "source.banned", address, until, reason });
  }

  trunkDown(trunkId: TrunkId, reason: string): void {
    this.#emit({ type: "trunk.down", trunkId, reason });
  }

  failRecording(recordingId: RecordingId, reason = "disk_full"): void {
    const recording = this.recordings.get(recordingId);
    if (!recording || recording.state === "over") return;
    recording.state = "over";
    this.#emit({ type: "recording.failed", recordingId, legId: recording.legId, reason });
  }

  /** Delivers what waits; true if there was anything. */
  deliver(): boolean {
    if (this.#delivering || this.#waiting.length === 0) return false;
    this.#delivering = true;
    for (let body = this.#waiting.shift(); body; body = this.#waiting.shift())
      this.events.emit({ n: ++this.#n, at: this.#clock.now(), ...body });
    this.#delivering = false;
    return true;
  }

  alive(): MemoryLeg[] {
    return [...this.legs.values()].filter((leg) => leg.state !== "ended");
  }

  // The port.

  async ring(legId: LegId): Promise<void> {
    this.#leg(legId);
  }

  async earlyMedia(legId: LegId): Promise<void> {
    const leg = this.#leg(legId);
    if (leg?.state === "incoming") this.#enter(leg, "early");
  }

  async echo(legId: LegId, on: boolean): Promise<void> {
    this.log.push(`echo ${legId} ${on}`);
    const leg = this.#leg(legId);
    if (leg) leg.echo = on;
  }

  async detect(legId: LegId, what: Detection, withinMs: number): Promise<void> {
    this.log.push(`detect ${legId} ${what}`);
    const leg = this.#leg(legId);
    if (!leg) return;
    this.#mustHaveMedia(leg);
    leg.detecting = what;
    this.#clock.after(withinMs, () => this.detected(legId, "unknown"));
  }

  bans(): ReturnType<Switch["bans"]> {
    const now = this.#clock.now();
    return [...this.banned]
      .filter(([, ban]) => ban.until > now)
      .map(([address, ban]) => ({ address, ...ban }));
  }

  unban(address: string): void {
    this.log.push(`unban ${address}`);
    this.banned.delete(address);
  }

  async answer(legId: LegId): Promise<void> {
    const leg = this.#leg(legId);
    if (leg?.state !== "incoming" && leg?.state !== "early") return;
    await Promise.resolve();
    if (leg.state !== "incoming" && leg.state !== "early") return;
    this.#enter(leg, "answered");
    this.#emit({ type: "leg.answered", legId });
  }

  async originate(request: Originate): Promise<void> {
    this.log.push(`originate ${request.legId} ${JSON.stringify(request.target)}`);
    if (this.legs.has(request.legId)) return;
    if (this.originateFault) throw new TelephonyError("telephony.unknown_trunk", "no such trunk");
    const { target, legId } = request;
    const party: Party =
      target.kind === "endpoint"
        ? { kind: "endpoint", endpointId: target.endpointId }
        : { kind: "trunk", trunkId: target.routes[0].trunkId };
    const leg: MemoryLeg = {
      legId,
      party,
      direction: "outbound",
      asked: request,
      state: "dialing",
      since: this.#clock.now(),
      sent: "",
      route: 0,
    };
    this.#adopt(leg);
    if (!this.#takeRoute(leg)) return;
    if (target.kind === "endpoint" && !this.#registered.has(target.endpointId))
      return this.#end(leg, { doing: "us", cause: "not_registered", status: 480 });
    this.#rings.set(
      legId,
      this.#clock.after(request.ringTimeoutMs, () => {
        if (leg.state === "dialing" || leg.state === "ringing")
          this.#end(leg, { doing: "far_end", cause: "no_answer", status: 408 });
      }),
    );
  }

  /** The next route whose trunk takes calls (TE36); false when the leg has ended because there was none. */
  #takeRoute(leg: MemoryLeg): boolean {
    const target = leg.asked?.target;
    if (target?.kind !== "number") return true;
    for (let route = target.routes[leg.route++]; route; route = target.routes[leg.route++]) {
      leg.party = { kind: "trunk", trunkId: route.trunkId };
      this.#emit({ type: "leg.routed", legId: leg.legId, trunkId: route.trunkId });
      if (!this.deadTrunks.has(route.trunkId)) return true;
    }
    this.#end(leg, { doing: "carrier", cause: "congestion", status: 503 });
    return false;
  }

  async hangup(legId: LegId, cause: HangupCause): Promise<void> {
    this.log.push(`hangup ${legId} ${cause}`);
    const leg = this.#leg(legId);
    if (!leg) return;
    this.#end(leg, { doing: "us", cause: leg.state === "answered" ? "normal" : "cancelled" });
  }

  async createBridge(bridgeId: BridgeId): Promise<void> {
    if (!this.#endedIds.has(bridgeId) && !this.bridges.has(bridgeId)) this.bridges.set(bridgeId, new Set());
  }

  async destroyBridge(bridgeId: BridgeId): Promise<void> {
    const members = this.#bridge(bridgeId);
    if (!members) return;
    for (const legId of members) {
      const leg = this.legs.get(legId);
      if (leg) this.#unbridge(leg);
    }
    this.bridges.delete(bridgeId);
    this.#endedIds.add(bridgeId);
    this.#emit({ type: "bridge.destroyed", bridgeId });
  }

  async join(bridgeId: BridgeId, legId: LegId, role: BridgeRole = { type: "talk" }): Promise<void> {
    const members = this.#bridge(bridgeId);
    const leg = this.#leg(legId);
    if (!members || !leg) return;
    this.#mustHaveMedia(leg);
    const isThere = leg.bridgeId === bridgeId;
    if (!isThere) this.#unbridge(leg);
    leg.bridgeId = bridgeId;
    leg.role = role;
    members.add(legId);
    if (!isThere && leg.playbackId) this.#playbackEnded(leg.playbackId, "stopped");
  }

  async leave(bridgeId: BridgeId, legId: LegId): Promise<void> {
    this.#bridge(bridgeId);
    const leg = this.#leg(legId);
    if (leg?.bridgeId === bridgeId) this.#unbridge(leg);
  }

  async play(
    playbackId: string,
    legId: LegId,
    items: readonly PlaybackItem[],
    options?: { loop?: boolean },
  ): Promise<void> {
    const leg = this.#leg(legId);
    if (!leg || this.#playbacks.has(playbackId) || this.#endedIds.has(playbackId)) return;
    this.#mustHaveMedia(leg);
    if (leg.playbackId) this.#playbackEnded(leg.playbackId, "stopped");
    leg.playbackId = playbackId;
    const loop = options?.loop ?? false;
    const timer = loop
      ? undefined
      : this.#clock.after(items.length * ITEM_MS, () => this.#playbackEnded(playbackId, "done"));
    this.#playbacks.set(playbackId, { legId, loop, timer });
  }

  async stopPlayback(playbackId: string): Promise<void> {
    this.#playbackEnded(playbackId, "stopped");
  }

  async sendDtmf(legId: LegId, digits: string): Promise<void> {
    const leg = this.#leg(legId);
    if (leg) leg.sent += digits;
  }

  async mute(legId: LegId, muted: boolean): Promise<void> {
    const leg = this.#leg(legId);
    if (leg) leg.muted = muted;
  }

  async startRecording(recordingId: RecordingId, legId: LegId, prefix: string): Promise<void> {
    const leg = this.#leg(legId);
    if (this.recordings.has(recordingId)) return;
    const fault = this.recordingFault ?? (leg ? undefined : "leg_ended");
    this.recordings.set(recordingId, { legId, prefix, state: fault ? "over" : "running" });
    if (fault) this.#emit({ type: "recording.failed", recordingId, legId, reason: fault });
  }

  async pauseRecording(recordingId: RecordingId): Promise<void> {
    const recording = this.#recording(recordingId);
    if (recording) recording.state = "paused";
  }

  async resumeRecording(recordingId: RecordingId): Promise<void> {
    const recording = this.#recording(recordingId);
    if (recording) recording.state = "running";
  }

  async stopRecording(recordingId: RecordingId): Promise<void> {
    if (this.#recording(recordingId)) this.#store(recordingId);
  }

  async acceptTransfer(legId: LegId): Promise<void> {
    const leg = this.legs.get(legId);
    if (leg) leg.transfer = 200;
  }

  async refuseTransfer(legId: LegId, status: number): Promise<void> {
    const leg = this.legs.get(legId);
    if (leg) leg.transfer = status;
  }

  async listLegs(): Promise<readonly LegInfo[]> {
    return this.alive().map(({ legId, direction, party, state, since, bridgeId }) => ({
      legId,
      switchId: this.switchId,
      direction,
      party,
      state,
      since,
      ...(bridgeId === undefined ? {} : { bridgeId }),
    }));
  }

  isRegistered(endpointId: EndpointId): boolean {
    return this.#registered.has(endpointId);
  }

  figures(): SwitchFigures {
    return {
      legs: this.alive().length,
      bridges: this.bridges.size,
      recordings: [...this.recordings.values()].filter((r) => r.state !== "over").length,
      legsByTrunk: this.#legsByTrunk(),
      mediaHosts: { running: 1, of: 1 },
      mediaLatenessP99Ms: 0,
      mediaLatenessMaxMs: 0,
    };
  }

  #legsByTrunk(): Map<TrunkId, number> {
    const count = new Map<TrunkId, number>();
    for (const { party } of this.alive())
      if (party.kind === "trunk") count.set(party.trunkId, (count.get(party.trunkId) ?? 0) + 1);
    return count;
  }

  drain(isLetIn: (calledNumber: string) => boolean = () => false): void {
    this.draining = true;
    this.#isLetIn = isLetIn;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.holding = false;
    for (const leg of this.alive()) this.#end(leg, { doing: "us", cause: "normal" });
    this.deliver();
  }

  #emit(body: SwitchEventBody): void {
    this.#waiting.push(body);
    if (!this.holding) this.deliver();
  }

  #adopt(leg: MemoryLeg): void {
    this.legs.set(leg.legId, leg);
  }

  #enter(leg: MemoryLeg, state: LegState): void {
    leg.state = state;
    leg.since = this.#clock.now();
  }

  #end(leg: MemoryLeg, end: LegEnd): void {
    this.#enter(leg, "ended");
    leg.end = end;
    this.#rings.get(leg.legId)?.dispose();
    this.#rings.delete(leg.legId);
    this.#unbridge(leg);
    this.#emit({ type: "leg.ended", legId: leg.legId, end });
    if (leg.playbackId) this.#playbackEnded(leg.playbackId, "stopped");
    for (const [id, recording] of this.recordings)
      if (recording.legId === leg.legId && recording.state !== "over") this.#store(id);
  }

  #store(recordingId: RecordingId): void {
    const recording = this.recordings.get(recordingId);
    if (!recording) return;
    recording.state = "over";
    const { legId, prefix } = recording;
    this.#emit({
      type: "recording.stored",
      recordingId,
      legId,
      tracks: { inPath: `${prefix}-in.wav`, outPath: `${prefix}-out.wav`, durationMs: 1_000 },
    });
  }

  #playbackEnded(playbackId: string, reason: "done" | "stopped" | "failed"): void {
    const playback = this.#playbacks.get(playbackId);
    if (!playback) return;
    this.#playbacks.delete(playbackId);
    this.#endedIds.add(playbackId);
    playback.timer?.dispose();
    const leg = this.legs.get(playback.legId);
    if (leg?.playbackId === playbackId) delete leg.playbackId;
    this.#emit({ type: "playback.ended", playbackId, legId: playback.legId, reason });
  }

  #unbridge(leg: MemoryLeg): void {
    if (leg.bridgeId !== undefined) this.bridges.get(leg.bridgeId)?.delete(leg.legId);
    delete leg.bridgeId;
    delete leg.role;
  }

  /** TE2, TE3: nothing for a leg that has ended, an error for one that never was. */
  #leg(legId: LegId): MemoryLeg | undefined {
    const leg = this.legs.get(legId);
    if (!leg) throw new TelephonyError("telephony.unknown_leg", `no leg ${legId}`);
    return leg.state === "ended" ? undefined : leg;
  }

  #bridge(bridgeId: BridgeId): Set<LegId> | undefined {
    const bridge = this.bridges.get(bridgeId);
    if (bridge || this.#endedIds.has(bridgeId)) return bridge;
    throw new TelephonyError("telephony.unknown_bridge", `no bridge ${bridgeId}`);
  }

  #recording(recordingId: RecordingId) {
    const recording = this.recordings.get(recordingId);
    if (!recording) throw new TelephonyError("telephony.unknown_recording", `no recording ${recordingId}`);
    return recording.state === "over" ? undefined : recording;
  }

  #mustHaveMedia(leg: MemoryLeg): void {
    if (leg.state !== "answered" && leg.state !== "early" && !leg.earlyMedia)
      throw new TelephonyError("telephony.not_answered", `leg ${leg.legId} is ${leg.state}`);
  }
}
