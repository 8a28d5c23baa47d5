/**
 * The import table of the design (section 3) as data: what each workspace may import of the others. A workspace that is
 * not named here may not exist; an arrow that is not named here is refused.
 */
export const IMPORT_TABLE: Readonly<Record<string, readonly string[]>> = {
  "packages/kernel": [],
  "packages/calendar": ["kernel"],
  "packages/ledger": ["kernel"],
  "packages/sip": ["kernel"],
  "packages/media": ["kernel"],
  "packages/telephony": ["kernel", "sip", "media"],
  "packages/conversation": ["kernel", "ledger"],
  "packages/routing": ["kernel", "calendar"],
  "packages/flows": ["kernel", "calendar"],
  "packages/dialing": ["kernel", "calendar"],
  "packages/insight": ["kernel", "calendar", "ledger"],
  "packages/workforce": ["kernel", "calendar", "ledger", "routing", "insight"],
  "packages/jobs": ["kernel", "workforce"],
  "packages/contracts": ["kernel", "ledger"],
  "apps/server": [
    "kernel",
    "calendar",
    "ledger",
    "sip",
    "media",
    "telephony",
    "conversation",
    "routing",
    "flows",
    "dialing",
    "insight",
    "workforce",
    "jobs",
    "contracts",
  ],
  "apps/web": ["kernel", "workforce", "contracts"],
  "apps/widget": ["kernel", "contracts"],
  "apps/cli": [
    "kernel",
    "calendar",
    "ledger",
    "media",
    "routing",
    "flows",
    "insight",
    "workforce",
    "jobs",
    "contracts",
    "server",
  ],
  bench: [
    "kernel",
    "calendar",
    "ledger",
    "sip",
    "media",
    "telephony",
    "conversation",
    "routing",
    "flows",
    "dialing",
    "insight",
    "workforce",
    "jobs",
    "contracts",
    "server",
  ],
};

/** Doors beside the main one and `testing`: a part of a package that stands for itself. */
export const FURTHER_DOORS: Readonly<Record<string, readonly string[]>> = {
  kernel: ["expression"],
  workforce: ["queueing", "staffing", "forecasting", "rostering"],
};

/** Packages that run in a browser tab and faster than time: no Node API and no foreign library. */
export const PURE_PACKAGES: readonly string[] = [
  "calendar",
  "ledger",
  "conversation",
  "routing",
  "flows",
  "dialing",
  "insight",
  "workforce",
];

/** Files that may use what their surroundings may not, each with its reason. */
export const EXEMPTIONS: readonly {
  readonly path: string;
  readonly what: string;
  readonly reason: string;
}[] = [
  {
    path: "packages/kernel/src/clock.ts",
    what: "ambient",
    reason: "the one place that reads the machine's clock",
  },
  {
    path: "packages/kernel/src/random.ts",
    what: "ambient",
    reason: "the one place that asks the machine for chance",
  },
  {
    path: "packages/dialing/src/destination.ts",
    what: "library:libphonenumber-js",
    reason:
      "the world's numbering plans are data; the library has no clock, no Node API and no state (ADR 0013)",
  },
  {
    path: "packages/media/src/outbox.ts",
    what: "ambient",
    reason: "the end of an event loop's turn is no time: what is said to another thread goes out once a turn",
  },
  {
    path: "packages/media/src/faulty-media-worker.ts",
    what: "ambient",
    reason: "a thread that breaks on purpose, for tests of its host",
  },
];
