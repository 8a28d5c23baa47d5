import * as fs from "node:fs";

/** One PostgreSQL on which the data layer's tests run. */
export interface ServerKind {
  readonly name: string;
  /** Its binaries; those of the npm package when not given. */
  readonly binDir?: string;
  readonly present: boolean;
}

const OLDEST = "/usr/lib/postgresql/15/bin";

/** The embedded server, and the oldest version that we support where it is installed. */
export const SERVER_KINDS: readonly ServerKind[] = [
  { name: "embedded", present: true },
  { name: "PostgreSQL 15", binDir: OLDEST, present: fs.existsSync(OLDEST) },
];
