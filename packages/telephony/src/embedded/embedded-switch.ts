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
  SvaraError,
  type TrunkId,
} from "@svara/kernel";
import { type LegTerms, type MediaHost, MediaHostPool } from "@svara/media";
import {
  type DnsResolver,
  type Identity,
  type IncomingCall,
  type IncomingRefer,
  type Listener,
  type SessionTimerOptions,
  type SipLimits,
  type SipLog,
  type SipStats,
  type SourceAddress,
  type TlsListener,
  UserAgent,
} from "@svara/sip";
import type { WebSocket } from "ws";
import { TelephonyError } from "../errors.ts";
import type {
  BridgeRole,
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
} from "../switch.ts";
import { directoryAuthority, endpointIdentity } from "./authority.ts";
import { planCall } from "./call-plan.ts";
import type { Directory } from "./directory.ts";
import { EmbeddedBridges } from "./embedded-bridges.ts";
import { EmbeddedLeg, type LegSetup } from "./embedded-leg.ts";
import { EmbeddedPlaybacks } from "./embedded-playbacks.ts";
import { EmbeddedRecordings } from "./embedded-recordings.ts";
import { EmbeddedRegistrations } from "./embedded-registrations.ts";
import { EndedIds } from "./ended-ids.ts";
import { incomingFacts } from "./incoming-facts.ts";
import { LegCounts } from "./leg-counts.ts";
import { MediaEvents } from "./media-events.ts";
import { MediaRecovery } from "./media-recovery.ts";
import { TrunkKeeper } from "./trunk-keeper.ts";
import { peersOf } from "./trunk-peers.ts";

export interface EmbeddedSwitchOptions {
  readonly switchId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: SipLog;
  readonly directory: Directory;
  /** One host, or a pool of them; closed with the switch. */
  readonly media: MediaHost | MediaHostPool;
  /** The address phones and carriers reach us at, in Contact and Via. */
  readonly advertisedAddress: string;
  /** How often trunks with a peer are asked by OPTIONS whether they live, where a trunk does not say; 0 never. Default 60 000. */
  readonly trunkPingMs?: number;
  /** A sign-in by a phone or trunk failed. */
  readonly onLoginFailure?: (username: string, source: SourceAddress) => void;
  /** Where they differ from the stack's own. */
  readonly limits?: Partial<SipLimits>;
  readonly sessionTimer?: Partial<SessionTimerOptions>;
  /** See `UserAgentOptions`. */
  readonly bindingsOutliveConnections?: boolean;
  /** Names of carriers; default those of the system. */
  readonly resolver?: DnsResolver;
}

const DEFAULT_TRUNK_PING_MS = 60_000;

/** The switch inside Svara: our SIP stack and our media hosts behind the `Switch` port. */
export class EmbeddedSwitch implements Switch {
  readonly switchId: string;
  readonly events = new Signal<SwitchEvent>();
  readonly #options: EmbeddedSwitchOptions;
  readonly #agent: UserAgent;
  readonly #media: MediaHostPool;
  readonly #legs = new Map<LegId, EmbeddedLeg>();
  readonly #counts = new LegCounts();
  readonly #bridges: EmbeddedBridges;
  readonly #playbacks: EmbeddedPlaybacks;
  readonly #recordings: EmbeddedRecordings;
  readonly #recovery: MediaRecovery;
  readonly #ended: EndedIds;
  readonly #registrations: EmbeddedRegistrations;
  readonly #trunks: TrunkKeeper;
  readonly #open = new Disposables();
  #n = 0;
  #lateness = { p99: 0, max: 0 };

