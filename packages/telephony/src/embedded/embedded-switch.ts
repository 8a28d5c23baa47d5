import {
  type BridgeId,
  type Clock,
  type Disposable,
  Disposables,
  type EndpointId,
  every,
  type Ids,
  type LegId,
  type Random,
  type RecordingId,
  Signal,
  type TrunkId,
} from "@svara/kernel";
import type { LegKind, MediaEvent, MediaHost, PlayItem } from "@svara/media";
import {
  type Identity,
  type IncomingCall,
  type IncomingRefer,
  type Listener,
  type OutgoingCall,
  type SipLog,
  type SourceAddress,
  UserAgent,
} from "@svara/sip";
import type { WebSocket } from "ws";
import { TelephonyError } from "../errors.ts";
import type {
  Detection,
  HangupCause,
  LegInfo,
  Originate,
  Party,
  PlaybackItem,
  Switch,
  SwitchEvent,
  SwitchEventBody,
  SwitchFigures,
  TrunkRoute,
} from "../switch.ts";
import { directoryAuthority, endpointIdentity } from "./authority.ts";
import type { Directory, TrunkAccount } from "./directory.ts";
import { EmbeddedLeg } from "./embedded-leg.ts";
import { EmbeddedRecordings } from "./embedded-recordings.ts";
import { EmbeddedRegistrations } from "./embedded-registrations.ts";
import { EndedIds } from "./ended-ids.ts";
import { TrunkKeeper } from "./trunk-keeper.ts";

export interface EmbeddedSwitchOptions {
  readonly switchId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: SipLog;
  readonly directory: Directory;
  readonly media: MediaHost;
  /** The address phones and carriers reach us at, in Contact and Via. */
  readonly advertisedAddress: string;
  /** How often trunks with a peer are asked by OPTIONS whether they live; 0 never. */
  readonly trunkPingMs?: number;
  /** A sign-in by a phone or trunk failed. */
  readonly onLoginFailure?: (username: string, source: SourceAddress) => void;
}

/** The switch inside Svara: our SIP stack and our media host behind the `Switch` port. */
export class EmbeddedSwitch implements Switch {
  readonly switchId: string;
  readonly events = new Signal<SwitchEvent>();
  readonly #options: EmbeddedSwitchOptions;
  readonly #agent: UserAgent;
  readonly #legs = new Map<LegId, EmbeddedLeg>();
  readonly #bridges = new Map<BridgeId, Set<LegId>>();
  readonly #recordings: EmbeddedRecordings;
  readonly #playbacks = new Map<string, LegId>();
  readonly #ended: EndedIds;
  readonly #registrations: EmbeddedRegistrations;
  readonly #trunks: TrunkKeeper;
  readonly #open = new Disposables();
  #n = 0;
  #lateness = { p99: 0, max: 0 };

