import { Session } from "node:inspector/promises";

/** Shares of the processor time, the greatest first. */
export interface HotSpots {
  readonly parts: readonly { readonly part: string; readonly percent: number }[];
  readonly functions: readonly { readonly name: string; readonly percent: number }[];
}

/** What work spends its time on, by V8's sampling profiler. */
export async function hotSpots(work: () => void): Promise<HotSpots> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: 500 });
    await session.post("Profiler.start");
    work();
    const { profile } = await session.post("Profiler.stop");
    const spent = new Map<number, number>();
    profile.samples?.forEach((id, i) => {
      spent.set(id, (spent.get(id) ?? 0) + (profile.timeDeltas?.[i] ?? 0));
    });
    const parts = new Map<string, number>();
    const functions = new Map<string, number>();
    for (const { id, callFrame } of profile.nodes) {
      const time = spent.get(id) ?? 0;
      const part = partOf(callFrame.url, callFrame.functionName);
      parts.set(part, (parts.get(part) ?? 0) + time);
      const name = `${part}: ${callFrame.functionName || "(anonymous)"}`;
      functions.set(name, (functions.get(name) ?? 0) + time);
    }
    return {
      parts: top(parts, 12).map(([part, percent]) => ({ part, percent })),
      functions: top(functions, 12).map(([name, percent]) => ({ name, percent })),
    };
  } finally {
    session.disconnect();
  }
}

function partOf(url: string, name: string): string {
  const path = /packages\/(.+)$/.exec(url)?.[1];
  return path ?? (url === "" ? name || "(program)" : "other");
}

function top(spent: ReadonlyMap<string, number>, count: number): [string, number][] {
  const all = [...spent.values()].reduce((sum, time) => sum + time, 0);
  return [...spent]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([name, time]) => [name, Math.round((1000 * time) / all) / 10]);
}
