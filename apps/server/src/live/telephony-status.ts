import type { Alarm, DialTrial } from "@svara/contracts";
import type { Clock, Disposable, EndpointId, Instant, TrunkId } from "@svara/kernel";
import type { EmbeddedSwitch, Switch } from "@svara/telephony";
import type { PlannedCall } from "./call-gate.ts";
import type { LiveRuntime } from "./live-runtime.ts";
import type { TelephonyStatus } from "./live-service.ts";
import { TelephonyAlarms } from "./telephony-alarms.ts";

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
  readonly #alarms: TelephonyAlarms;
  readonly #listening: Disposable;
  readonly #alerts: Disposable;

  constructor(deps: { switch: EmbeddedSwitch; runtime: LiveRuntime; clock: Clock }) {
    this.#switch = deps.switch;
    this.#runtime = deps.runtime;
    this.#alarms = new TelephonyAlarms(deps.clock);
    this.#alerts = deps.runtime.dialAlerted.on((alert) => this.#alarms.dialAlerted(alert));
    this.#listening = deps.switch.events.on((event) => {
      this.#alarms.follow(event);
      if (event.type === "trunk.up") this.#seen.set(event.trunkId, { up: true, reason: null, at: event.at });
      if (event.type === "trunk.down")
        this.#seen.set(event.trunkId, { up: false, reason: event.reason, at: event.at });
    });
  }

  dispose(): void {
    this.#listening.dispose();
    this.#alerts.dispose();
  }

  trunksSeen(): ReturnType<TelephonyStatus["trunksSeen"]> {
    return [...this.#seen].map(([id, { up }]) => ({ id, up }));
  }

  tryNumber(call: PlannedCall): DialTrial {
    return this.#runtime.tryNumber(call);
  }

  alarms(): readonly Alarm[] {
    return this.#alarms.list();
  }

  load(): ReturnType<TelephonyStatus["load"]> {
    const { legs, bridges, recordings } = this.#switch.figures();
    return { legs, bridges, recordings };
  }

  bans(): ReturnType<TelephonyStatus["bans"]> {
    return this.#switch.bans();
  }

  unban(address: string): boolean {
    if (!this.#switch.bans().some((ban) => ban.address === address)) return false;
    const sw: Switch = this.#switch;
    sw.unban(address);
    this.#alarms.unbanned(address);
    return true;
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
