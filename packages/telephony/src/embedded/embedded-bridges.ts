import type { BridgeId, LegId } from "@svara/kernel";
import type { MediaHostPool, BridgeRole as MediaRole } from "@svara/media";
import { TelephonyError } from "../errors.ts";
import type { BridgeRole, SwitchEventBody } from "../switch.ts";
import type { EmbeddedLeg } from "./embedded-leg.ts";
import type { EndedIds } from "./ended-ids.ts";

interface Deps {
  readonly media: MediaHostPool;
  readonly ended: EndedIds;
  stopPlayback(playbackId: string): Promise<void>;
  emit(event: SwitchEventBody): void;
}

/** The bridges of the embedded switch, who is in them and as what. */
export class EmbeddedBridges {
  readonly #deps: Deps;
  readonly #bridges = new Map<BridgeId, Set<EmbeddedLeg>>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#bridges.size;
  }

  async create(bridgeId: BridgeId): Promise<void> {
    if (this.#bridges.has(bridgeId) || this.#deps.ended.has(bridgeId)) return;
    this.#bridges.set(bridgeId, new Set());
    await this.#deps.media.request({ type: "bridge.create", bridgeId });
  }

  async destroy(bridgeId: BridgeId): Promise<void> {
    const members = this.members(bridgeId);
    if (!members) return;
    for (const leg of members) this.drop(leg);
    this.#bridges.delete(bridgeId);
    this.#deps.ended.add(bridgeId);
    this.#deps.emit({ type: "bridge.destroyed", bridgeId });
    await this.#deps.media.request({ type: "bridge.destroy", bridgeId });
  }

  /** Undefined for a bridge that was. @throws TelephonyError for one that never was */
  members(bridgeId: BridgeId): ReadonlySet<EmbeddedLeg> | undefined {
    const members = this.#bridges.get(bridgeId);
    if (members || this.#deps.ended.has(bridgeId)) return members;
    throw new TelephonyError("telephony.unknown_bridge", `no bridge ${bridgeId}`);
  }

  /** Puts a leg with media into a bridge, moving it to the bridge's host first where it must be. */
  async join(bridgeId: BridgeId, leg: EmbeddedLeg, role: BridgeRole): Promise<void> {
    const was = leg.membership;
    if (was?.bridgeId === bridgeId && sameRole(was.role, role)) return;
    if (was?.bridgeId !== bridgeId) {
      this.drop(leg);
      this.#bridges.get(bridgeId)?.add(leg);
    }
    leg.membership = { bridgeId, role };
    if (leg.media.isElsewhere(bridgeId) && !(await leg.carryOver(bridgeId))) {
      if (leg.isOver || leg.membership?.bridgeId !== bridgeId) return;
      if (!(await this.#bringOthers(bridgeId, leg))) {
        this.drop(leg);
        throw new TelephonyError(
          "telephony.wrong_state",
          `leg ${leg.legId} cannot be moved to bridge ${bridgeId}`,
        );
      }
    }
    if (was?.bridgeId !== bridgeId && leg.playbackId) await this.#deps.stopPlayback(leg.playbackId);
    await this.enter(leg);
  }

  /** A leg that cannot be moved, since it is not answered yet: the others come to its host. */
  async #bringOthers(bridgeId: BridgeId, leg: EmbeddedLeg): Promise<boolean> {
    const others = [...(this.#bridges.get(bridgeId) ?? [])].filter((other) => other !== leg);
    if (leg.media.isLost || others.some((other) => !other.dialog)) return false;
    await this.#deps.media.bridgeTo(bridgeId, leg.legId);
    await Promise.all(
      others.map(async (other) => {
        if (await other.carryOver(bridgeId)) await this.enter(other);
        else other.failMedia("failed"); // it would sit in a bridge where nobody is
      }),
    );
    return true;
  }

  /** Tells the media where the leg is: after a join, or after its host was changed. */
  async enter(leg: EmbeddedLeg): Promise<void> {
    const { membership, legId } = leg;
    if (!membership || leg.isOver) return;
    const { bridgeId } = membership;
    try {
      await this.#deps.media.request({
        type: "bridge.join",
        bridgeId,
        legId,
        role: mediaRole(membership.role),
      });
    } catch (error) {
      // ended or moved on meanwhile, or to be carried over: then it joins again
      if (!leg.isOver && leg.membership === membership && !leg.media.isLost) throw error;
    }
  }

  async leave(bridgeId: BridgeId, leg: EmbeddedLeg): Promise<void> {
    if (leg.membership?.bridgeId !== bridgeId) return;
    this.drop(leg);
    await this.#deps.media
      .request({ type: "bridge.leave", bridgeId, legId: leg.legId })
      .catch(() => undefined);
  }

  /** Forgets a membership, which the media ends by itself. */
  drop(leg: EmbeddedLeg): void {
    if (!leg.membership) return;
    this.#bridges.get(leg.membership.bridgeId)?.delete(leg);
    leg.membership = undefined;
  }
}

function sameRole(a: BridgeRole, b: BridgeRole): boolean {
  if (a.type !== "whisper" || b.type !== "whisper") return a.type === b.type;
  const heardBy = new Set<LegId>(a.to);
  return a.to.length === b.to.length && b.to.every((legId) => heardBy.has(legId));
}

function mediaRole(role: BridgeRole): MediaRole {
  switch (role.type) {
    case "talk":
      return { type: "party" };
    case "listen":
      return { type: "listener" };
    case "whisper":
      return role;
  }
}
