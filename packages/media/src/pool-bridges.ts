import type { BridgeId } from "@svara/kernel";
import { MediaError } from "./media-error.ts";
import type { MediaCommand } from "./media-host.ts";
import { isLive, type Place, type PlacedLeg } from "./placed-leg.ts";

type JoinCommand = Extract<MediaCommand, { readonly type: "bridge.join" }>;

interface PooledBridge {
  /** Decided by the first leg that joins. */
  place: Place | undefined;
  readonly members: Set<PlacedLeg>;
}

/** The bridges of the pool. Each lives on the host of its first leg; one without legs is nowhere. */
export class PoolBridges {
  readonly #bridges = new Map<BridgeId, PooledBridge>();

  create(bridgeId: BridgeId): void {
    if (!this.#bridges.has(bridgeId)) this.#bridges.set(bridgeId, { place: undefined, members: new Set() });
  }

  /** Where a bridge is, on a host that lives. */
  placeOf(bridgeId: BridgeId): Place | undefined {
    return living(this.#bridges.get(bridgeId));
  }

  /** Decides where a bridge is that is nowhere yet. */
  claim(bridgeId: BridgeId, place: Place): void {
    const bridge = this.#bridges.get(bridgeId);
    if (bridge && !living(bridge)) bridge.place = place;
  }

  /** Errors: `media.unknown_bridge`; `media.wrong_state` for a leg of another host. */
  join(command: JoinCommand, leg: PlacedLeg): Promise<Record<string, never>> {
    const { bridgeId, legId } = command;
    const bridge = this.#bridges.get(bridgeId);
    if (!bridge) throw new MediaError("media.unknown_bridge", `no bridge ${bridgeId}`);
    const { place } = leg;
    const at = living(bridge);
    if (at && at.slot !== place.slot)
      throw new MediaError("media.wrong_state", `leg ${legId} and bridge ${bridgeId} are on different hosts`);
    bridge.place = place;
    if (leg.bridgeId !== bridgeId) {
      this.drop(leg);
      leg.bridgeId = bridgeId;
      bridge.members.add(leg);
    }
    place.slot.request({ type: "bridge.create", bridgeId }).catch(() => undefined);
    return place.slot.request(command);
  }

  async leave(bridgeId: BridgeId, leg: PlacedLeg): Promise<Record<string, never>> {
    if (leg.bridgeId !== bridgeId) return {};
    const { legId, place } = leg;
    const left = leg.isLost ? {} : await place.slot.request({ type: "bridge.leave", bridgeId, legId });
    if (leg.bridgeId === bridgeId) this.drop(leg);
    return left;
  }

  /** Forgets that a leg is in its bridge, which its host ends by itself. */
  drop(leg: PlacedLeg): void {
    const { bridgeId } = leg;
    leg.bridgeId = undefined;
    const bridge = bridgeId === undefined ? undefined : this.#bridges.get(bridgeId);
    if (!bridge || bridgeId === undefined || !bridge.members.delete(leg) || bridge.members.size > 0) return;
    const place = living(bridge);
    bridge.place = undefined;
    place?.slot.request({ type: "bridge.destroy", bridgeId }).catch(() => undefined);
  }

  async destroy(bridgeId: BridgeId): Promise<Record<string, never>> {
    const bridge = this.#bridges.get(bridgeId);
    this.#bridges.delete(bridgeId);
    for (const leg of bridge?.members ?? []) leg.bridgeId = undefined;
    return (await living(bridge)?.slot.request({ type: "bridge.destroy", bridgeId })) ?? {};
  }

  /** Makes this the bridge's place; its members are in it no more until they are moved and join again. */
  async moveTo(bridgeId: BridgeId, place: Place): Promise<void> {
    const bridge = this.#bridges.get(bridgeId);
    const old = living(bridge);
    if (!bridge || old?.slot === place.slot) return;
    for (const leg of bridge.members) leg.bridgeId = undefined;
    bridge.members.clear();
    bridge.place = place;
    await old?.slot.request({ type: "bridge.destroy", bridgeId }).catch(() => undefined);
  }
}

function living(bridge: PooledBridge | undefined): Place | undefined {
  return bridge?.place && isLive(bridge.place) ? bridge.place : undefined;
}
