import { type Clock, Disposables } from "@svara/kernel";
import type { HostSlot } from "./host-slot.ts";
import { MediaError } from "./media-error.ts";
import type { MediaHostOptions } from "./media-host.ts";

/** How long a leg waits for a host to come back when none runs. */
const HOST_WAIT_MS = 5_000;

/** The places of the pool: which of them takes a new leg. */
export class PoolSlots {
  readonly all: readonly HostSlot[];
  readonly #clock: Clock;

  constructor(all: readonly HostSlot[], clock: Clock) {
    this.all = all;
    this.#clock = clock;
  }

  get running(): readonly HostSlot[] {
    return this.all.filter((slot) => slot.isRunning);
  }

  /** The running host with the fewest legs; waits for one where all have died. Errors: `media.host_closed` when none comes. */
  async emptiest(): Promise<HostSlot> {
    let best: HostSlot | undefined;
    for (const slot of this.all) if (slot.isRunning && (!best || slot.legs < best.legs)) best = slot;
    return best ?? this.#nextRunning();
  }

  #nextRunning(): Promise<HostSlot> {
    return new Promise((resolve, reject) => {
      const waits = new Disposables();
      const give = (act: () => void): void => {
        waits.dispose();
        act();
      };
      for (const slot of this.all) waits.add(slot.back.on(() => give(() => resolve(slot))));
      const waitMs = this.all.some((slot) => slot.mayComeBack) ? HOST_WAIT_MS : 0;
      const refuse = (): void => reject(new MediaError("media.host_closed", "no media host runs"));
      waits.add(this.#clock.after(waitMs, () => give(refuse)));
    });
  }
}

/** Each host's part of the RTP ports, whole pairs, and its WebRTC port; fewer hosts than wished where ports are few. */
export function shareOut(common: MediaHostOptions, wished: number): MediaHostOptions[] {
  const { rtpPorts, webrtcPort } = common;
  const free = rtpPorts.max === 0;
  const first = rtpPorts.min + (rtpPorts.min & 1);
  const pairs = free ? wished : Math.max(1, (rtpPorts.max - first + 1) >> 1);
  const hosts = Math.max(1, Math.min(wished, pairs));
  const share = Math.floor(pairs / hosts);
  return Array.from({ length: hosts }, (_, i) => {
    const min = first + 2 * share * i;
    const max = i === hosts - 1 ? rtpPorts.max : min + 2 * share - 1;
    return {
      ...common,
      rtpPorts: free ? rtpPorts : { min, max },
      webrtcPort: webrtcPort === 0 ? 0 : webrtcPort + i,
    };
  });
}
