import { availableParallelism } from "node:os";
import {
  type BridgeId,
  type Clock,
  Disposables,
  every,
  type LegId,
  type RecordingId,
  Signal,
  unreachable,
} from "@svara/kernel";
import { HostSlot, type KillableHost } from "./host-slot.ts";
import { MediaError } from "./media-error.ts";
import type {
  MediaCommand,
  MediaCommandType,
  MediaEvent,
  MediaHost,
  MediaHostOptions,
  MediaResult,
  MediaResults,
  PlaybackId,
} from "./media-host.ts";
import { type OpenCommand, type Place, PlacedLeg } from "./placed-leg.ts";
import { PoolBridges } from "./pool-bridges.ts";
import { mergeStats, PoolFigures } from "./pool-figures.ts";
import { PoolRecordings } from "./pool-recordings.ts";
import { PoolSlots, shareOut } from "./pool-slots.ts";
import { repairRecording } from "./recording-files.ts";
import { WorkerMediaHost } from "./worker-media-host.ts";

export interface MediaHostPoolOptions extends MediaHostOptions {
  /** How many hosts; the RTP ports are shared out among them. Default: one a core, two at most. */
  readonly hosts?: number;
  /** A host that gives no sign of life for this long is ended and begun anew. Default 20 000; 0: never. */
  readonly hangLimitMs?: number;
}

export interface MediaHostPoolDeps {
  readonly clock: Clock;
  /** How a host is made; default: a worker thread. */
  readonly start?: (options: MediaHostOptions) => Promise<KillableHost>;
  readonly warn?: (message: string, detail: object) => void;
}

/** What died with a host. Its bridges stand, without legs, until these are moved. */
export interface LostMedia {
  readonly reason: string;
  readonly legIds: readonly LegId[];
  readonly playbackIds: readonly PlaybackId[];
  readonly recordingIds: readonly RecordingId[];
}

const DEFAULT_HANG_LIMIT_MS = 20_000; // four reports of a host
const WATCH_PERIOD_MS = 1_000;
/**
 * Several media hosts that look like one. A new leg goes to the host with the fewest, or to the host of the leg that it is
 * `near`. A bridge lives on the host of its first leg; a leg of another host is moved there before it joins (`needsMove`,
 * `moveOffer`, `moveAccept`): its party is offered the new place by whoever does the signalling. A host that dies is begun
 * anew at once; `lost` tells what died with it, and the same three calls carry legs over.
 */
export class MediaHostPool implements MediaHost {
  readonly events = new Signal<MediaEvent>();
  readonly lost = new Signal<LostMedia>();
  readonly #warn: (message: string, detail: object) => void;
  readonly #slots: PoolSlots;
  readonly #legs = new Map<LegId, PlacedLeg>();
  /** Where legs that are not open yet shall be. */
  readonly #awaited = new Map<LegId, HostSlot>();
  readonly #bridges = new PoolBridges();
  readonly #playbacks = new Map<PlaybackId, Place>();
  readonly #recordings: PoolRecordings;
  readonly #figures = new PoolFigures();
  readonly #open = new Disposables();
  #closed = false;

