import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Figure } from "../../report/figure.ts";
import { type CaseResult, rounded } from "../bench-case.ts";
import { perSecond } from "../per-second.ts";
import { type FloorSize, FullFloor } from "./full-floor.ts";
import { bareHeapLoop } from "./heap-loop.ts";

const LARGE = { agents: 10_000, queues: 300, skills: 200, waiting: 100_000 } as const;
const BATCH = 50; // calls between two looks at the clock

/** Events of the router a second: by the size of the floor, by the length of the line, and what a waiting item weighs. */
export function routing(): CaseResult {
  const heapLoop = bareHeapLoop();
  const peer = { value: heapLoop, note: "a bare heap loop without routing, same run" };
  const events = (id: string, what: string, size: FloorSize): Figure => ({
    id: `routing.${id}`,
    what,
    value: eventsPerSecond(size),
    unit: "events/s",
    better: "higher",
    conditions: conditionsOf(size),
    peer,
  });
  const small = { agents: 100, queues: 1, waiting: 1_000 };
  const figures = [
    events("small.pure", "one queue, as the simulator drives it", { ...small, live: false }),
    events("small.live", "one queue, explained and journalled", { ...small, live: true }),
    events("large.pure", "large centre, as the simulator drives it", { ...LARGE, live: false }),
    events("large.live", "large centre, explained and journalled", { ...LARGE, live: true }),
    events("large.steps", "large centre, items age and criteria relax", {
      ...LARGE,
      steps: true,
      live: true,
    }),
    ...[10, 100, 1_000, 10_000].map((agents) => {
      const size = { agents, queues: Math.max(1, agents / 50), waiting: agents * 10, live: true };
      return events(`agents.${agents}`, `curve: ${agents} agents`, size);
    }),
    ...[10, 100, 1_000, 10_000, 100_000, 1_000_000].map((waiting) =>
      events(`waiting.${waiting}`, `curve: ${waiting} waiting`, {
        agents: 100,
        queues: 1,
        waiting,
        live: true,
      }),
    ),
    memory(),
  ];
  return { group: { title: "Router (one thread)", figures }, detail: { bareHeapLoop: heapLoop } };
}

function eventsPerSecond(size: FloorSize): number {
  const floor = new FullFloor(size);
  return perSecond(() => {
    const before = floor.events;
    for (let n = 0; n < BATCH; n++) floor.nextCall();
    return floor.events - before;
  });
}

const WEIGHED = 200_000;

function memory(): Figure {
  const size = { ...LARGE, live: true };
  const floor = new FullFloor(size);
  const before = heapBytes();
  floor.arrive(WEIGHED);
  const bytes = (heapBytes() - before) / WEIGHED;
  floor.nextCall(); // the floor is still needed here, so that nothing of it was collected before
  return {
    id: "routing.memory",
    what: "memory of a waiting item",
    value: rounded(bytes / 1024, 2),
    unit: "KB",
    better: "lower",
    conditions: `${conditionsOf(size)}, ${WEIGHED} items more, all data of the item included`,
  };
}

/** What lives after everything that can be collected was. */
function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

function conditionsOf({ agents, queues, skills, waiting }: FloorSize): string {
  const of = skills === undefined ? "" : `, ${skills} skills`;
  return `${agents} agents, ${queues} ${queues === 1 ? "queue" : "queues"}${of}, ${waiting} waiting`;
}
