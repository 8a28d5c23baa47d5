import { type LegId, SeededRandom } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { LocalMediaHost, type LocalMediaHostDeps } from "./local-media-host.ts";
import type { MediaEvent, MediaHostOptions } from "./media-host.ts";

/** A host on loopback whose clock the test moves, with everything it said. */
export interface TestHost {
  readonly host: LocalMediaHost;
  readonly clock: ManualClock;
  readonly events: MediaEvent[];
  /** Resolves with the first event of that type, past or to come. */
  next<T extends MediaEvent["type"]>(type: T, times?: number): Promise<Extract<MediaEvent, { type: T }>>;
  /** Waits until the host has taken or dropped `count` packets of a leg. */
  received(legId: LegId, count: number): Promise<void>;
}

export async function startTestHost(
  options: Partial<MediaHostOptions> = {},
  deps: Pick<LocalMediaHostDeps, "createTrack"> = {},
): Promise<TestHost> {
  const clock = new ManualClock();
  const host = await LocalMediaHost.start(
    { bindAddress: "127.0.0.1", rtpPorts: { min: 0, max: 0 }, webrtcPort: 0, ...options },
    { clock, random: new SeededRandom(7), ...deps },
  );
  const events: MediaEvent[] = [];
  host.events.on((event) => events.push(event));
  return {
    host,
    clock,
    events,
    received: async (legId, count) => {
      for (;;) {
        const { legs } = await host.request({ type: "stats" });
        const leg = legs.find((l) => l.legId === legId);
        if (leg && leg.packetsReceived + leg.packetsDropped >= count) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    next: (type, times = 1) =>
      new Promise((resolve) => {
        const look = (): boolean => {
          const found = events.filter((e) => e.type === type)[times - 1];
          if (found) resolve(found as never);
          return found !== undefined;
        };
        if (look()) return;
        const subscription = host.events.on(() => {
          if (look()) subscription.dispose();
        });
      }),
  };
}
