import type { Clock, Disposable, EndpointId, Instant, TrunkId } from "@svara/kernel";
import type { EmbeddedSwitch } from "@svara/telephony";
import type { LiveRuntime } from "./live-runtime.ts";
import type { TelephonyStatus } from "./live-service.ts";

interface TrunkSeen {
  readonly up: boolean;
  readonly reason: string | null;
  readonly at: Instant;
}

/** What the office shows of lines and phones as they are now. */
export class LiveTelephony implements TelephonyStatus, Disposable {
  readonly #switch: EmbeddedSwitch;
  readonly #runtime: LiveRuntime;
  readonly #seen = new Map<TrunkId, TrunkSeen>();
  readonly #listening: Disposable;

  constructor(deps: { switch: EmbeddedSwitch; runtime: LiveRuntime; clock: Clock }) {
    this.#switch = deps.switch;
    this.#runtime = deps.runtime;
    this.#listening = deps.switch.events.on((event) => {
      if (event.type === "trunk.up") this.#seen.set(event.trunkId, { up: true, reason: null, at: event.at });
      if (event.type === "trunk.down")
        this.#seen.set(event.trunkId, { up: false, reason: event.reason, at: event.at });
    });
  }

  dispose(): void {
    this.#listening.dispose();
  }

  async trunk(id: TrunkId): ReturnType<TelephonyStatus["trunk"]> {
    const legs = await this.#switch.listLegs();
    const calls = legs.filter((leg) => leg.party.kind === "trunk" && leg.party.trunkId === id).length;
    const trunk = this.#runtime.model.trunks.get(id);
    const seen = this.#seen.get(id);
    return {
      calls,
      registration: !trunk?.register
        ? "none"
        : seen === undefined
          ? "registering"
          : seen.up
            ? "registered"
            : "failed",
      reachable: trunk?.peer ? (seen?.up ?? null) : null,
      detail: seen?.reason ?? null,
      checkedAt: seen?.at ?? null,
    };
  }

  phone(id: EndpointId): ReturnType<TelephonyStatus["phone"]> {
    const binding = this.#switch.bindingOf(id);
    return {
      registered: binding !== undefined,
      contact: binding?.contact ?? null,
      userAgent: binding?.userAgent ?? null,
      expiresAt: binding?.expiresAt ?? null,
    };
  }
}
