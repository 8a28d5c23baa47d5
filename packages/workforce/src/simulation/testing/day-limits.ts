import type { Distribution } from "../distribution.ts";
import { agents, exponential, floor, NEVER, queue, stream, UNIT_MS } from "./floors.ts";
import { type KnownLimit, weighted } from "./known-limit.ts";

/** A day of 480 minutes that begins empty, 4.2 calls a minute of 2 minutes, 12 agents; after closing the queue is served. */
function day(options: {
  readonly name: string;
  readonly patience: Distribution;
  readonly room?: number;
  readonly expected: Readonly<Record<string, number>>;
}): KnownLimit {
  return {
    name: `a whole day: ${options.name}`,
    source:
      "Kolmogorov's forward equations; the example programs of ContactCenters (Universite de Montreal), 1000 days each",
    warmUpMs: 0,
    scenario: (lengthMs) =>
      floor({
        lengthMs,
        queues: [
          queue(
            "q",
            options.room === undefined
              ? {}
              : {
                  overflow: [
                    { id: "full", afterMs: 0, lengthOver: options.room - 1, to: { kind: "hang_up" } },
                  ],
                },
          ),
        ],
        staff: agents("a", 12),
        arrivals: [stream("q", 4.2 * 60, { talk: exponential(120_000), patience: options.patience })],
      }),
    expected: options.expected,
    measured: ({ total, agents: groups }) => ({
      inTarget: total.answeredWithin,
      abandoned: total.abandoned,
      blocked: total.flowOut,
      waitMinutes: weighted([[1 / UNIT_MS, total.meanWaitMs]]),
      occupancy: groups.get("all")?.occupancy,
    }),
  };
}

export const DAY_MS = 480 * 60_000;

export const DAY_PATIENT = day({
  name: "everybody waits",
  patience: NEVER,
  expected: {
    inTarget: 1815.2717371103085,
    waitMinutes: 0.10068074101751451,
    occupancy: 0.6969343494877199,
  },
});

export const DAY_IMPATIENT = day({
  name: "patience of a minute",
  patience: exponential(60_000),
  expected: {
    inTarget: 1906.7188944477216,
    abandoned: 59.263218374064984,
    waitMinutes: 0.029396437685548105,
    occupancy: 0.6765583441796216,
  },
});

export const DAY_SMALL_ROOM = day({
  name: "a waiting room of five",
  patience: NEVER,
  room: 5,
  expected: { inTarget: 1854.0688017695531, blocked: 18.863313795857078, occupancy: 0.6904729177284237 },
});
