import type { Alarm } from "@svara/contracts";
import type { DialAlert } from "@svara/dialing";
import type { Clock, Instant } from "@svara/kernel";
import type { SwitchEvent } from "@svara/telephony";

/** After a success, or so long without another fault, an alarm is over. */
const QUIET_MS = 900_000;

/** An alert is not told again for an hour; a shift's administrator should see it. */
const DIAL_ALERT_MS = 8 * 3_600_000;

/**
 * What is wrong with the telephony although calls go on, told by the switch's own events: recordings that fail until one is
 * stored again, trunks that are down until they are up, media that were lost, addresses that are banned.
 */
export class TelephonyAlarms {
  readonly #clock: Clock;
  readonly #alarms = new Map<string, { alarm: Alarm; until?: Instant }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The newest first. */
  list(): readonly Alarm[] {
    const now = this.#clock.now();
    for (const [key, { until }] of this.#alarms)
      if (until !== undefined && until <= now) this.#alarms.delete(key);
    return [...this.#alarms.values()].map(({ alarm }) => alarm).sort((a, b) => b.lastAt - a.lastAt);
  }

  follow(event: SwitchEvent): void {
    const { at } = event;
    switch (event.type) {
      case "recording.failed":
        return this.#raise("recordings_fail", "recordings_fail", at, event.reason, {});
      case "recording.stored":
        this.#alarms.delete("recordings_fail");
        return;
      case "trunk.down":
        return this.#raise(`trunk ${event.trunkId}`, "trunk_down", at, event.reason, {
          trunkId: event.trunkId,
        });
      case "trunk.up":
        this.#alarms.delete(`trunk ${event.trunkId}`);
        return;
      case "leg.media_lost":
        return this.#raise("media_lost", "media_lost", at, "media_host", { until: at + QUIET_MS });
      case "source.banned":
        return this.#raise(`ban ${event.address}`, "source_banned", at, `${event.address} ${event.reason}`, {
          until: event.until,
        });
    }
  }

  /** Calls out are unusual; it stays for a shift. */
  dialAlerted({ kind, at, agentId, clientId, count }: DialAlert): void {
    this.#raise(`${kind} ${agentId ?? clientId}`, kind, at, String(count), {
      until: at + DIAL_ALERT_MS,
      ...(agentId === undefined ? {} : { agentId }),
    });
  }

  /** Somebody lifted the ban. */
  unbanned(address: string): void {
    this.#alarms.delete(`ban ${address}`);
  }

  #raise(
    key: string,
    code: Alarm["code"],
    at: Instant,
    detail: string,
    more: { readonly trunkId?: string; readonly agentId?: string; readonly until?: Instant },
  ): void {
    const before = this.#alarms.get(key)?.alarm;
    const { trunkId = null, agentId = null, until } = more;
    const count = (before?.count ?? 0) + 1;
    const alarm: Alarm = { code, since: before?.since ?? at, lastAt: at, count, detail, trunkId, agentId };
    this.#alarms.set(key, until === undefined ? { alarm } : { alarm, until });
  }
}