  constructor(options: EmbeddedSwitchOptions) {
    this.switchId = options.switchId;
    this.#options = options;
    const { clock, random, log, directory } = options;
    this.#agent = new UserAgent({
      clock,
      random,
      log,
      authority: directoryAuthority(directory, options.onLoginFailure),
      realm: directory.realm,
      userAgentName: "Svara",
      advertisedAddress: options.advertisedAddress,
    });
    const emit = (event: SwitchEventBody): void => this.#emit(event);
    this.#ended = new EndedIds(clock);
    this.#recordings = new EmbeddedRecordings({ clock, media: options.media, ended: this.#ended, emit });
    this.#registrations = this.#open.add(
      new EmbeddedRegistrations({ registrar: this.#agent.registrar, directory, emit }),
    );
    this.#trunks = new TrunkKeeper({
      agent: this.#agent,
      clock,
      log,
      directory,
      pingMs: options.trunkPingMs ?? 60_000,
      emit,
    });
    this.#open.add(this.#agent.onInvite.on((call) => this.#incoming(call)));
    this.#open.add(options.media.events.on((event) => this.#guardedMediaEvent(event)));
    this.#open.add(every(clock, 60_000, () => this.#ended.forgetOld()));
    this.#open.add(this.#trunks);
  }

  listenUdp(at: { host: string; port: number }): Promise<Listener> {
    return this.#agent.listenUdp(at);
  }

  listenTcp(at: { host: string; port: number }): Promise<Listener> {
    return this.#agent.listenTcp(at);
  }

  /** Takes over an upgraded SIP-over-WebSocket connection (RFC 7118) whose user is already known. */
  attachBrowser(
    socket: WebSocket,
    endpointId: EndpointId,
    source: { host: string; port: number },
    secure: boolean,
  ): Disposable {
    const account = this.#options.directory.endpoint(endpointId);
    if (!account) {
      socket.close(1008, "unknown endpoint");
      return { dispose() {} };
    }
    this.#agent.attachWebSocket(socket, {
      identity: endpointIdentity(endpointId),
      aors: [account.user],
      source,
      secure,
    });
    return { dispose: () => socket.close(1000) };
  }

  async ring(legId: LegId): Promise<void> {
    this.#leg(legId)?.ring();
  }

  async earlyMedia(legId: LegId): Promise<void> {
    this.#leg(legId);
    throw notYet("early media");
  }

  async answer(legId: LegId): Promise<void> {
    await this.#leg(legId)?.answer();
  }

  async originate(request: Originate): Promise<void> {
    if (this.#legs.has(request.legId) || this.#ended.has(request.legId)) return;
    const { target } = request;
    const [first] = target.kind === "number" ? target.routes : [];
    const route = first && this.#trunk(first.trunkId);
    const account =
      target.kind === "endpoint" ? this.#options.directory.endpoint(target.endpointId) : undefined;
    const party: Party =
      target.kind === "number"
        ? { kind: "trunk", trunkId: target.routes[0].trunkId }
        : { kind: "endpoint", endpointId: target.endpointId };
    const leg = this.#adopt(request.legId, party, account?.kind === "browser" ? "webrtc" : "rtp", undefined);
    if (target.kind === "endpoint" && (!account || !this.isRegistered(target.endpointId))) {
      leg.finish({ doing: "us", cause: "not_registered", status: 480 });
      return;
    }
    try {
      await leg.dial((offer) =>
        first && route
          ? this.#inviteTrunk({ ...request, ...callerOf(first) }, first.number, route, offer)
          : this.#inviteUser(request, account?.user ?? "", offer),
      );
    } catch (error) {
      this.#options.log.warn({ legId: request.legId, error: String(error) }, "originate failed");
      leg.finish({ doing: "us", cause: "failed" });
    }
  }

  async hangup(legId: LegId, cause: HangupCause): Promise<void> {
    this.#leg(legId)?.hangup(cause);
  }

  async createBridge(bridgeId: BridgeId): Promise<void> {
    if (this.#bridges.has(bridgeId) || this.#ended.has(bridgeId)) return;
    this.#bridges.set(bridgeId, new Set());
    await this.#options.media.request({ type: "bridge.create", bridgeId });
  }

  async destroyBridge(bridgeId: BridgeId): Promise<void> {
    const members = this.#bridge(bridgeId);
    if (!members) return;
    for (const legId of members) this.#unbridge(legId);
    this.#bridges.delete(bridgeId);
    this.#ended.add(bridgeId);
    this.#emit({ type: "bridge.destroyed", bridgeId });
    await this.#options.media.request({ type: "bridge.destroy", bridgeId });
  }

  async join(bridgeId: BridgeId, legId: LegId): Promise<void> {
    const members = this.#bridge(bridgeId);
    const leg = this.#leg(legId);
    if (!members || !leg) return;
    this.#mustBeAnswered(leg);
    if (leg.bridgeId === bridgeId) return;
    this.#unbridge(legId);
    leg.bridgeId = bridgeId;
    members.add(legId);
    if (leg.playbackId) await this.stopPlayback(leg.playbackId);
    await this.#media({ type: "bridge.join", bridgeId, legId }, legId);
  }

  async leave(bridgeId: BridgeId, legId: LegId): Promise<void> {
    if (!this.#bridge(bridgeId) || this.#leg(legId)?.bridgeId !== bridgeId) return;
    this.#unbridge(legId);
    await this.#media({ type: "bridge.leave", bridgeId, legId }, legId);
  }

  async play(
    playbackId: string,
    legId: LegId,
    items: readonly PlaybackItem[],
    options?: { loop?: boolean },
  ): Promise<void> {
    const leg = this.#leg(legId);
    if (!leg || this.#playbacks.has(playbackId) || this.#ended.has(playbackId)) return;
    this.#mustBeAnswered(leg);
    this.#playbacks.set(playbackId, legId);
    leg.playbackId = playbackId;
    try {
      await this.#options.media.request({
        type: "play.start",
        playbackId,
        legId,
        items: items.map(playItem),
        loop: options?.loop ?? false,
      });
    } catch (error) {
      this.#options.log.warn({ playbackId, error: String(error) }, "playback failed");
      this.#playbackEnded(playbackId, "failed");
    }
  }

  async stopPlayback(playbackId: string): Promise<void> {
    if (!this.#playbacks.has(playbackId)) return;
    await this.#options.media.request({ type: "play.stop", playbackId });
    this.#playbackEnded(playbackId, "stopped");
  }

  async echo(legId: LegId, on: boolean): Promise<void> {
    if (this.#leg(legId)) await this.#media({ type: "leg.echo", legId, on }, legId);
  }

  async detect(legId: LegId, what: Detection, withinMs: number): Promise<void> {
    if (this.#leg(legId)) await this.#media({ type: "leg.detect", legId, what, withinMs }, legId);
  }

  async sendDtmf(legId: LegId, digits: string): Promise<void> {
    const leg = this.#leg(legId);
    if (!leg) return;
    this.#mustBeAnswered(leg);
    await this.#media({ type: "dtmf.send", legId, digits }, legId);
  }

  async mute(legId: LegId, muted: boolean): Promise<void> {
    if (this.#leg(legId)) await this.#media({ type: "leg.mute", legId, in: muted }, legId);
  }

  async startRecording(recordingId: RecordingId, legId: LegId, pathPrefix: string): Promise<void> {
    const leg = this.#leg(legId);
    if (this.#recordings.knows(recordingId)) return;
    if (!leg) return this.#recordings.tooLate(recordingId, legId);
    this.#mustBeAnswered(leg);
    await this.#recordings.start(recordingId, legId, pathPrefix);
  }

  async pauseRecording(recordingId: RecordingId): Promise<void> {
    await this.#recordings.pause(recordingId);
  }

  async resumeRecording(recordingId: RecordingId): Promise<void> {
    await this.#recordings.resume(recordingId);
  }

  async stopRecording(recordingId: RecordingId): Promise<void> {
    await this.#recordings.stop(recordingId);
  }

  async acceptTransfer(legId: LegId): Promise<void> {
    this.#leg(legId)?.settleTransfer(200);
  }

  async refuseTransfer(legId: LegId, status: number): Promise<void> {
    this.#leg(legId)?.settleTransfer(status);
  }

  async listLegs(): Promise<readonly LegInfo[]> {
    return [...this.#legs.values()].filter((leg) => leg.state !== "ended").map((leg) => leg.info());
  }

  isRegistered(endpointId: EndpointId): boolean {
    return this.#registrations.isRegistered(endpointId);
  }

  /** The newest registration of an endpoint, as people may see it. */
  bindingOf(endpointId: EndpointId): ReturnType<EmbeddedRegistrations["bindingOf"]> {
    return this.#registrations.bindingOf(endpointId);
  }

  bans(): ReturnType<Switch["bans"]> {
    return [];
  }

  unban(): void {}

  figures(): SwitchFigures {
    let alive = 0;
    for (const leg of this.#legs.values()) if (leg.state !== "ended") alive++;
    return {
      legs: alive,
      bridges: this.#bridges.size,
      recordings: this.#recordings.size,
      mediaLatenessP99Ms: this.#lateness.p99,
      mediaLatenessMaxMs: this.#lateness.max,
    };
  }

  drain(): void {
    this.#agent.drain();
  }

  /** BYE to all, recordings flushed, sockets and the media host closed. */
  async close(): Promise<void> {
    this.#trunks.dispose();
    for (const leg of this.#legs.values()) leg.hangup("unavailable");
    await this.#recordings.settled();
    await this.#agent.close();
    await this.#options.media.close();
    this.#open.dispose();
  }

  #emit(event: SwitchEventBody): void {
    this.events.emit({ n: ++this.#n, at: this.#options.clock.now(), ...event });
  }

  #incoming(call: IncomingCall): void {
    const legId = this.#options.ids.next() as LegId;
    const party = partyOf(call.caller);
    const browser = call.source.protocol === "ws" || call.source.protocol === "wss";
    this.#adopt(legId, party, browser ? "webrtc" : "rtp", call);
    // only a carrier may say on whose behalf it calls (RFC 3325)
    const identity = (party.kind === "trunk" ? call.assertedIdentity : undefined) ?? call.from;
    const callerNumber = call.anonymous ? undefined : identity.uri.user;
    const callerName = call.anonymous ? undefined : identity.displayName;
    this.#emit({
      type: "leg.incoming",
      legId,
      party,
      calledNumber: call.dialledUser,
      ...(callerNumber ? { callerNumber } : {}),
      ...(callerName ? { callerName } : {}),
      headers: {},
    });
  }

  #adopt(legId: LegId, party: Party, kind: LegKind, call: IncomingCall | undefined): EmbeddedLeg {
    const leg = new EmbeddedLeg(
      {
        switchId: this.switchId,
        clock: this.#options.clock,
        media: this.#options.media,
        emit: (event) => {
          if (event.type === "leg.answered") this.#watchReferrals(leg);
          if (event.type === "leg.ended") this.#legEnded(leg);
          this.#emit(event);
        },
        gone: () => this.#legs.delete(legId),
      },
      { legId, party, kind, call },
    );
    this.#legs.set(legId, leg);
    return leg;
  }

  #legEnded(leg: EmbeddedLeg): void {
    this.#ended.add(leg.legId);
    this.#unbridge(leg.legId);
  }

  #watchReferrals(leg: EmbeddedLeg): void {
    leg.dialog?.referred.on((refer: IncomingRefer) => {
      const { replaces } = refer;
      // The Replaces is written from the transfer target's view, so its tags are the other way round for us.
      const other = replaces && this.#agent.findDialog(replaces.callId, replaces.toTag, replaces.fromTag);
      const replaced = other && [...this.#legs.values()].find((l) => l.dialog === other);
      if (replaces && !replaced) return refer.reject(481); // a call that is none of ours cannot be replaced
      leg.keepRefer(refer);
      this.#emit({
        type: "leg.transfer_asked",
        legId: leg.legId,
        number: refer.targetUser,
        ...(replaced ? { replacesLegId: replaced.legId } : {}),
      });
    });
  }

  #inviteUser(request: Originate, user: string, offer: string): OutgoingCall {
    return this.#agent.invite(
      { kind: "aor", user },
      {
        offer,
        from: this.#from(request),
        headers: Object.entries(request.headers ?? {}),
        timeoutMs: request.ringTimeoutMs,
      },
    );
  }

  #inviteTrunk(request: Originate, number: string, trunk: TrunkAccount, offer: string): OutgoingCall {
    const { peer, outbound } = trunk;
    if (!peer)
      throw new TelephonyError("telephony.unknown_trunk", `trunk ${trunk.trunkId} has no peer to call`);
    return this.#agent.invite(
      {
        kind: "uri",
        uri: `sip:${encodeURIComponent(number)}@${peer.host}:${peer.port};transport=${peer.transport}`,
      },
      {
        offer,
        from: this.#from(request),
        timeoutMs: request.ringTimeoutMs,
        anonymous: request.callerNumber === undefined,
        ...(outbound ? { credentials: outbound } : {}),
      },
    );
  }

  #from(request: Originate): { user: string; displayName?: string } {
    const user = request.callerNumber ?? "anonymous";
    return request.callerName ? { user, displayName: request.callerName } : { user };
  }

  /** A fault over one leg's event must not reach the media host: it would take every call with it. */
  #guardedMediaEvent(event: MediaEvent): void {
    try {
      this.#mediaEvent(event);
    } catch (error) {
      this.#options.log.warn({ err: error, event: event.type }, "a media event failed inside");
    }
  }

  #mediaEvent(event: MediaEvent): void {
    switch (event.type) {
      case "leg.media":
        return this.#ifAlive(event.legId, () => this.#emit({ type: "leg.media", legId: event.legId }));
      case "leg.dtmf":
        return this.#ifAlive(event.legId, () =>
          this.#emit({ type: "leg.dtmf", legId: event.legId, digit: event.digit }),
        );
      case "leg.silent":
        return this.#legs.get(event.legId)?.failMedia("media_timeout");
      case "leg.failed":
        return this.#legs.get(event.legId)?.failMedia("failed");
      case "play.ended":
        return this.#playbackEnded(
          event.playbackId as string,
          event.reason === "finished" ? "done" : "stopped",
        );
      case "record.ended":
        return this.#recordings.stored(event.summary);
      case "record.failed":
        return this.#recordings.failed(event.recordingId, event.reason);
      case "host.lateness":
        this.#lateness = { p99: event.lateness.p99, max: event.lateness.max };
        return;
      case "host.failed":
        return this.#mediaLost();
      case "leg.quality":
        return this.#ifAlive(event.legId, () =>
          this.#emit({ type: "leg.quality", legId: event.legId, quality: event.quality }),
        );
      case "leg.detected":
        return this.#ifAlive(event.legId, () =>
          this.#emit({ type: "leg.detected", legId: event.legId, what: event.what }),
        );
      case "leg.connected":
      case "host.stats":
        return;
    }
  }

  /** The media host is dead, and with it everything that was heard: all ends with the truth. */
  #mediaLost(): void {
    this.#recordings.allFailed("media_host_failed");
    for (const playbackId of [...this.#playbacks.keys()]) this.#playbackEnded(playbackId, "failed");
    for (const leg of [...this.#legs.values()]) leg.failMedia("failed");
  }

  #ifAlive(legId: LegId, act: () => void): void {
    const leg = this.#legs.get(legId);
    if (leg && leg.state !== "ended") act();
  }

  #playbackEnded(playbackId: string, reason: "done" | "stopped" | "failed"): void {
    const legId = this.#playbacks.get(playbackId);
    if (legId === undefined) return;
    this.#playbacks.delete(playbackId);
    this.#ended.add(playbackId);
    const leg = this.#legs.get(legId);
    if (leg?.playbackId === playbackId) leg.playbackId = undefined;
    this.#emit({ type: "playback.ended", playbackId, legId, reason });
  }

  #unbridge(legId: LegId): void {
    const leg = this.#legs.get(legId);
    if (!leg?.bridgeId) return;
    this.#bridges.get(leg.bridgeId)?.delete(legId);
    leg.bridgeId = undefined;
  }

  /** A media command for a leg that may end meanwhile: then its failure means nothing. */
  async #media(command: Parameters<MediaHost["request"]>[0], legId: LegId): Promise<void> {
    try {
      await this.#options.media.request(command);
    } catch (error) {
      if (this.#legs.get(legId) && this.#legs.get(legId)?.state !== "ended") throw error;
    }
  }

  #leg(legId: LegId): EmbeddedLeg | undefined {
    const leg = this.#legs.get(legId);
    if (leg) return leg.state === "ended" ? undefined : leg;
    if (this.#ended.has(legId)) return undefined;
    throw new TelephonyError("telephony.unknown_leg", `no leg ${legId}`);
  }

  #bridge(bridgeId: BridgeId): Set<LegId> | undefined {
    const bridge = this.#bridges.get(bridgeId);
    if (bridge || this.#ended.has(bridgeId)) return bridge;
    throw new TelephonyError("telephony.unknown_bridge", `no bridge ${bridgeId}`);
  }

  #trunk(trunkId: TrunkId): TrunkAccount {
    const trunk = this.#options.directory.trunk(trunkId);
    if (trunk) return trunk;
    throw new TelephonyError("telephony.unknown_trunk", `no trunk ${trunkId}`);
  }

  #mustBeAnswered(leg: EmbeddedLeg): void {
    if (leg.state === "answered") return;
    throw new TelephonyError("telephony.not_answered", `leg ${leg.legId} is ${leg.state}, not answered`);
  }
}

function partyOf(identity: Identity): Party {
  return identity.kind === "endpoint"
    ? { kind: "endpoint", endpointId: identity.id as EndpointId }
    : { kind: "trunk", trunkId: identity.id as TrunkId };
}

function callerOf(route: TrunkRoute): { callerNumber?: string } {
  return route.callerNumber === undefined ? {} : { callerNumber: route.callerNumber };
}

function notYet(what: string): TelephonyError {
  return new TelephonyError("telephony.wrong_state", `this switch has no ${what}`);
}

function playItem(item: PlaybackItem): PlayItem {
  switch (item.kind) {
    case "file":
      return { file: item.path };
    case "tone":
      return { tone: item.tone };
    case "silence":
      return { silenceMs: item.ms };
    case "comfort_noise":
      return { comfortNoiseMs: item.ms };
  }
}