  constructor(options: EmbeddedSwitchOptions) {
    this.switchId = options.switchId;
    this.#options = options;
    const { clock, random, log, directory, limits, sessionTimer, resolver } = options;
    this.#agent = new UserAgent({
      clock,
      random,
      log,
      authority: directoryAuthority(directory, options.onLoginFailure),
      realm: directory.realm,
      userAgentName: "Svara",
      advertisedAddress: options.advertisedAddress,
      tlsTrust: (host) =>
        directory.trunks().find((trunk) => peersOf(trunk).some((peer) => peer.host === host))?.tlsTrust,
      ...(limits ? { limits } : {}),
      ...(sessionTimer ? { sessionTimer } : {}),
      ...(resolver ? { resolver } : {}),
      bindingsOutliveConnections: options.bindingsOutliveConnections ?? false,
    });
    const media =
      options.media instanceof MediaHostPool ? options.media : MediaHostPool.around(options.media, clock);
    const emit = (event: SwitchEventBody): void => this.#emit(event);
    const ended = new EndedIds(clock);
    this.#media = media;
    this.#ended = ended;
    this.#recordings = new EmbeddedRecordings({ clock, media, ended, emit });
    this.#playbacks = new EmbeddedPlaybacks({ media, log, ended, emit });
    this.#bridges = new EmbeddedBridges({
      media,
      ended,
      emit,
      stopPlayback: (playbackId) => this.#playbacks.stop(playbackId),
    });
    this.#recovery = new MediaRecovery({
      media,
      playbacks: this.#playbacks,
      recordings: this.#recordings,
      bridges: this.#bridges,
      leg: (legId) => this.#legs.get(legId),
      emit,
    });
    this.#registrations = this.#open.add(
      new EmbeddedRegistrations({ registrar: this.#agent.registrar, directory, emit }),
    );
    this.#trunks = new TrunkKeeper({
      agent: this.#agent,
      clock,
      log,
      directory,
      pingMs: options.trunkPingMs ?? DEFAULT_TRUNK_PING_MS,
      emit,
    });
    this.#open.add(this.#agent.onInvite.on((call) => this.#incoming(call)));
    this.#open.add(
      this.#agent.onBan.on(({ address, port, until, reason }) =>
        emit({ type: "source.banned", address: placeOf(address, port), until, reason }),
      ),
    );
    const mediaEvents = new MediaEvents({
      playbacks: this.#playbacks,
      recordings: this.#recordings,
      leg: (legId) => this.#legs.get(legId),
      lateness: (lateness) => {
        this.#lateness = lateness;
      },
      emit,
      log,
    });
    this.#open.add(media.events.on((event) => mediaEvents.take(event)));
    this.#open.add(media.lost.on((lost) => this.#recovery.lost(lost)));
    this.#open.add(every(clock, 60_000, () => this.#ended.forgetOld()));
    this.#open.add(this.#trunks);
  }

  listenUdp(at: { host: string; port: number }): Promise<Listener> {
    return this.#agent.listenUdp(at);
  }

  listenTcp(at: { host: string; port: number }): Promise<Listener> {
    return this.#agent.listenTcp(at);
  }

  /** `cert` and `key` are PEM texts; the listener takes newer ones without a call being lost. */
  listenTls(at: { host: string; port: number; cert: string; key: string }): Promise<TlsListener> {
    return this.#agent.listenTls(at);
  }

  /** Takes over an upgraded SIP-over-WebSocket connection (RFC 7118) whose user is already known. */
  attachBrowser(
    socket: WebSocket,
    endpointId: EndpointId,
    source: { host: string; port: number },
    secure: boolean,
    local?: { host: string; port: number },
  ): Disposable {
    const account = this.#options.directory.endpoint(endpointId);
    if (!account) {
      socket.close(1008, "unknown endpoint");
      return { dispose() {} };
    }
    this.#agent.attachWebSocket(socket, {
      owner: { identity: endpointIdentity(endpointId), aors: [account.user] },
      source,
      secure,
      ...(local ? { local } : {}),
    });
    return { dispose: () => socket.close(1000) };
  }

  /** Takes over a SIP-over-WebSocket connection of nobody known: it signs in by digest, as a phone does. */
  attachPhoneSocket(socket: WebSocket, source: { host: string; port: number }, secure: boolean): void {
    this.#agent.attachWebSocket(socket, { source, secure });
  }

  async ring(legId: LegId): Promise<void> {
    this.#leg(legId)?.ring();
  }

  async earlyMedia(legId: LegId): Promise<void> {
    await this.#leg(legId)?.earlyMedia();
  }

  async answer(legId: LegId): Promise<void> {
    await this.#leg(legId)?.answer();
  }

  async originate(request: Originate): Promise<void> {
    const { legId, target } = request;
    if (this.#legs.has(legId) || this.#ended.has(legId)) return;
    const { directory, advertisedAddress, log } = this.#options;
    const attempts = planCall(
      { agent: this.#agent, directory, trunks: this.#trunks, advertisedAddress },
      request,
    );
    const browser = target.kind === "endpoint" && directory.endpoint(target.endpointId)?.kind === "browser";
    const party: Party =
      target.kind === "number" ? { kind: "trunk", trunkId: target.routes[0].trunkId } : target;
    const leg = this.#adopt({ legId, party, kind: browser ? "webrtc" : "rtp", near: request.near });
    if (attempts.length === 0) {
      const absent = { doing: "us", cause: "not_registered", status: 480 } as const;
      return leg.finish(target.kind === "endpoint" ? absent : { doing: "us", cause: "failed" });
    }
    try {
      await leg.dial(attempts, request.ringTimeoutMs);
    } catch (error) {
      log.warn({ legId, error: String(error) }, "originate failed");
      const full = error instanceof SvaraError && error.sipStatus === 503;
      leg.finish({ doing: "us", cause: full ? "congestion" : "failed", ...(full ? { status: 503 } : {}) });
    }
  }

  async hangup(legId: LegId, cause: HangupCause): Promise<void> {
    this.#leg(legId)?.hangup(cause);
  }

  createBridge(bridgeId: BridgeId): Promise<void> {
    return this.#bridges.create(bridgeId);
  }

  destroyBridge(bridgeId: BridgeId): Promise<void> {
    return this.#bridges.destroy(bridgeId);
  }

  async join(bridgeId: BridgeId, legId: LegId, role: BridgeRole = { type: "talk" }): Promise<void> {
    const members = this.#bridges.members(bridgeId);
    const leg = this.#leg(legId);
    if (!members || !leg) return;
    this.#mustHaveMedia(leg);
    await this.#bridges.join(bridgeId, leg, role);
  }

  async leave(bridgeId: BridgeId, legId: LegId): Promise<void> {
    const leg = this.#bridges.members(bridgeId) && this.#leg(legId);
    if (leg) await this.#bridges.leave(bridgeId, leg);
  }

  async play(
    playbackId: string,
    legId: LegId,
    items: readonly PlaybackItem[],
    options?: { loop?: boolean },
  ): Promise<void> {
    const leg = this.#leg(legId);
    if (!leg || this.#playbacks.knows(playbackId)) return;
    this.#mustHaveMedia(leg);
    await this.#playbacks.start(playbackId, leg, items, options?.loop ?? false);
  }

  stopPlayback(playbackId: string): Promise<void> {
    return this.#playbacks.stop(playbackId);
  }

  async echo(legId: LegId, on: boolean): Promise<void> {
    if (this.#leg(legId)) await this.#ask({ type: "leg.echo", legId, on }, legId);
  }

  async detect(legId: LegId, what: Detection, withinMs: number): Promise<void> {
    const leg = this.#leg(legId);
    if (!leg) return;
    this.#mustHaveMedia(leg);
    leg.isDetecting = true;
    await this.#ask({ type: "leg.detect", legId, what, withinMs }, legId);
  }

  async sendDtmf(legId: LegId, digits: string): Promise<void> {
    const leg = this.#leg(legId);
    if (!leg) return;
    this.#mustHaveMedia(leg);
    await this.#ask({ type: "dtmf.send", legId, digits }, legId);
  }

  async mute(legId: LegId, muted: boolean): Promise<void> {
    if (this.#leg(legId)) await this.#ask({ type: "leg.mute", legId, in: muted }, legId);
  }

  async startRecording(
    recordingId: RecordingId,
    legId: LegId,
    pathPrefix: string,
    options?: { readonly beepEveryMs?: number },
  ): Promise<void> {
    const leg = this.#leg(legId);
    if (this.#recordings.knows(recordingId)) return;
    if (!leg) return this.#recordings.tooLate(recordingId, legId);
    this.#mustHaveMedia(leg);
    await this.#recordings.start(recordingId, legId, pathPrefix, options);
  }

  pauseRecording(recordingId: RecordingId): Promise<void> {
    return this.#recordings.pause(recordingId);
  }

  resumeRecording(recordingId: RecordingId): Promise<void> {
    return this.#recordings.resume(recordingId);
  }

  stopRecording(recordingId: RecordingId): Promise<void> {
    return this.#recordings.stop(recordingId);
  }

  async acceptTransfer(legId: LegId): Promise<void> {
    this.#leg(legId)?.settleTransfer(200);
  }

  async refuseTransfer(legId: LegId, status: number): Promise<void> {
    this.#leg(legId)?.settleTransfer(status);
  }

  async listLegs(): Promise<readonly LegInfo[]> {
    return [...this.#legs.values()].filter((leg) => !leg.isOver).map((leg) => leg.info());
  }

  isRegistered(endpointId: EndpointId): boolean {
    return this.#registrations.isRegistered(endpointId);
  }

  /** The newest registration of an endpoint, as people may see it. */
  bindingOf(endpointId: EndpointId): ReturnType<EmbeddedRegistrations["bindingOf"]> {
    return this.#registrations.bindingOf(endpointId);
  }

  bans(): ReturnType<Switch["bans"]> {
    return this.#agent
      .bans()
      .map(({ address, port, until, reason }) => ({ address: placeOf(address, port), until, reason }));
  }

  unban(address: string): void {
    this.#agent.unban(address.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1"));
  }

  figures(): SwitchFigures {
    return {
      legs: this.#counts.legs,
      legsByTrunk: this.#counts.byTrunk,
      bridges: this.#bridges.size,
      recordings: this.#recordings.size,
      mediaHosts: this.#media.size,
      mediaLatenessP99Ms: this.#lateness.p99,
      mediaLatenessMaxMs: this.#lateness.max,
    };
  }

  /** What the SIP stack holds and has counted, for those who look for leaks. */
  sipStats(): SipStats {
    return this.#agent.stats;
  }

  drain(isLetIn?: (calledNumber: string) => boolean): void {
    this.#agent.drain(undefined, isLetIn && ((uri) => uri.user !== undefined && isLetIn(uri.user)));
  }

  /** BYE to all, recordings flushed, sockets and the media hosts closed. */
  async close(): Promise<void> {
    this.#trunks.dispose();
    for (const leg of this.#legs.values()) leg.hangup("unavailable");
    await this.#recordings.settled();
    await this.#agent.close();
    await this.#media.close();
    // the last legs tell their end when their media has closed
    await Promise.all([...this.#legs.values()].map((leg) => leg.media.close()));
    this.#open.dispose();
  }

  #emit(event: SwitchEventBody): void {
    this.events.emit({ n: ++this.#n, at: this.#options.clock.now(), ...event });
  }

  #incoming(call: IncomingCall): void {
    const legId = this.#options.ids.next() as LegId;
    const party = partyOf(call.caller);
    const { protocol } = call.source;
    const replaced = this.#replacedBy(call);
    const near = replaced?.legId ?? this.#otherLegOf(party);
    if (near !== undefined) this.#media.expect(legId, near);
    this.#adopt({
      legId,
      party,
      kind: protocol === "ws" || protocol === "wss" ? "webrtc" : "rtp",
      near,
      incoming: { call, terms: this.#termsOf(party, protocol === "tls" || protocol === "wss") },
    });
    this.#emit({
      type: "leg.incoming",
      legId,
      party,
      ...incomingFacts(call, party),
      headers: {},
      ...(replaced ? { replacesLegId: replaced.legId } : {}),
    });
  }

  /** Another call of the same phone: who has two calls is likely to join them. */
  #otherLegOf(party: Party): LegId | undefined {
    if (party.kind === "trunk") return undefined;
    for (const leg of this.#legs.values())
      if (!leg.isOver && leg.party.kind === "endpoint" && leg.party.endpointId === party.endpointId)
        return leg.legId;
    return undefined;
  }

  /** The leg whose place an INVITE with Replaces wants to take. */
  #replacedBy(call: IncomingCall): EmbeddedLeg | undefined {
    if (!call.replaces && !call.replacesEarly) return undefined;
    return [...this.#legs.values()].find((leg) => !leg.isOver && leg.isReplacedBy(call));
  }

  /** What an incoming leg may agree on: as the account says, else as the party wants it. */
  #termsOf(party: Party, secureSignalling: boolean): LegTerms {
    const { directory } = this.#options;
    const account =
      party.kind === "endpoint" ? directory.endpoint(party.endpointId) : directory.trunk(party.trunkId);
    return { srtp: account?.srtp ?? "optional", secureSignalling };
  }

  #adopt(setup: LegSetup): EmbeddedLeg {
    const { clock, log } = this.#options;
    const { legId } = setup;
    const leg = new EmbeddedLeg(
      {
        switchId: this.switchId,
        clock,
        log,
        media: this.#media,
        emit: (event) => {
          if (event.type === "leg.answered") this.#watchReferrals(leg);
          else if (event.type === "leg.routed") this.#counts.at(legId, leg.party);
          this.#emit(event);
        },
        mediaLost: (lost) => this.#recovery.restore(lost),
        over: () => {
          this.#counts.over(legId);
          this.#ended.add(legId);
          this.#bridges.drop(leg);
        },
        gone: () => this.#legs.delete(legId),
      },
      setup,
    );
    this.#legs.set(legId, leg);
    this.#counts.at(legId, leg.party);
    return leg;
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

  /** A media command for a leg that may end, or lose its host, meanwhile: then its failure means nothing. */
  async #ask(command: Parameters<MediaHost["request"]>[0], legId: LegId): Promise<void> {
    try {
      await this.#media.request(command);
    } catch (error) {
      const leg = this.#legs.get(legId);
      if (leg && !leg.isOver && !leg.media.isLost) throw error;
    }
  }

  #leg(legId: LegId): EmbeddedLeg | undefined {
    const leg = this.#legs.get(legId);
    if (leg) return leg.isOver ? undefined : leg;
    if (this.#ended.has(legId)) return undefined;
    throw new TelephonyError("telephony.unknown_leg", `no leg ${legId}`);
  }

  #mustHaveMedia(leg: EmbeddedLeg): void {
    if (leg.hasMedia) return;
    throw new TelephonyError("telephony.not_answered", `leg ${leg.legId} is ${leg.state}, not answered`);
  }
}

function partyOf(identity: Identity): Party {
  return identity.kind === "endpoint"
    ? { kind: "endpoint", endpointId: identity.id as EndpointId }
    : { kind: "trunk", trunkId: identity.id as TrunkId };
}

/** Where a ban applies: all of an address, or one port of it. */
function placeOf(address: string, port: number | undefined): string {
  return port === undefined ? address : `${address}:${port}`;
}