  private constructor(slots: readonly HostSlot[], deps: Pick<MediaHostPoolDeps, "clock" | "warn">) {
    this.#slots = new PoolSlots(slots, deps.clock);
    this.#warn = deps.warn ?? (() => undefined);
    this.#recordings = new PoolRecordings(deps.clock);
    for (const slot of slots) {
      this.#open.add(slot.events.on((event) => void this.#onEvent(slot, event)));
      this.#open.add(slot.lost.on(({ reason }) => this.#onLost(slot, reason)));
    }
    this.#open.add(
      every(deps.clock, WATCH_PERIOD_MS, () => {
        for (const slot of slots) slot.watch();
      }),
    );
  }

  /** Starts all hosts. Errors: what keeps the first of them from starting. */
  static async start(options: MediaHostPoolOptions, deps: MediaHostPoolDeps): Promise<MediaHostPool> {
    const {
      hosts = Math.min(2, availableParallelism()),
      hangLimitMs = DEFAULT_HANG_LIMIT_MS,
      ...common
    } = options;
    const start = deps.start ?? ((own) => WorkerMediaHost.start(own, { clock: deps.clock }));
    const warn = deps.warn ?? (() => undefined);
    const shares = shareOut(common, hosts);
    const slots = shares.map(
      (own, i) => new HostSlot(i, { clock: deps.clock, start: () => start(own), hangLimitMs, warn }),
    );
    const opened = await Promise.allSettled(slots.map((slot) => slot.open()));
    const failed = opened.find((result) => result.status === "rejected");
    if (!failed) return new MediaHostPool(slots, deps);
    await Promise.all(slots.map((slot) => slot.close()));
    throw failed.reason;
  }

  /** A host that runs already, as a pool of one; when it dies there is no other. */
  static around(host: KillableHost, clock: Clock): MediaHostPool {
    const slot = new HostSlot(0, { clock, start: undefined, hangLimitMs: 0, warn: () => undefined });
    const pool = new MediaHostPool([slot], { clock });
    slot.adopt(host);
    return pool;
  }

  /** Hosts that run now, and that there should be. */
  get size(): { readonly running: number; readonly of: number } {
    return { running: this.#slots.running.length, of: this.#slots.all.length };
  }

  async request<C extends MediaCommand>(command: C): Promise<MediaResult<C["type"]>> {
    if (this.#closed) throw new MediaError("media.host_closed", "the media hosts are closed");
    return (await this.#perform(command)) as MediaResult<C["type"]>;
  }

  /** Whether the leg must change its host before it can join the bridge; also true when its host has died. */
  needsMove(bridgeId: BridgeId, legId: LegId): boolean {
    const leg = this.#legs.get(legId);
    if (!leg) return false;
    if (leg.isLost) return true;
    const place = this.#bridges.placeOf(bridgeId);
    return place !== undefined && place.slot !== leg.place.slot;
  }

  /**
   * Makes the leg's host the bridge's, for a leg that cannot be moved: its members hear nothing from now on until they are
   * moved there and have joined again.
   */
  async bridgeTo(bridgeId: BridgeId, legId: LegId): Promise<void> {
    await this.#bridges.moveTo(bridgeId, this.#livingPlace(legId));
  }

  /** The host of the leg has died, and it is on no other yet. */
  isLost(legId: LegId): boolean {
    return this.#legs.get(legId)?.isLost ?? false;
  }

  /**
   * Opens the leg on another host, of the bridge that it shall join where that has one. The offer is for its party; until
   * `moveAccept` with its answer, or `moveAbandon`, the old host carries on.
   */
  async moveOffer(legId: LegId, bridgeId?: BridgeId): Promise<{ readonly sdp: string }> {
    const leg = this.#known(legId);
    await this.moveAbandon(legId);
    const theirs = bridgeId === undefined ? undefined : this.#bridges.placeOf(bridgeId);
    const target = theirs ?? placeOn(await this.#slots.emptiest());
    if (bridgeId !== undefined) this.#bridges.claim(bridgeId, target);
    leg.target = target;
    target.slot.legs++;
    try {
      const { sdp } = await target.slot.request(leg.reopening);
      return { sdp: leg.origin.tell(sdp) };
    } catch (error) {
      if (leg.target === target) await this.moveAbandon(legId);
      throw error;
    }
  }

  /** The party has gone over: from now on the new host carries the leg, and its recordings go on there. */
  async moveAccept(legId: LegId, remoteSdp: string): Promise<MediaResults["leg.accept"]> {
    const leg = this.#known(legId);
    const { target, place: old } = leg;
    if (!target) throw new MediaError("media.wrong_state", `leg ${legId} is not being moved`);
    const result = await target.slot.request({ type: "leg.accept", legId, remoteSdp });
    const oldLives = !leg.isLost;
    const failures = oldLives ? await this.#recordings.follow(legId, target) : [];
    for (const failure of failures) this.events.emit(failure);
    if (leg.target !== target)
      throw new MediaError("media.wrong_state", `the move of leg ${legId} was given up`);
    leg.place = target;
    leg.target = undefined;
    old.slot.legs--;
    if (leg.muted.in || leg.muted.out) await target.slot.request({ type: "leg.mute", legId, ...leg.muted });
    if (leg.echo) await target.slot.request({ type: "leg.echo", legId, on: true });
    if (oldLives) await this.#leaveOld(leg, old);
    return result;
  }

  /** The party did not go over. Harmless when nothing is under way. */
  async moveAbandon(legId: LegId): Promise<void> {
    const leg = this.#legs.get(legId);
    const target = leg?.target;
    if (!leg || !target) return;
    leg.target = undefined;
    target.slot.legs--;
    await target.slot.request({ type: "leg.close", legId }).catch(() => undefined);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all(this.#slots.all.map((slot) => slot.close()));
    this.#open.dispose();
  }

  #perform(c: MediaCommand): Promise<MediaResults[MediaCommandType]> | MediaResults[MediaCommandType] {
    switch (c.type) {
      case "leg.offer":
      case "leg.answer":
        return this.#openLeg(c);
      case "leg.accept":
      case "leg.detect":
      case "dtmf.send":
        return this.#slotOf(c.legId).request(c);
      case "leg.reanswer":
      case "leg.reoffer":
        return this.#negotiate(c);
      case "leg.mute":
        return this.#mute(c);
      case "leg.echo":
        this.#known(c.legId).echo = c.on;
        return this.#slotOf(c.legId).request(c);
      case "leg.close":
        return this.#closeLeg(c.legId);
      case "bridge.create":
        this.#bridges.create(c.bridgeId);
        return {};
      case "bridge.join":
        this.#livingPlace(c.legId);
        return this.#bridges.join(c, this.#known(c.legId));
      case "bridge.leave":
        return this.#leave(c.bridgeId, c.legId);
      case "bridge.destroy":
        return this.#bridges.destroy(c.bridgeId);
      case "play.start":
        return this.#play(c);
      case "play.stop":
        return this.#playbacks.get(c.playbackId)?.slot.request(c) ?? {};
      case "record.start":
        return this.#recordings.start(c, this.#livingPlace(c.legId));
      case "record.pause":
        return this.#recordings.pause(c.recordingId, true);
      case "record.resume":
        return this.#recordings.pause(c.recordingId, false);
      case "record.stop":
        return this.#recordings.stop(c.recordingId);
      case "stats":
        return this.#stats();
      default:
        return unreachable(c);
    }
  }

  // ---- legs ----

  /** A leg without media yet will have it beside `near`, and so will those that are opened near it before. */
  expect(legId: LegId, near: LegId): void {
    const beside = this.#legs.get(near);
    if (beside && !beside.isLost && !this.#legs.has(legId)) this.#awaited.set(legId, beside.place.slot);
  }

  async #openLeg(command: OpenCommand): Promise<MediaResults["leg.offer"] | MediaResults["leg.answer"]> {
    const known = this.#legs.get(command.legId);
    if (known) return this.#told(known, await known.place.slot.request(command));
    const near = command.near === undefined ? undefined : this.#legs.get(command.near);
    const there =
      near && !near.isLost
        ? near.place.slot
        : (this.#awaited.get(command.near ?? command.legId) ?? this.#awaited.get(command.legId));
    const wished = there?.isRunning ? there : undefined;
    const first = wished ?? (await this.#slots.emptiest());
    const others = this.#slots.running.filter((slot) => slot !== first);
    for (const slot of [first, ...others]) {
      const leg = new PlacedLeg(command, placeOn(slot));
      this.#legs.set(command.legId, leg);
      slot.legs++;
      // a phone that rings has no media yet: it will find its place beside this leg
      if (command.near !== undefined && near === undefined) this.#awaited.set(command.near, slot);
      try {
        return this.#told(leg, await slot.request(command));
      } catch (error) {
        this.#forget(leg);
        if (slot === others.at(-1) || others.length === 0 || !isFull(error)) throw error;
      }
    }
    throw new MediaError("media.no_ports", "no media host has a free port");
  }

  /** What is told of a leg's description, with its lasting origin. */
  #told<R extends { readonly sdp: string }>(leg: PlacedLeg, result: R): R {
    return { ...result, sdp: leg.tell(result.sdp) };
  }

  async #negotiate(
    command: Extract<MediaCommand, { type: "leg.reanswer" | "leg.reoffer" }>,
  ): Promise<{ readonly sdp: string }> {
    const leg = this.#known(command.legId);
    return this.#told(leg, await this.#slotOf(command.legId).request(command));
  }

  #mute(command: Extract<MediaCommand, { type: "leg.mute" }>): Promise<Record<string, never>> {
    const leg = this.#known(command.legId);
    if (command.in !== undefined) leg.muted.in = command.in;
    if (command.out !== undefined) leg.muted.out = command.out;
    return this.#slotOf(command.legId).request(command);
  }

  async #closeLeg(legId: LegId): Promise<MediaResults["leg.close"]> {
    const leg = this.#legs.get(legId);
    if (!leg) {
      this.#awaited.delete(legId); // it never came to have media
      return { stats: null };
    }
    await this.moveAbandon(legId);
    if (leg.isLost) {
      this.#forget(leg);
      return { stats: null };
    }
    // Its events still count until it is closed: the end of its playback, of its recording.
    const closing = leg.place.slot.request({ type: "leg.close", legId });
    return closing.catch(() => ({ stats: null })).finally(() => this.#forget(leg));
  }

  #forget(leg: PlacedLeg): void {
    if (this.#legs.get(leg.legId) !== leg) return;
    this.#legs.delete(leg.legId);
    this.#awaited.delete(leg.legId);
    if (leg.opened.near !== undefined) this.#awaited.delete(leg.opened.near);
    leg.place.slot.legs--;
    this.#bridges.drop(leg);
  }

  async #leave(bridgeId: BridgeId, legId: LegId): Promise<Record<string, never>> {
    const leg = this.#legs.get(legId);
    return leg ? this.#bridges.leave(bridgeId, leg) : {};
  }

  async #leaveOld(leg: PlacedLeg, old: Place): Promise<void> {
    this.#bridges.drop(leg);
    await old.slot.request({ type: "leg.close", legId: leg.legId }).catch(() => undefined);
  }

  #known(legId: LegId): PlacedLeg {
    const leg = this.#legs.get(legId);
    if (leg) return leg;
    throw new MediaError("media.unknown_leg", `no leg ${legId}`);
  }

  #livingPlace(legId: LegId): Place {
    const leg = this.#known(legId);
    if (!leg.isLost) return leg.place;
    throw new MediaError("media.host_closed", `the media host of leg ${legId} has died`);
  }

  #slotOf(legId: LegId): HostSlot {
    return this.#livingPlace(legId).slot;
  }

  // ---- playbacks ----

  async #play(command: Extract<MediaCommand, { type: "play.start" }>): Promise<MediaResults["play.start"]> {
    const place = this.#livingPlace(command.legId);
    this.#playbacks.set(command.playbackId, place);
    try {
      return await place.slot.request(command);
    } catch (error) {
      this.#playbacks.delete(command.playbackId);
      throw error;
    }
  }

  async #stats(): Promise<MediaResults["stats"]> {
    return mergeStats(await Promise.all(this.#slots.running.map((slot) => slot.request({ type: "stats" }))));
  }

  // ---- what hosts report ----

  async #onEvent(slot: HostSlot, event: MediaEvent): Promise<void> {
    switch (event.type) {
      case "host.lateness":
        return this.events.emit(this.#figures.lateness(slot.index, event));
      case "host.stats":
        return this.events.emit({ ...event, stats: this.#figures.stats(slot.index, event.stats) });
      case "host.failed":
        return; // `lost` tells
      case "play.ended":
        if (this.#playbacks.delete(event.playbackId)) this.events.emit(event);
        return;
      case "record.failed":
        return this.#tell(this.#recordings.failed(event));
      case "record.ended": {
        const ended = this.#recordings.ended(event);
        return this.#tell(ended instanceof Promise ? await ended : ended);
      }
      default:
        // a host that a leg is leaving, or is not on yet, has nothing to say of it
        if (this.#legs.get(event.legId)?.place.slot === slot) this.events.emit(event);
    }
  }

  #tell(event: MediaEvent | undefined): void {
    if (event) this.events.emit(event);
  }

  #onLost(slot: HostSlot, reason: string): void {
    if (this.#closed) return;
    this.#figures.forget(slot.index);
    const isGone = (place: Place): boolean => place.slot === slot && place.generation !== slot.generation;
    const legIds: LegId[] = [];
    for (const leg of this.#legs.values()) {
      if (leg.target && isGone(leg.target)) this.#forgetTarget(leg);
      if (!isGone(leg.place)) continue;
      legIds.push(leg.legId);
      this.#bridges.drop(leg);
    }
    const playbackIds = [...this.#playbacks].filter(([, place]) => isGone(place)).map(([id]) => id);
    for (const id of playbackIds) this.#playbacks.delete(id);
    const recordings = this.#recordings.lost(isGone);
    this.lost.emit({ reason, legIds, playbackIds, recordingIds: recordings.map((r) => r.recordingId) });
    for (const file of recordings.flatMap((r) => r.files)) {
      repairRecording(file).catch((error: unknown) =>
        this.#warn("a track could not be mended", { file, error }),
      );
    }
  }

  #forgetTarget(leg: PlacedLeg): void {
    if (leg.target) leg.target.slot.legs--;
    leg.target = undefined;
  }
}

function placeOn(slot: HostSlot): Place {
  return { slot, generation: slot.generation };
}

function isFull(error: unknown): boolean {
  return error instanceof MediaError && error.code === "media.no_ports";
}
